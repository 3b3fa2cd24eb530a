#include "eval/evaluate/handover.h"

#include "catch.h"
#include "scratch.h"
#include "sys/error.h"

namespace eval_handover_test {

using namespace relmk;
using namespace relmk::eval;

namespace {

// A stand-in for erl, which runs this shell script; $dir holds the request.
struct Erl {
  Scratch scratch;
  fs::path script = scratch.path / "a.script";
  std::string printed;
  ScriptOptions options;

  explicit Erl(const std::string& shell) {
    sys::write_file(script, "CONFIG.\n");
    const fs::path erl = scratch.path / "erl";
    sys::write_file(erl, "#!/bin/sh\ndir=$RELMK_SCRIPT_EXCHANGE\n" + shell, 0755);
    options.erl = erl.string();
    options.output = [this](std::string_view text) { printed += text; };
  }
  Term value() { return hand_over_to_erl(script, {{"CONFIG", Term(1)}}, options, {}); }
  std::string error() {
    try {
      value();
    } catch (const Error& error) {
      return error.text().substr(script.string().size());
    }
    return "none";
  }
};

}  // namespace

TEST_CASE("handover: the answer is a term, and what was printed arrives") {
  // {ok, 5}
  Erl erl("printf '\\203\\150\\2\\167\\2ok\\141\\5' >\"$dir/answer\"; echo out; echo err >&2\n");
  CHECK(erl.value() == Term(5));
  CHECK(erl.printed == "out\nerr\n");
}

TEST_CASE("handover: an error stands at its line, with a hint where a function is missing") {
  // {error, 3, <<"bad">>, <<"m:f/1">>}
  Erl erl(
      "printf '\\203\\150\\4\\167\\5error\\141\\3\\155\\0\\0\\0\\3bad\\155\\0\\0\\0\\5m:f/1' "
      ">\"$dir/answer\"\n");
  CHECK(erl.error() == ":3: error: bad\nhint: there is no function m:f/1");
}

TEST_CASE("handover: an erl that gives no answer is an error with its code") {
  Erl erl("exit 4\n");
  CHECK(erl.error().ends_with("erl ended with exit code 4 while it evaluated the script"));
}

TEST_CASE("handover: an erl that takes too long is an error with the limit") {
  Erl erl("exec sleep 300\n");
  erl.options.limit = std::chrono::seconds(1);
  CHECK(
      erl.error().ends_with("erl, which evaluates the script, has not ended within 1 seconds\n"
                            "hint: RELMK_SCRIPT_TIMEOUT sets this limit"));
}

TEST_CASE("handover: an erl that takes too much memory, or prints too much, is an error") {
  Erl erl("b=$(head -c 67108864 /dev/zero | tr '\\0' x); sleep 300; :\n");
  erl.options.most_memory = size_t{32} << 20;
  CHECK(
      erl.error().ends_with("erl, which evaluates the script, takes more than 32 MiB of memory\n"
                            "hint: RELMK_SCRIPT_MEMORY sets this limit"));
  Erl flood("exec yes\n");
  CHECK(flood.error().ends_with(
      "erl, which evaluates the script, printed more than 16 MiB, and was killed"));
}

TEST_CASE("handover: the request lies in a directory of its own that goes") {
  Erl erl("test -s \"$dir/request\" && printf %s \"$dir\"\n");
  erl.error();
  REQUIRE(erl.printed.starts_with("/"));
  CHECK_FALSE(fs::exists(erl.printed));
}

TEST_CASE("handover: an erl that is not there is an error") {
  Erl erl("");
  erl.options.erl = "/no/such/erl";
  CHECK_THROWS_AS(erl.value(), Error);
}

}  // namespace eval_handover_test
