#include "otp/upgrade/script_parts.h"

#include "catch.h"
#include "term/consult.h"
#include "term/print.h"

namespace otp_script_parts_test {

using namespace relmk;
using namespace relmk::otp;

namespace {

Instructions instructions(const std::string& text) {
  return expanded_instructions({term::consult_text("a.appup", text + ".").front(), "a.appup"});
}

std::string shown(const Instructions& list) {
  Terms terms;
  for (const Instruction& one : list)
    terms.push_back(one.term);
  return term::print_plain(Term::list(terms));
}

template <typename Check>
std::string fault(const Check& check) {
  try {
    check();
  } catch (const Error& error) {
    return error.message();
  }
  return "none";
}

}  // namespace

TEST_CASE("script parts: all code is read before the point of no return") {
  const ScriptParts parts = split(
      instructions("[{apply,{a,b,[]}},point_of_no_return,{load,{m,brutal_purge,brutal_purge}},"
                   "{load_object_code,{a,\"1\",[m]}}]"));
  CHECK(shown(parts.before) == "[{apply,{a,b,[]}},{load_object_code,{a,[49],[m]}}]");
  CHECK(shown(parts.after) == "[{load,{m,brutal_purge,brutal_purge}}]");
}

TEST_CASE("script parts: without the point all is after it") {
  const ScriptParts parts = split(instructions("[{apply,{a,b,[]}},{suspend,[m]}]"));
  CHECK(parts.before.empty());
  CHECK(parts.after.size() == 2);
}

TEST_CASE("script parts: what cannot be undone is not before it") {
  CHECK(fault([] { split(instructions("[{suspend,[m]},point_of_no_return]")); }) ==
        "Bad instruction {suspend,[m]} before point_of_no_return");
  CHECK(fault([] { split(instructions("[point_of_no_return,point_of_no_return]")); }) ==
        "Too many point_of_no_return");
}

TEST_CASE("script parts: what is loaded has been read") {
  const char* const kLoad = "[{load,{m,brutal_purge,brutal_purge}}]";
  CHECK(fault([&] {
          check_load({{}, instructions(kLoad)});
        }) == "No load_object_code found for module: m");
  CHECK(fault([&] {
          check_load({instructions("[{load_object_code,{a,\"1\",[n,m]}}]"), instructions(kLoad)});
        }) == "none");
}

TEST_CASE("script parts: suspend and stop have their other") {
  const auto of = [](const char* text) {
    return fault([text] { check_pairs(instructions(text)); });
  };
  CHECK(of("[{suspend,[m,{n,100}]},{resume,[n]}]") == "Suspended but not resumed: [m]");
  CHECK(of("[{resume,[m]}]") == "Resumed but not suspended: [m]");
  CHECK(of("[{stop,[m]}]") == "Stopped but not started: [m]");
  CHECK(of("[{start,[m]}]") == "Started but not stopped: [m]");
  CHECK(of("[{suspend,[{m,5}]},{stop,[n]},{start,[n]},{resume,[m]}]") == "none");
}

}  // namespace otp_script_parts_test
