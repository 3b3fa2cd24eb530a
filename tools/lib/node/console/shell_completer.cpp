#include "node/console/shell_completer.h"

#include <algorithm>
#include <limits>

#include "term/character_data.h"
#include "term/print.h"

namespace relmk::node {
namespace {

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '@' || static_cast<unsigned char>(c) >= 0x80;
}

bool starts_variable(const std::string& word) {
  return !word.empty() && ((word[0] >= 'A' && word[0] <= 'Z') || word[0] == '_');
}

std::string word_before(const std::string& text, size_t end) {
  size_t begin = end;
  while (begin > 0 && is_word_character(text[begin - 1]))
    --begin;
  return text.substr(begin, end - begin);
}

// The `#{` that is open at the end of the text; npos when none is.
size_t open_map(const std::string& text) {
  int closed = 0;
  for (size_t i = text.size(); i-- > 0;) {
    if (text[i] == '}') ++closed;
    if (text[i] != '{') continue;
    if (closed > 0) {
      --closed;
    } else {
      return i > 0 && text[i - 1] == '#' ? i - 1 : std::string::npos;
    }
  }
  return std::string::npos;
}

LineEditor::Completion choose(const std::string& word, std::vector<std::string> choices) {
  std::erase_if(choices, [&](const std::string& one) { return !one.starts_with(word); });
  LineEditor::Completion completion;
  if (choices.empty()) return completion;
  completion.added = common_prefix(choices).substr(word.size());
  if (choices.size() > 1 && completion.added.empty()) completion.choices = std::move(choices);
  return completion;
}

// {Name, Arity}, Name, or, from OTP 26 on, {Name, Options} or a function's #{title => Arguments}.
void add_choice(const Term& match, std::vector<std::string>& choices) {
  const Term* title = match.is_map() ? match.find(Term::atom("title")) : nullptr;
  const Term& name = title != nullptr ? *title : match.is_tuple(2) ? match[0] : match;
  const auto text = term::chardata_utf8(name);
  if (!text || text->empty()) return;
  const bool has_arity = match.is_tuple(2) && match[1].is_small_integer();
  choices.push_back(has_arity ? *text + "/" + std::to_string(match[1].as_integer()) : *text);
}

// A list of choices or, from OTP 26 on, of #{title => "functions", elems => Choices}.
void add_choices(const Term& matches, std::vector<std::string>& choices) {
  if (!matches.is_proper_list()) return;
  for (const Term& match : matches.elements()) {
    const Term* elements = match.is_map() ? match.find(Term::atom("elems")) : nullptr;
    if (elements == nullptr || !elements->is_proper_list()) {
      add_choice(match, choices);
      continue;
    }
    for (const Term& element : elements->elements())
      add_choice(element, choices);
  }
}

// As edlin hands it to an expand_fun.
Term reversed_text(const std::string& text) {
  const std::u32string characters = sys::code_points(text);
  Terms reversed;
  for (auto c = characters.rbegin(); c != characters.rend(); ++c)
    reversed.emplace_back(static_cast<int64_t>(*c));
  return Term::list(std::move(reversed));
}

// {yes | no, Added, Choices}
LineEditor::Completion completion_of(const Term& expanded) {
  LineEditor::Completion completion;
  if (!expanded.is_tuple(3)) return completion;
  completion.added = term::chardata_utf8(expanded[1]).value_or("");
  add_choices(expanded[2], completion.choices);
  return completion;
}

}  // namespace

CompletionContext completion_context(const std::string& before) {
  CompletionContext context{word_before(before, before.size()), {}};
  const size_t map = open_map(before);
  if (map == std::string::npos) return context;
  size_t previous = before.size() - context.word.size();
  while (previous > 0 && before[previous - 1] == ' ')
    --previous;
  // A key stands after the brace or a comma.
  if (previous == 0 || (before[previous - 1] != ',' && before[previous - 1] != '{')) return context;
  const std::string variable = word_before(before, map);
  if (starts_variable(variable)) context.map_variable = variable;
  return context;
}

