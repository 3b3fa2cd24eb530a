// All that an expression needs is done on the node in one round trip, by a program that is itself
// expressions, which the node scans and parses once.
//
// Run once, it returns the answer to the one expression that is in the text. In a session it sends
// an answer for each expression; `more` asks for further text, until that is `eof`.
#include "node/session/evaluator.h"

#include "node/distribution/node_error.h"
#include "node/session/character_data.h"

namespace relmk::node {
namespace {

// The program is a fun, so that erl_eval does not hand back what it binds itself.
constexpr const char* kProgram = R"(
Monitor = case Once of true -> none; false -> erlang:monitor(process, Client) end,
Print = fun(Value) -> unicode:characters_to_binary(io_lib:format("~p~n", [Value])) end,
Evaluate = fun(Exprs, Bindings) ->
    try erl_eval:exprs(Exprs, Bindings) of
        {value, {badrpc, Reason}, _} -> {{badrpc, Reason}, Bindings};
        {value, Value, Bound} -> {{value, Print(Value)}, Bound}
    catch
        Class:Reason:Stack -> {{Class, Reason, Stack}, Bindings}
    end
end,
Failed = fun(At, Module, Why) ->
    {failed, At, unicode:characters_to_binary(Module:format_error(Why))}
end,
Parse = fun(Tokens, End) ->
    Whole = case lists:last(Tokens) of {dot, _} -> Tokens; _ -> Tokens ++ [{dot, End}] end,
    case erl_parse:parse_exprs(Whole) of
        {error, {At, Module, Why}} -> Failed(At, Module, Why);
        Parsed -> Parsed
    end
end,
IsBlank = fun(eof) -> true; (Rest) -> element(2, erl_scan:string(Rest)) =:= [] end,
(fun Next(Continuation, Unread, Bindings) ->
    case erl_scan:tokens(Continuation, Unread, {1, 1}) of
        {more, More} when Once ->
            Next(More, eof, Bindings);
        {more, More} ->
            Client ! {Tag, more},
            receive
                {Tag, Further} -> Next(More, Further, Bindings);
                {'DOWN', Monitor, process, _, _} -> left
            end;
        {done, Read, Rest} ->
            Parsed = case Read of
                {error, {At, Module, Why}, _} -> Failed(At, Module, Why);
                {ok, Tokens, End} -> Parse(Tokens, End);
                {eof, End} when Once -> Parse([{dot, End}], End);
                {eof, _} -> eof
            end,
            {Answer, Bound} = case Parsed of
                {ok, Exprs} when Once ->
                    case IsBlank(Rest) of
                        true -> Evaluate(Exprs, Bindings);
                        false -> {{failed, element(3, Read), <<"text after the full stop">>}, Bindings}
                    end;
                {ok, Exprs} -> Evaluate(Exprs, Bindings);
                _ -> {Parsed, Bindings}
            end,
            case Once orelse Answer =:= eof of
                true -> Answer;
                false ->
                    Client ! {Tag, Answer},
                    Next([], case Answer of {value, _} -> Rest; _ -> [] end, Bound)
            end
    end
end)([], Text, erl_eval:new_bindings()).
)";

Position position_of(const Term& location) {
  if (location.is_small_integer()) return {static_cast<int>(location.as_integer()), 0};
  if (!location.is_tuple(2) || !location[0].is_small_integer() || !location[1].is_small_integer()) {
    return {};
  }
  return {static_cast<int>(location[0].as_integer()), static_cast<int>(location[1].as_integer())};
}

std::string text_of(const Term& characters) {
  return characters_to_utf8(characters).value_or("");
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

// erl_eval wants the bindings in the order of their names.
Terms Evaluator::arguments(const Term& text, bool once) {
  return {program(), Term::list({binding("Client", rpc_.connection().self()),
                                 binding("Once", Term::boolean(once)), binding("Tag", tag_),
                                 binding("Text", text)})};
}

// What an answer has for us: the value, or an exception of ours.
std::string Evaluator::value_of(const Term& answer) const {
  const std::string& node = rpc_.connection().node();
  if (answer.is_tagged("value", 2)) return text_of(answer[1]);
  if (answer.is_tagged("failed", 3)) {
    throw Error("expression", position_of(answer[1]), text_of(answer[2]));
  }
  if (answer.is_tagged("badrpc", 2)) throw RemoteError(node, answer[1]);
  if (!answer.is_tuple(3) || !answer[0].is_atom()) {
    throw NodeError(NodeError::Reason::Incompatible, node + " evaluates in an unknown way");
  }
  throw RemoteError(node, answer[0].atom_text(), answer[1], answer[2]);
}

std::string Evaluator::evaluate(const std::string& text) {
  const Term evaluated = rpc_.call("erl_eval", "exprs", arguments(Term::string(text + "\n"), true));
  return value_of(evaluated[1]);
}

Evaluator::Session::Session(Rpc& rpc, Terms arguments)
    : running(rpc, "erl_eval", "exprs", std::move(arguments), rpc.deadline()) {}

// Text for the session, which begins with the first.
void Evaluator::send(const Term& text) {
  if (session_) {
    rpc_.send(session_->running.process().value(), Term::tuple({tag_, text}));
    return;
  }
  tag_ = rpc_.connection().new_reference();
  session_.emplace(rpc_, arguments(text, false));
  rpc_.on_message(tag_, [this](const Term& message) {
    if (session_ && message.is_tuple(2)) session_->answers.push_back(message[1]);
  });
}

Term Evaluator::next_answer() {
  rpc_.serve_until([&] { return !session_->answers.empty() || session_->running.has_ended(); },
                   rpc_.deadline());
  if (session_->answers.empty()) return session_->running.result()[1];
  const Term answer = session_->answers.front();
  session_->answers.pop_front();
  return answer;
}

// Hands out the answers to what was sent. False when there can be no more: the session ended.
bool Evaluator::take_answers(const std::function<void(const std::string&)>& reply,
                             const std::function<void(const Error&)>& failed) {
  for (;;) {
    std::string value;
    try {
      const Term answer = next_answer();
      if (answer.is_atom("more")) return true;
      if (answer.is_atom("eof")) return false;
      value = value_of(answer);
    } catch (const NodeError&) {
      throw;
    } catch (const Error& error) {
      if (!session_->running.has_ended()) {
        failed(error);
        continue;
      }
      failed(Error(error.message()).with_hint("the session begins anew, without its variables"));
      session_.reset();
      return false;
    }
    reply(value);
  }
}

void Evaluator::take_line(const std::string& line, bool end,
                          const std::function<void(const std::string&)>& reply,
                          const std::function<void(const Error&)>& failed) {
  unread_ += line;
  if (!end && line.find('.') == std::string::npos) return;
  // It may have ended while there was nothing to do, by a signal from another process.
  if (session_ && session_->running.has_ended() && !take_answers(reply, failed)) session_.reset();
  if (!unread_.empty()) {
    send(Term::string(unread_));
    unread_.clear();
    if (!take_answers(reply, failed)) return;
  }
  if (!end || !session_) return;
  send(Term::atom("eof"));
  take_answers(reply, failed);
}

std::string Evaluator::print(const Term& value) {
  return text_of(rpc_.call("io_lib", "format", {Term::string("~p~n"), Term::list({value})}));
}

}  // namespace relmk::node
