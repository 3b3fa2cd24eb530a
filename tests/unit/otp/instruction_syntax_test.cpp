#include "otp/upgrade/instruction_syntax.h"

#include "catch.h"
#include "term/consult.h"

namespace otp_instruction_syntax_test {

using namespace relmk;
using namespace relmk::otp;

namespace {

Term read(const std::string& text) {
  return term::consult_text("a.appup", text + ".").front();
}

std::string fault(const std::string& script) {
  try {
    check_syntax(expanded_instructions({read(script), "a.appup"}));
  } catch (const Error& error) {
    return error.text();
  }
  return "none";
}

}  // namespace

TEST_CASE("instruction syntax: short forms are written out") {
  const auto expanded =
      expanded_instructions({read("[{update,m,supervisor},{add_application,b}]"), ""});
  CHECK(expanded[0].term == read("{update,m,static,default,{advanced,[]},brutal_purge,"
                                 "brutal_purge,[]}"));
  CHECK(expanded[1].term == read("{add_application,b,permanent}"));
  CHECK(normalized({read("{delete_module,m}"), "", {}}).term == read("{delete_module,m,[]}"));
}

TEST_CASE("instruction syntax: what is ordered by the modules that it names") {
  const auto is_ordered = [](const char* text) {
    return Instruction{read(text), "", {}}.has_dependencies();
  };
  CHECK(is_ordered("{load_module,m,brutal_purge,brutal_purge,[]}"));
  CHECK(is_ordered("{delete_module,m,[]}"));
  CHECK_FALSE(is_ordered("{load,{m,brutal_purge,brutal_purge}}"));
  CHECK_FALSE(is_ordered("restart_new_emulator"));
}

TEST_CASE("instruction syntax: faults have their place") {
  CHECK(fault("[{update,m,{advanced,x}},\n {suspend,[m]},{resume,[m]}]") == "none");
  CHECK(fault("[{load_module,m},\n {load_module,\"m\"}]") ==
        "a.appup:2:2: error: Bad module: \"m\"(should be atom())");
  CHECK(fault("{load_module,m}").starts_with("a.appup"));
  CHECK(fault("[nonsense]") != "none");
}

}  // namespace otp_instruction_syntax_test
