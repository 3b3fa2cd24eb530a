// All that an expression needs is done on the node in one round trip, by a program that is itself
// expressions: the node scans and parses it once, and then evaluates it for each expression with
// the text and the bindings that are so far. It is a fun, so that erl_eval does not hand back what
// it binds itself.
#include "node/evaluator.h"

#include "node/group_leader.h"
#include "node/node_error.h"

namespace relmk {
namespace {

constexpr const char* kProgram = R"(
(fun() ->
    case erl_scan:tokens(Continuation, Text, {1, 1}) of
        {more, More} -> {more, More};
        {done, {eof, _}, _} -> eof;
        {done, {error, {At, Module, Why}, _}, Rest} -> {error, At, Module:format_error(Why), Rest};
        {done, {ok, Tokens, _}, Rest} ->
            case erl_parse:parse_exprs(Tokens) of
                {error, {At, Module, Why}} -> {error, At, Module:format_error(Why), Rest};
                {ok, Exprs} ->
                    Before = case Bindings of none -> erl_eval:new_bindings(); _ -> Bindings end,
                    case erl_eval:exprs(Exprs, Before) of
                        {value, {badrpc, Reason}, _} -> {badrpc, Reason};
                        {value, Value, After} when Last -> {value, io_lib:format("~p~n", [Value]), [], []};
                        {value, Value, After} -> {value, io_lib:format("~p~n", [Value]), After, Rest}
                    end
            end
    end
end)().
)";

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

std::string text_of(const Term& characters) {
  return characters_to_utf8(characters, false).value_or("");
}

Term binding(const char* name, const Term& value) {
  return Term::tuple({Term::atom(name), value});
}

}  // namespace

const Term& Evaluator::program() {
  if (!program_.is_nil()) return program_;
  const Term scanned = rpc_.call("erl_scan", "string", {Term::string(kProgram)});
  program_ = rpc_.call("erl_parse", "parse_exprs", {scanned[1]})[1];
  return program_;
}

Evaluator::Answer Evaluator::ask(const Term& text, bool last) {
  const Term variables =
      Term::list({binding("Bindings", bindings_), binding("Continuation", continuation_),
                  binding("Text", text), binding("Last", Term::boolean(last))});
  continuation_ = Term();
  const Term evaluated = rpc_.call("erl_eval", "exprs", {program(), variables});
  const Term& result = evaluated[1];
  Answer answer;
  if (result.is_tagged("more", 2)) {
    continuation_ = result[1];
    answer.more = true;
  } else if (result.is_tagged("error", 4)) {
    throw Error("expression", position_of(result[1]), text_of(result[2]));
  } else if (result.is_tagged("badrpc", 2)) {
    throw RemoteError(rpc_.connection().node(), result[1]);
  } else if (result.is_tagged("value", 4)) {
    answer.value = text_of(result[1]);
    bindings_ = result[2];
    answer.rest = result[3];
  } else {
    answer.end = true;
  }
  return answer;
}

std::string Evaluator::evaluate(const std::string& text) {
  const std::string whole = ends_with_full_stop(text) ? text + "\n" : text + "\n.\n";
  Answer answer = ask(Term::string(whole), true);
  if (answer.more) answer = ask(Term::atom("eof"), true);
  return answer.value;
}

void Evaluator::take_line(const std::string& line, bool end,
                          const std::function<void(const std::string&)>& reply,
                          const std::function<void(const Error&)>& failed) {
  unread_ += line;
  if (!end && line.find('.') == std::string::npos) return;
  const bool partial = end && unread_.find_first_not_of(" \t\r\n") != std::string::npos;
  if (partial && !ends_with_full_stop(unread_)) unread_ += "\n.\n";
  Term text = unread_.empty() ? Term::atom("eof") : Term::string(unread_);
  unread_.clear();
  while (text.is_atom("eof") || !text.is_nil()) {
    Answer answer;
    try {
      answer = ask(text, false);
      if (!answer.more && !answer.end) reply(answer.value);
    } catch (const NodeError&) {
      throw;
    } catch (const Error& error) {
      failed(error);  // the rest of the line is not read
    }
    const bool finish = answer.more && end && text.is_list();
    text = finish ? Term::atom("eof") : answer.rest;
  }
}

std::string Evaluator::print(const Term& value) {
  return text_of(rpc_.call("io_lib", "format", {Term::string("~p~n"), Term::list({value})}));
}

}  // namespace relmk
