#include "eval/evaluate/script.h"

#include <fmt/core.h>
#include <stdlib.h>
#include <unistd.h>

#include <new>
#include <optional>

#include "eval/evaluate/evaluator.h"
#include "eval/evaluate/handover.h"
#include "eval/evaluate/stack.h"
#include "eval/library/support.h"
#include "eval/syntax/lint.h"
#include "eval/syntax/parser.h"
#include "sys/memory_bound.h"
#include "term/depth.h"
#include "term/print.h"
#include "term/scanner.h"

namespace relmk::eval {
namespace {

constexpr int kFirstWithMapComprehensions = 26;
constexpr int kFirstWithMaybe = 27;

// Words and quotes that mean one thing in some releases and another in others.
void refuse_what_releases_disagree_on(const std::u32string& text, int otp_release) {
  const auto holds = [&](std::u32string_view part) {
    return text.find(part) != std::u32string::npos;
  };
  if (otp_release < kFirstWithMaybe && holds(U"\"\"\"")) throw UnknownToEvaluator("three quotes");
  if (otp_release == 0 && (holds(U"maybe") || holds(U"else"))) throw UnknownToEvaluator("maybe");
}

ParsedScript parse(const fs::path& file, int otp_release) {
  const std::string bytes = sys::read_file(file);
  std::u32string text;
  try {
    text = term::decode_source(file.string(), bytes);
  } catch (const Error&) {
    throw UnknownToEvaluator("the encoding of the script");
  }
  refuse_what_releases_disagree_on(text, otp_release);
  const ParserOptions options{
      .maybe = otp_release >= kFirstWithMaybe,
      .map_comprehensions = otp_release >= kFirstWithMapComprehensions,
      .sigils = otp_release >= kFirstWithMaybe,
  };
  return parse_script(file.string(), std::move(text), options);
}

void add_names(VariableNames& names, const Bindings& bindings, const Bindings& before) {
  for (const Atom name : bindings.names_since(before))
    names.add_new(name, Standing::Bound);
}

// Finds what has to be left to a VM before anything is evaluated.
void refuse_unknown(const ParsedScript& script, const Bindings& bindings, int otp_release) {
  VariableNames names;
  add_names(names, bindings, {});
  for (const ScriptForm& form : script.forms)
    lint_form(form, names, otp_release);
}

// `names` are those of `bindings`.
Term evaluate_form(Evaluator& evaluator, const ScriptForm& form, Bindings& bindings,
                   VariableNames& names) {
  VariableNames found = names;
  if (const auto unbound = lint_form(form, found, evaluator.otp_release())) {
    // Later releases may guess which variable was meant.
    if (evaluator.otp_release() == 0 || evaluator.otp_release() > 25) {
      throw UnknownToEvaluator("the unbound variable " + unbound->name.text());
    }
    throw Raised(Atom("error"), Term::tuple({Term::atom("unbound_var"), unbound->name}), Term(),
                 unbound->at);
  }
  Bindings after = bindings;
  Term value = evaluator.evaluate_all(form.body, after);
  add_names(names, after, bindings);
  bindings = after;
  return value;
}

Error failed(const fs::path& file, const Raised& raised, const ScriptForm& form) {
  const Position at = raised.position() ? raised.position() : form.body.front()->at;
  return Error(
      file.string(), at,
      fmt::format("evaluation failed with reason {}:{}", raised.exception_class().text(),
                  term::print_pretty(raised.reason(), {.unicode = true, .width = 1 << 20})));
}

// As file:script/2: a form that fails does not keep later ones from being evaluated, and the first
// error is the one that counts.
Term evaluate_forms(Evaluator& evaluator, const fs::path& file, const ParsedScript& script,
                    Bindings& bindings) {
  std::optional<Term> last;
  std::optional<Error> first_error;
  VariableNames names;
  add_names(names, bindings, {});
  for (const ScriptForm& form : script.forms) {
    try {
      last = evaluate_form(evaluator, form, bindings, names);
    } catch (const Raised& raised) {
      if (has_uncertain_shape(raised.reason()))
        throw UnknownToEvaluator("an error that tells iodata or a stack");
      if (!first_error) first_error = failed(file, raised, form);
    }
  }
  if (first_error) throw *first_error;
  if (script.error) throw *script.error;
  if (!last) throw Error(file.string(), "no value returned from script");
  return *last;
}

// What a script may change of this process, and must find unchanged where erl evaluates it anew.
class Surroundings {
 public:
  Surroundings() {
    for (char** variable = environ; *variable != nullptr; ++variable)
      environment_.emplace_back(*variable);
  }
  void restore() const {
    fs::current_path(directory_);
    ::clearenv();
    for (const std::string& variable : environment_) {
      const size_t end = variable.find('=');
      ::setenv(variable.substr(0, end).c_str(), variable.substr(end + 1).c_str(), 1);
    }
  }

