#include "node/evaluator.h"

#include "node/group_leader.h"
#include "node/node_error.h"

namespace relmk {
namespace {

Term start() {
  return Term::tuple({Term(1), Term(1)});
}

bool ends_with_full_stop(const std::string& text) {
  const size_t last = text.find_last_not_of(" \t\r\n");
  return last != std::string::npos && text[last] == '.';
}

Position position_of(const Term& location) {
  if (location.is_small_integer()) return {static_cast<int>(location.as_integer()), 0};
  if (!location.is_tuple(2) || !location[0].is_small_integer() || !location[1].is_small_integer()) {
    return {};
  }
  return {static_cast<int>(location[0].as_integer()), static_cast<int>(location[1].as_integer())};
}

}  // namespace

// An ErrorInfo, {Location, Module, Descriptor}, in the module's own words.
void Evaluator::refuse(const Term& error_info) {
  if (!error_info.is_tuple(3) || !error_info[1].is_atom()) throw Error("the node cannot read that");
  const Term words = rpc_.call(error_info[1].atom_text(), "format_error", {error_info[2]});
  throw Error("expression", position_of(error_info[0]),
              characters_to_utf8(words, false).value_or("cannot be read"));
}

Term Evaluator::evaluate_tokens(const Term& tokens) {
  const Term parsed = rpc_.call("erl_parse", "parse_exprs", {tokens});
  if (!parsed.is_tagged("ok", 2)) refuse(parsed[1]);
  if (fresh_) bindings_ = rpc_.call("erl_eval", "new_bindings", {});
  fresh_ = false;
  const Term evaluated = rpc_.call("erl_eval", "exprs", {parsed[1], bindings_});
  bindings_ = evaluated[2];
  return evaluated[1];
}

Term Evaluator::evaluate(const std::string& text) {
  const std::string whole = ends_with_full_stop(text) ? text + "\n" : text + "\n.\n";
  const Term scanned = rpc_.call("erl_scan", "string", {Term::string(whole), start()});
  if (!scanned.is_tagged("ok", 3)) refuse(scanned[1]);
  return evaluate_tokens(scanned[1]);
}

void Evaluator::take_line(const std::string& line, bool end,
                          const std::function<void(const Term&)>& reply,
                          const std::function<void(const Error&)>& failed) {
  unread_ += line;
  if (!end && line.find('.') == std::string::npos) return;
  Term rest = unread_.empty() ? Term::atom("eof") : Term::string(unread_);
  unread_.clear();
  for (;;) {
    const Term scanned = rpc_.call("erl_scan", "tokens", {continuation_, rest, start()});
    if (scanned.is_tagged("more", 2)) {
      continuation_ = scanned[1];
      if (!end || rest.is_atom("eof")) return;
      rest = Term::atom("eof");
      continue;
    }
    continuation_ = Term();
    rest = scanned[2];
    const Term& result = scanned[1];
    if (result.is_tagged("eof")) return;
    try {
      if (!result.is_tagged("ok", 3)) refuse(result[1]);
      reply(evaluate_tokens(result[1]));
    } catch (const NodeError&) {
      throw;
    } catch (const Error& error) {
      failed(error);
      // As the shell does: what stands on the line after an error is not read.
      if (!result.is_tagged("ok", 3)) rest = Term();
    }
    if (rest.is_nil() || rest.is_atom("eof")) return;
  }
}

std::string Evaluator::print(const Term& value) {
  const Term text = rpc_.call("io_lib", "format", {Term::string("~p~n"), Term::list({value})});
  return characters_to_utf8(text, false).value_or("");
}

}  // namespace relmk
