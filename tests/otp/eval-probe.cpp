// Evaluates each line of a table as a config script and prints what came out, one line each:
// `ok TERM`, `error CLASS:REASON or the words of a syntax error`, or `erl NAME` where the evaluator
// would have handed the script over. With ERL, it does hand over to that.
//
//   eval-probe TABLE DIRECTORY ROOT RELEASE ERTS-VERSION [ERL]
#include <fstream>
#include <iostream>

#include "eval/evaluate/script.h"
#include "sys/error.h"
#include "term/print.h"

using namespace relmk;

namespace {

struct HandedOver {
  std::string name;
};

Term atom(const char* text) {
  return Term::atom(text);
}

eval::ScriptBindings bindings(const std::string& script) {
  const Term release =
      Term::tuple({atom("release"), Term::tuple({atom("demo"), Term::string("1.0")}),
                   Term::list({atom("kernel"), atom("stdlib")})});
  const Term config = Term::list(
      {Term::tuple({atom("deps"), Term::list({atom("a"), atom("b")})}),
       Term::tuple({atom("erl_opts"), Term::list({atom("debug_info")})}),
       Term::tuple(
           {atom("relx"), Term::list({release, Term::tuple({atom("dev_mode"), atom("true")})})})});
  return {{"CONFIG", config}, {"SCRIPT", Term::string(script)}};
}

std::string result_of(const std::string& text, const fs::path& script,
                      const eval::ScriptOptions& options) {
  sys::write_file(script, text + "\n");
  try {
    return "ok " + term::print_plain(
                       eval::evaluate_script(script, bindings(script.string()), options), true);
  } catch (const HandedOver& handed_over) {
    return "erl " + handed_over.name;
  } catch (const Error& error) {
    return "error " + error.message();
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 6) return 2;
  eval::ScriptOptions options;
  options.otp_root = argv[3];
  options.otp_release = argv[4];
  options.erts_version = argv[5];
  if (argc > 6) {
    options.erl = argv[6];
  } else {
    options.handed_over = [](const std::string& name) { throw HandedOver{name}; };
  }
  std::string printed;
  options.output = [&](std::string_view text) { printed += text; };
  std::ifstream table(argv[1]);
  for (std::string line; std::getline(table, line);) {
    if (line.empty() || line.starts_with("%%")) continue;
    printed.clear();
    std::cout << result_of(line, fs::path(argv[2]) / "a.script", options);
    if (!printed.empty())
      std::cout << " printed " << term::print_plain(Term::string(printed), true);
    std::cout << "\n";
  }
}
