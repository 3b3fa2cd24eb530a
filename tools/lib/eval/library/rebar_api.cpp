// Module rebar_api, for scripts that rebar3 runs: what they tell the user.
#include "eval/library/format.h"
#include "eval/library/support.h"
#include "sys/utf8.h"
#include "term/character_data.h"

namespace relmk::eval {
namespace rebar_api_module {
namespace {

Term tell(Evaluator& evaluator, const char* in_front, const Terms& a) {
  if (evaluator.options().rebar_version.empty()) leave_to_vm("rebar_api without rebar3");
  const auto text = term::chardata(format_chars(evaluator, a[0], a[1]));
  if (!text) leave_to_vm("rebar_api with malformed text");
  evaluator.print(in_front + sys::utf8(*text) + "\n");
  return Term::atom("ok");
}

Term console(Evaluator& evaluator, const Terms& a) {
  return tell(evaluator, "", a);
}

Term message(Evaluator& evaluator, const Terms& a) {
  return tell(evaluator, "===> ", a);
}

// rebar3 shows it where DEBUG is set.
Term debug(Evaluator& evaluator, const Terms&) {
  if (evaluator.options().rebar_version.empty()) leave_to_vm("rebar_api without rebar3");
  return Term::atom("ok");
}

constexpr LibraryFunction kFunctions[] = {
    {"console", 2, console}, {"debug", 2, debug},  {"error", 2, message},
    {"info", 2, message},    {"warn", 2, message},
};

}  // namespace
}  // namespace rebar_api_module

LibraryTable rebar_api_functions() {
  return rebar_api_module::kFunctions;
}

}  // namespace relmk::eval
