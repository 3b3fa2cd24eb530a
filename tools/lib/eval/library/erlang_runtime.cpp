// The part of module erlang that raises exceptions, and that asks the runtime.
#include <time.h>

#include "eval/library/code.h"
#include "eval/library/erlang.h"
#include "eval/library/support.h"

namespace relmk::eval {
namespace erlang_runtime_module {
namespace {

[[noreturn]] void raise(std::string_view kind, const Term& reason) {
  throw Raised(Atom(kind), reason);
}

Term error(Evaluator&, const Terms& a) {
  raise("error", a[0]);
}
Term exit(Evaluator&, const Terms& a) {
  raise("exit", a[0]);
}
Term throw_1(Evaluator&, const Terms& a) {
  raise("throw", a[0]);
}

Term raise_3(Evaluator&, const Terms& a) {
  const bool known = a[0].is_atom("error") || a[0].is_atom("exit") || a[0].is_atom("throw");
  if (!known || !a[2].is_proper_list()) return Term::atom("badarg");
  throw Raised(a[0].as_atom(), a[1], a[2]);
}

Term halt(Evaluator&, const Terms& a) {
  if (a.empty()) throw Halted(0);
  if (!a[0].is_small_integer()) leave_to_vm("halt of a slogan");
  throw Halted(static_cast<int>(a[0].as_integer() & 0xff));
}

Term system_info(Evaluator& evaluator, const Terms& a) {
  const ScriptOptions& options = evaluator.options();
  const auto told = [&](const std::string& text) {
    if (text.empty()) leave_to_vm("erlang:system_info/1");
    return Term::string(text);
  };
  if (a[0].is_atom("otp_release")) return told(options.otp_release);
  if (a[0].is_atom("version")) return told(options.erts_version);
  if (a[0].is_atom("wordsize")) return static_cast<int64_t>(sizeof(void*));
  leave_to_vm("erlang:system_info/1");
}

Term function_exported(Evaluator& evaluator, const Terms& a) {
  if (!a[0].is_atom() || !a[1].is_atom()) raise_badarg();
  const int64_t arity = small_integer(a[2]);
  if (a[0].is_atom("rebar3") || a[0].is_atom("rebar")) {
    const bool is_main = a[0].is_atom("rebar3") && a[1].is_atom("main") && arity == 1;
    return Term::boolean(is_main && !evaluator.options().rebar_version.empty());
  }
  const bool have = arity >= 0 && find_library_function(a[0].atom_text(), a[1].atom_text(),
                                                        static_cast<size_t>(arity),
                                                        evaluator.otp_release()) != nullptr;
  // Of these, all are loaded in any VM.
  if (have && (a[0].is_atom("erlang") || a[0].is_atom("lists"))) return Term::boolean(true);
  if (!find_module(evaluator, a[0])) return Term::boolean(false);
  leave_to_vm("erlang:function_exported/3");
}

Term date(Evaluator&, const Terms&) {
  const time_t now = ::time(nullptr);
  struct tm t {};
  ::localtime_r(&now, &t);
  return Term::tuple({t.tm_year + 1900, t.tm_mon + 1, t.tm_mday});
}

Term time_0(Evaluator&, const Terms&) {
  const time_t now = ::time(nullptr);
  struct tm t {};
  ::localtime_r(&now, &t);
  return Term::tuple({t.tm_hour, t.tm_min, t.tm_sec});
}

Term local_time(Evaluator& e, const Terms& a) {
  return Term::tuple({date(e, a), time_0(e, a)});
}

Term universal_time(Evaluator&, const Terms&) {
  const time_t now = ::time(nullptr);
  struct tm t {};
  ::gmtime_r(&now, &t);
  return Term::tuple({Term::tuple({t.tm_year + 1900, t.tm_mon + 1, t.tm_mday}),
                      Term::tuple({t.tm_hour, t.tm_min, t.tm_sec})});
}

constexpr bool kAuto = true;

constexpr LibraryFunction kFunctions[] = {
    {"date", 0, date, 0, kAuto},
    {"error", 1, error, 0, kAuto},
    {"error", 2, error, 0, kAuto},
    {"exit", 1, exit, 0, kAuto},
    {"function_exported", 3, function_exported},
    {"halt", 0, halt, 0, kAuto},
    {"halt", 1, halt, 0, kAuto},
    {"halt", 2, halt, 0, kAuto},
    {"localtime", 0, local_time},
    {"raise", 3, raise_3},
    {"system_info", 1, system_info},
    {"throw", 1, throw_1, 0, kAuto},
    {"time", 0, time_0, 0, kAuto},
    {"universaltime", 0, universal_time},
};

}  // namespace
}  // namespace erlang_runtime_module

LibraryTable erlang_runtime() {
  return erlang_runtime_module::kFunctions;
}

}  // namespace relmk::eval
