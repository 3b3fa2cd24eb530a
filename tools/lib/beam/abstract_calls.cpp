// Calls in the abstract format (ERTS User's Guide, "The Abstract Format"), counted as
// xref_reader.erl counts them after erl_expand_records, which makes calls of imported functions
// remote ones and writes out the default values of records.
//
// The forms stay encoded, see ExternalView: they are large, and a list of ten thousand elements is
// a cons nested ten thousand deep. So the last element of a tuple is walked in a loop.
#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "beam/calls.h"
#include "sys/error.h"
#include "term/external_view.h"

namespace relmk::beam {

namespace {

using View = term::ExternalView;
using Views = std::vector<View>;

constexpr int kDeepestExpression = 5000;
// Each as often as it is written out: the values of records' fields, and what a variable is bound
// to, may double each other.
constexpr size_t kMostExpressions = 100'000;
constexpr size_t kMostExpressionsPerByte = 64;

// For a function that calls what it is given as module, name and list of arguments: which of its
// arguments the module is.
std::optional<size_t> module_argument(std::string_view module, std::string_view name,
                                      size_t arity) {
  if (module != "erlang") return {};
  if (name == "apply" && arity == 3) return 0;
  const bool has_options = name == "spawn_opt";
  if (name != "spawn" && name != "spawn_link" && !has_options) return {};
  const size_t without_options = arity - (has_options ? 1 : 0);
  if (without_options == 3) return 0;
  if (without_options == 4) return 1;  // a node goes first
  return {};
}

// The elements of a tuple or list.
Views elements(const View& sequence) {
  Views all;
  const uint32_t size = sequence.size();
  for (uint32_t i = 0; i < size; ++i)
    all.push_back(i == 0 ? sequence.first() : all.back().next());
  return all;
}

// X of {Tag, Anno, X}.
std::optional<View> value_of(const View& node, std::string_view tag) {
  if (!node.is_tagged(tag, 3)) return {};
  return node.element(2);
}

std::optional<Atom> atom_of(const View& node) {
  const auto value = value_of(node, "atom");
  if (!value || !value->is_atom()) return {};
  return value->atom();
}

class Reader {
 public:
  // `size` of the forms, in bytes.
  Reader(Atom module, size_t size)
      : module_(module),
        caller_{module, module, 0},
        most_expressions_(kMostExpressions + size * kMostExpressionsPerByte) {}
  std::vector<Call> calls(const View& forms);

 private:
  struct Field {
    Atom name;
    std::optional<View> initial;
  };
  using Function = std::pair<std::string, size_t>;

  // One expression more, within those around it.
  class Visit {
   public:
    explicit Visit(Reader& reader);
    Visit(const Visit&) = delete;
    Visit& operator=(const Visit&) = delete;
    ~Visit() { --reader_.depth_; }

   private:
    Reader& reader_;
  };

  void declare(const View& form);
  void declare_import(const View& import);
  void declare_record(const View& record);
  void function(const View& form);

  // Each returns what follows the term.
  View expression(View node);
  View sequence(View first, uint32_t count);
  View clause(const View& node);
  View call(const View& node);
  View match(const View& node, bool may_bind);
  View fun(const View& node);
  View record(const View& node);

  void all(const Views& nodes);
  View remote_call(Atom module, Atom name, const View& list);
  void remote_call(Atom module, Atom name, const Views& arguments);
  void called(Atom module, Atom name, size_t arity);
  std::optional<Views> known_list(View list) const;