 private:
  fs::path directory_ = fs::current_path();
  std::vector<std::string> environment_;
};

// A value whose parts are shared is small in memory, while what walks it, or writes it down, meets
// each part as often as it is named: sixty lines of a script can double one sixty times.
constexpr size_t kMostElementsOfValue = size_t{16} << 20;

void refuse_large(const fs::path& file, const Term& value) {
  size_t elements = 0;
  std::vector<const Term*> open = {&value};
  while (!open.empty()) {
    const Term& term = *open.back();
    open.pop_back();
    if (++elements > kMostElementsOfValue)
      throw Error(file.string(), fmt::format("the script's value has more than {} elements",
                                             kMostElementsOfValue));
    if (term.is_map()) {
      for (const auto& [key, part] : term.entries())
        open.insert(open.end(), {&key, &part});
    } else if (term.is_tuple() || term.is_list()) {
      for (const Term& element : term.elements())
        open.push_back(&element);
      if (term.is_list() && term.tail() != nullptr) open.push_back(term.tail());
    }
  }
}

// What only means something within the VM that made it. (Funs do, too; but a fun of erl's is no
// more than ours to whoever reads a configuration, and ours has a position.)
bool is_bound_to_vm(const Term& term) {
  if (term.kind() == term::TermKind::Reference) return true;
  if (term.is_map()) {
    for (const auto& [key, value] : term.entries()) {
      if (is_bound_to_vm(key) || is_bound_to_vm(value)) return true;
    }
    return false;
  }
  if (!term.is_tuple() && !term.is_list()) return false;
  for (const Term& element : term.elements()) {
    if (is_bound_to_vm(element)) return true;
  }
  return term.is_list() && term.tail() != nullptr && is_bound_to_vm(*term.tail());
}

Term evaluate_natively(Evaluator& evaluator, const fs::path& file, const ScriptBindings& given,
                       const ScriptOptions& options) {
  Bindings bindings;
  for (const auto& [name, value] : given)
    bindings.add(Atom(name), value);
  const ParsedScript script = parse(file, evaluator.otp_release());
  refuse_unknown(script, bindings, evaluator.otp_release());
  Term value;
  try {
    const sys::MemoryBound bound(options.most_memory);
    value = evaluate_forms(evaluator, file, script, bindings);
  } catch (Error& error) {
    print_output(options, evaluator.output());
    throw std::move(error).in_file(file.string());
  } catch (const std::bad_alloc&) {
    print_output(options, evaluator.output());
    if (options.most_memory == 0) throw;
    throw too_large("the script", options).in_file(file.string());
  } catch (const Halted& halted) {
    print_output(options, evaluator.output());
    throw Error(file.string(), fmt::format("the script halted with code {}", halted.code()));
  }
  refuse_large(file, value);
  if (is_bound_to_vm(value)) throw UnknownToEvaluator("a value that only a VM can hold");
  if (has_uncertain_shape(value))
    throw UnknownToEvaluator("iodata or a stack as the script's value");
  print_output(options, evaluator.output());
  return value;
}

}  // namespace

std::optional<Term> Evaluator::evaluate_nested(const fs::path& file, Bindings bindings) {
  const ParsedScript script = parse(file, otp_release_);
  refuse_unknown(script, bindings, otp_release_);
  try {
    return evaluate_forms(*this, file, script, bindings);
  } catch (const Error&) {
    return {};
  }
}

Term evaluate_script(const fs::path& file, const ScriptBindings& bindings,
                     const ScriptOptions& options) {
  Term value;
  Evaluator evaluator(options);
  const Surroundings before;
  try {
    run_on_large_stack([&] { value = evaluate_natively(evaluator, file, bindings, options); });
  } catch (const UnknownToEvaluator& unknown) {
    if (options.handed_over) options.handed_over(unknown.name());
    before.restore();
    value = hand_over_to_erl(file, bindings, options, evaluator.performed());
  }
  if (term::depth_of(value) > term::kDeepestTerm) {
    throw Error(file.string(),
                fmt::format("the script's value is nested more than {} deep", term::kDeepestTerm));
  }
  return value;
}

}  // namespace relmk::eval