std::string common_prefix(const std::vector<std::string>& choices) {
  if (choices.empty()) return {};
  std::string prefix = choices[0];
  for (const std::string& choice : choices) {
    const auto differs = std::mismatch(prefix.begin(), prefix.end(), choice.begin(), choice.end());
    prefix.erase(differs.first, prefix.end());
  }
  return prefix;
}

void ShellCompleter::learn(const Term& scanned) {
  if (!scanned.is_tagged("ok") || !scanned[1].is_proper_list()) return;
  for (const Term& token : scanned[1].elements()) {
    if (token.is_tagged("var", 3) && token[2].is_atom() && token[2].atom_text() != "_") {
      variables_.insert(token[2].atom_text());
    }
  }
}

// The shell keeps its last commands and their results in its process dictionary.
std::vector<std::string> ShellCompleter::map_keys(const std::string& variable) {
  const Term info = rpc_.call("erlang", "process_info", {shell_, Term::atom("dictionary")});
  std::vector<std::string> keys;
  if (!info.is_tuple(2) || !info[1].is_proper_list()) return keys;
  int64_t latest = -1;
  for (const Term& entry : info[1].elements()) {
    if (!entry.is_tuple(2) || !entry[0].is_tagged("command", 2)) continue;
    if (!entry[1].is_proper_list() || entry[1].elements().empty()) continue;
    const Term& expression = entry[1].elements().back();
    if (expression.is_tagged("match", 4) && expression[2].is_tagged("var", 3) &&
        expression[2][2].is_atom(variable)) {
      latest = std::max(latest, entry[0][1].as_integer());
    }
  }
  const Term wanted = Term::tuple({Term::atom("result"), Term(latest)});
  for (const Term& entry : info[1].elements()) {
    if (!entry.is_tuple(2) || entry[0] != wanted || !entry[1].is_map()) continue;
    for (const auto& [key, value] : entry[1].entries())
      keys.push_back(term::print_pretty(key, {true, std::numeric_limits<int>::max()}));
  }
  return keys;
}

// expand/1 is that of OTP 25; later ones have it, too, but make little of it.
Term ShellCompleter::expand_by_edlin(const Term& reversed) {
  if (!has_options_) {
    const Term exports = rpc_.call("edlin_expand", "module_info", {Term::atom("exports")});
    const Terms& all = exports.elements();
    const Term wanted = Term::tuple({Term::atom("expand"), Term(int64_t{2})});
    has_options_ = std::find(all.begin(), all.end(), wanted) != all.end();
  }
  if (*has_options_) return rpc_.call("edlin_expand", "expand", {reversed, Term()});
  return rpc_.call("edlin_expand", "expand", {reversed});
}

LineEditor::Completion ShellCompleter::complete_elixir(const std::string& before) {
  try {
    return completion_of(rpc_.call("Elixir.IEx.Autocomplete", "expand", {reversed_text(before)}));
  } catch (const RemoteError&) {
    return {};
  }
}

LineEditor::Completion ShellCompleter::expand(const std::string& before,
                                              const std::optional<Term>& expand_fun) {
  Terms arguments{reversed_text(before)};
  Term expanded;
  if (expand_fun) {
    const Term arity = rpc_.call("erlang", "fun_info", {*expand_fun, Term::atom("arity")});
    if (arity[1] == Term(2)) arguments.push_back(Term());
    expanded = rpc_.call("erlang", "apply", {*expand_fun, Term::list(std::move(arguments))});
  } else {
    expanded = expand_by_edlin(arguments[0]);
  }
  return completion_of(expanded);
}

LineEditor::Completion ShellCompleter::complete(const std::string& before,
                                                const std::optional<Term>& expand_fun) {
  const CompletionContext context = completion_context(before);
  try {
    if (!context.map_variable.empty()) {
      auto completion = choose(context.word, map_keys(context.map_variable));
      if (!completion.added.empty() || !completion.choices.empty()) return completion;
    }
    if (starts_variable(context.word)) {
      return choose(context.word, {variables_.begin(), variables_.end()});
    }
    return expand(before, expand_fun);
  } catch (const RemoteError&) {
    return {};  // a node without edlin_expand
  }
}

}  // namespace relmk::node
