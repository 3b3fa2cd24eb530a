#include "otp/upgrade/state_change.h"

#include "beam/modules.h"
#include "catch.h"
#include "term/consult.h"
#include "term/external.h"

namespace otp_state_change_test {

using namespace relmk;
using namespace relmk::otp;
using Catch::Matchers::ContainsSubstring;

namespace {

// A module m whose abstract code is `forms`; empty: it was compiled without.
beam::BeamFile module(const std::string& forms) {
  std::string chunks = beam::chunk_bytes("AtU8", beam::big_endian(1) + "\x01m");
  if (!forms.empty()) {
    const Term debug =
        term::consult_text("m", "{debug_info_v1,erl_abstract_code,{[" + forms + "],[]}}.").front();
    chunks += beam::chunk_bytes("Dbgi", term::encode_external(debug));
  }
  return {"m.beam", beam::beam_bytes(chunks)};
}

// The record of the state, and init/1 that makes one.
std::string state(const std::string& fields) {
  std::string forms = "{attribute,1,record,{state,[";
  for (const char field : fields)
    forms +=
        std::string(forms.back() == '[' ? "" : ",") + "{record_field,1,{atom,1," + field + "}}";
  return forms + "]}},{function,2,init,1,[{clause,2,[{var,2,'_'}],[],[{record,2,state,[]}]}]}";
}

std::string code_change(const std::string& old_state, const std::string& result) {
  return ",{function,3,code_change,3,[{clause,3,[{var,3,'_'}," + old_state +
         ",{var,3,'_'}],[],[{tuple,3,[{atom,3,ok}," + result + "]}]}]}";
}

}  // namespace

TEST_CASE("state change: a record that changed needs a clause") {
  const auto faults = state_faults(module(state("a")), module(state("ab")));
  REQUIRE(faults.size() == 1);
  CHECK(faults[0].is_refused);
  CHECK(faults[0].message ==
        "m: its state is a record #state that changed from {a} to {a,b}, and code_change has no "
        "clause for the old one");
}

TEST_CASE("state change: a clause that takes the old state is enough") {
  const std::string clause =
      code_change("{tuple,3,[{atom,3,state},{var,3,'A'}]}", "{record,3,state,[]}");
  CHECK(state_faults(module(state("a")), module(state("ab") + clause)).empty());
}

TEST_CASE("state change: one that gives back what it got is not") {
  const std::string same = code_change("{var,3,'S'}", "{var,3,'S'}");
  CHECK(state_faults(module(state("a")), module(state("ab") + same)).size() == 1);
  const std::string of_the_new = code_change("{record,3,state,[]}", "{record,3,state,[]}");
  CHECK(state_faults(module(state("a")), module(state("ab") + of_the_new)).size() == 1);
}

TEST_CASE("state change: of the same shape there is nothing to say") {
  CHECK(state_faults(module(state("ab")), module(state("ab"))).empty());
}

TEST_CASE("state change: without abstract code nothing is found") {
  CHECK(state_faults(module(""), module(state("ab"))).empty());
}

TEST_CASE("state change: a fun in the state is warned of") {
  const std::string with_fun =
      "{attribute,1,record,{state,[{record_field,1,{atom,1,f}}]}},"
      "{function,2,init,1,[{clause,2,[{var,2,'_'}],[],[{record,2,state,[{record_field,2,"
      "{atom,2,f},{'fun',2,{clauses,[]}}}]}]}]}";
  const auto faults = state_faults(module(with_fun), module(with_fun));
  REQUIRE(faults.size() == 1);
  CHECK_FALSE(faults[0].is_refused);
  CHECK_THAT(faults[0].message, ContainsSubstring("m: it keeps a fun in its state (init/1)"));
}

}  // namespace otp_state_change_test
