#include "eval/library/code.h"

#include "catch.h"
#include "evaluated.h"
#include "scratch.h"
#include "sys/files.h"

namespace eval_code_test {

using namespace relmk;
using namespace relmk::eval;

namespace {

// An installation that holds one application, which has the module one.
struct Otp {
  Scratch scratch;
  ScriptOptions options;

  Otp() {
    add("app-1.10");
    options.otp_root = scratch.path;
    options.otp_release = "25";
  }
  void add(const std::string& application) const {
    const fs::path ebin = scratch.path / "lib" / application / "ebin";
    sys::make_directories(ebin);
    sys::write_file(ebin / "one.beam", "");
  }
  std::string lib() const { return (scratch.path / "lib").string(); }
  // Without the list's quotes, which ~tw does not print.
  std::string path_of(const std::string& call) const {
    return evaluated(
        "list_to_binary(" + call + ") =:= <<\"" + lib() + "/app-1.10/ebin/one.beam\">>.", options);
  }
};

}  // namespace

TEST_CASE("code: a module's file in its application") {
  const Otp otp;
  CHECK(otp.path_of("code:which(one)") == "true");
  Evaluator evaluator(otp.options);
  CHECK(find_module(evaluator, Term::atom("one")) == otp.lib() + "/app-1.10/ebin/one.beam");
}

TEST_CASE("code: a module that no application has, or several") {
  const Otp otp;
  CHECK(evaluated("code:which(no_such_module_anywhere).", otp.options).starts_with("vm: "));
  otp.add("other-1");
  CHECK(evaluated("code:which(one).", otp.options).starts_with("vm: "));
}

TEST_CASE("code: after a change of the code path only the VM knows") {
  const Otp otp;
  Evaluator evaluator(otp.options);
  evaluator.change_code_path();
  CHECK_THROWS_AS(find_module(evaluator, Term::atom("one")), UnknownToEvaluator);
}

TEST_CASE("code: without a known installation only the VM knows") {
  CHECK(evaluated("code:which(one).").starts_with("vm: "));
  CHECK(evaluated("code:lib_dir().").starts_with("vm: "));
}

}  // namespace eval_code_test
