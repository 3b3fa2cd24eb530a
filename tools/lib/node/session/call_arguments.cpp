#include "node/session/call_arguments.h"

#include "term/consult.h"

namespace relmk::node {
namespace {

std::string take_word(std::string& text) {
  const size_t begin = text.find_first_not_of(" \t\n");
  if (begin == std::string::npos) {
    text.clear();
    return {};
  }
  const size_t end = std::min(text.find_first_of(" \t\n", begin), text.size());
  std::string word = text.substr(begin, end - begin);
  text.erase(0, end);
  // 'an atom' may be quoted, as in a term.
  if (word.size() > 2 && word.front() == '\'' && word.back() == '\'') {
    word = word.substr(1, word.size() - 2);
  }
  return word;
}

// Module and function; `text` is left with what follows.
FunctionCall take_function(const std::vector<std::string>& words, std::string& text) {
  for (const std::string& word : words)
    text += (text.empty() ? "" : " ") + word;
  FunctionCall call;
  call.module = take_word(text);
  call.function = take_word(text);
  if (call.module.empty()) throw Error("no module is named").with_hint("MODULE [FUNCTION [ARGS]]");
  if (call.function.empty()) call.function = "start";
  text.erase(0, text.find_first_not_of(" \t\n"));
  return call;
}

Terms read_terms(std::string text) {
  if (text.empty()) return {};
  const size_t last = text.find_last_not_of(" \t\n");
  if (text[last] != '.') text += " .";
  return term::consult_text("arguments", text);
}

}  // namespace

FunctionCall parse_rpc(const std::vector<std::string>& words) {
  std::string text;
  FunctionCall call = take_function(words, text);
  const Terms terms = read_terms(text);
  if (terms.size() > 1 || (!terms.empty() && !terms[0].is_proper_list())) {
    throw Error("arguments", {1, 1}, "a list of arguments was expected")
        .with_hint("foo:bar(1, 2) is called as: rpc foo bar '[1, 2]'");
  }
  if (!terms.empty()) call.arguments = terms[0].elements();
  return call;
}

FunctionCall parse_rpcterms(const std::vector<std::string>& words) {
  std::string text;
  FunctionCall call = take_function(words, text);
  call.arguments = read_terms(text);
  return call;
}

}  // namespace relmk::node