  Atom module_;
  FunctionName caller_;
  std::set<Function> local_;
  std::map<Function, Atom> imported_;
  std::map<std::string, std::vector<Field>> records_;
  std::set<std::string> initialized_;  // records within whose initial values we are
  std::vector<std::pair<std::string_view, View>> bound_;  // variables and what they match
  std::vector<Call> calls_;
  int depth_ = 0;
  const size_t most_expressions_;
  size_t visited_ = 0;
};

Reader::Visit::Visit(Reader& reader) : reader_(reader) {
  if (++reader.visited_ > reader.most_expressions_)
    throw Error(fmt::format("its expressions are more than {} when they are written out",
                            reader.most_expressions_));
  if (reader.depth_ == kDeepestExpression)
    throw Error(fmt::format("an expression is nested more than {} deep", kDeepestExpression));
  ++reader.depth_;
}

std::vector<Call> Reader::calls(const View& forms) {
  const Views all_forms = elements(forms);
  for (const View& form : all_forms)
    declare(form);
  for (const View& form : all_forms)
    function(form);
  return std::move(calls_);
}

void Reader::declare(const View& form) {
  if (form.is_tagged("function", 5)) {
    if (const auto arity = form.element(3).integer())
      local_.emplace(form.element(2).atom().text(), *arity);
  } else if (form.is_tagged("attribute", 4)) {
    if (form.element(2).is_atom("import")) declare_import(form.element(3));
    if (form.element(2).is_atom("record")) declare_record(form.element(3));
  }
}

void Reader::declare_import(const View& import) {
  if (!import.is_tuple(2) || !import.element(1).is_list()) return;
  for (const View& function : elements(import.element(1))) {
    if (!function.is_tuple(2)) continue;
    if (const auto arity = function.element(1).integer())
      imported_.emplace(Function(function.element(0).atom().text(), *arity),
                        import.element(0).atom());
  }
}

void Reader::declare_record(const View& record) {
  if (!record.is_tuple(2) || !record.element(1).is_list()) return;
  std::vector<Field> fields;
  for (View field : elements(record.element(1))) {
    if (field.is_tagged("typed_record_field", 3)) field = field.element(1);
    if (!field.is_tagged("record_field")) continue;
    const auto name = atom_of(field.element(2));
    if (!name) continue;
    fields.push_back({*name, {}});
    if (field.size() == 4) fields.back().initial = field.element(3);
  }
  records_[record.element(0).atom().text()] = std::move(fields);
}

void Reader::function(const View& form) {
  if (!form.is_tagged("function", 5)) return;
  const Atom name = form.element(2).atom();
  const int64_t arity = form.element(3).integer().value_or(0);
  if (name.text() == "module_info" && arity <= 1) return;
  caller_ = {module_, name, static_cast<unsigned>(arity)};
  bound_.clear();
  expression(form.element(4));
}

View Reader::sequence(View first, uint32_t count) {
  for (; count > 0; --count)
    first = expression(first);
  return first;
}

View Reader::expression(View node) {
  const Visit visit(*this);
  while (node.is_tuple() && node.size() > 0) {
    const uint32_t size = node.size();
    const View first = node.first();
    const std::string_view tag = first.is_atom() ? first.atom_text() : std::string_view();
    if (tag == "clause" && size == 5) return clause(node);
    if (tag == "call" && size == 4) return call(node);
    if (tag == "match" && size == 4) return match(node, true);
    if (tag == "fun" && size == 3) return fun(node);
    if (tag == "record" && size == 4) return record(node);
    const bool has_pattern = tag == "maybe_match" || tag.find("generate") != tag.npos;
    if (has_pattern && size == 4) return match(node, false);
    node = sequence(first, size - 1);
  }
  if (!node.is_list() || node.size() == 0) return node.next();
  return sequence(node.first(), node.size()).next();
}

void Reader::all(const Views& nodes) {
  for (const View& node : nodes)
    expression(node);
}

// {clause, Anno, Head, Guard, Body}; heads and guards call nothing but BIFs.
View Reader::clause(const View& node) {
  const size_t bound_before = bound_.size();
  const View end = expression(node.element(4));
  bound_.erase(bound_.begin() + static_cast<std::ptrdiff_t>(bound_before), bound_.end());
  return end;
}

// {_, Anno, Pattern, Expression}
View Reader::match(const View& node, bool may_bind) {
  const View pattern = node.element(2);
  const View value = pattern.next();
  if (const auto variable = value_of(pattern, "var"); may_bind && variable && variable->is_atom())
    bound_.emplace_back(variable->atom_text(), value);
  return expression(value);
}

// {'fun', Anno, {function, Module, Name, Arity}}, all three literals; other funs call nothing by
// being made, or have clauses.
View Reader::fun(const View& node) {
  const View what = node.element(2);
  if (what.is_tagged("function", 4)) {
    const auto module = atom_of(what.element(1));
    const auto name = atom_of(what.element(2));
    const auto arity = value_of(what.element(3), "integer");
    if (module && name && arity && arity->integer())
      called(*module, *name, static_cast<size_t>(*arity->integer()));
  }
  return expression(what);
}

// {record, Anno, Name, Fields}: what is not among the fields has its initial value.
View Reader::record(const View& node) {
  const View name = node.element(2);
  const View fields = name.next();
  const auto known = name.is_atom() ? records_.find(name.atom().text()) : records_.end();
  if (known == records_.end() || !fields.is_list() || !initialized_.insert(known->first).second)
    return expression(fields);
  std::vector<Atom> given;
  bool gives_all = false;
  for (const View& field : elements(fields)) {
    if (!field.is_tagged("record_field", 4)) continue;
    const auto field_name = atom_of(field.element(2));
    if (field_name) given.push_back(*field_name);
    gives_all = gives_all || !field_name;  // _ = Value
  }
  for (const Field& field : known->second) {
    const bool is_given = std::find(given.begin(), given.end(), field.name) != given.end();
    if (field.initial && !is_given && !gives_all) expression(*field.initial);
  }
  initialized_.erase(known->first);
  return expression(fields);
}

// {call, Anno, Function, Arguments}
View Reader::call(const View& node) {
  const View function = node.element(2);
  const View list = function.next();
  if (!list.is_list()) return node.next();
  if (const auto name = atom_of(function)) {
    const Function local(name->text(), list.size());
    const auto import = imported_.find(local);
    const bool is_constant = name->text() == "record_info" && list.size() == 2;
    if (local_.count(local) > 0 || is_constant) return expression(list);
    return remote_call(import != imported_.end() ? import->second : Atom("erlang"), *name, list);
  }
  if (function.is_tagged("remote", 4)) {
    const auto module = atom_of(function.element(2));
    const auto name = atom_of(function.element(3));
    if (module && name) return remote_call(*module, *name, list);
  }
  const auto target = function.is_tagged("tuple", 3) ? value_of(function, "tuple") : std::nullopt;
  if (target && target->is_list() && target->size() == 2) {  // {M, F}(…), of old
    const auto module = atom_of(target->element(0));
    const auto name = atom_of(target->element(1));
    if (module && name) return remote_call(*module, *name, list);
  }
  expression(function);
  return expression(list);
}

// Most calls' arguments are walked once only.
View Reader::remote_call(Atom module, Atom name, const View& list) {
  if (!module_argument(module.text(), name.text(), list.size())) {
    called(module, name, list.size());
    return expression(list);
  }
  remote_call(module, name, elements(list));
  return list.next();
}

void Reader::remote_call(Atom module, Atom name, const Views& arguments) {
  const Visit visit(*this);
  called(module, name, arguments.size());
  const auto given = module_argument(module.text(), name.text(), arguments.size());
  if (!given) return all(arguments);
  const auto given_module = atom_of(arguments[*given]);
  const auto given_name = atom_of(arguments[*given + 1]);
  const auto given_arguments = known_list(arguments[*given + 2]);
  if (!given_module || !given_name || !given_arguments) return all(arguments);
  if (*given > 0) expression(arguments[0]);
  for (size_t i = *given + 3; i < arguments.size(); ++i)
    expression(arguments[i]);
  remote_call(*given_module, *given_name, *given_arguments);
}

// The elements of a list that is written out, or bound to a variable.
std::optional<Views> Reader::known_list(View list) const {
  Views all;
  for (size_t lookups = 0; lookups <= bound_.size();) {
    if (list.is_tagged("nil", 2)) return all;
    if (list.is_tagged("cons", 4)) {
      all.push_back(list.element(2));
      list = all.back().next();
      continue;
    }
    const auto variable = value_of(list, "var");
    if (!variable || !variable->is_atom()) return {};
    const auto at = std::find_if(bound_.rbegin(), bound_.rend(), [&](const auto& bound) {
      return bound.first == variable->atom_text();
    });
    if (at == bound_.rend()) return {};
    list = at->second;
    ++lookups;
  }
  return {};
}

void Reader::called(Atom module, Atom name, size_t arity) {
  calls_.push_back({caller_, {module, name, static_cast<unsigned>(arity)}});
}

}  // namespace

std::vector<Call> abstract_calls(Atom module, const std::string& forms) {
  return Reader(module, forms.size()).calls(View(forms));
}

}  // namespace relmk::beam
