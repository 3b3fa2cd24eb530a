#include "relx/release/xref_ignores.h"

#include "beam/modules.h"
#include "catch.h"
#include "scratch.h"
#include "sys/error.h"
#include "term/consult.h"
#include "term/external.h"

namespace relx_xref_ignores_test {

using namespace relmk;

namespace {

beam::FunctionName function(const char* module, const char* name) {
  return {Atom(module), Atom(name), 1};
}

// The calls a:f/1 -> x:g/1 and b:f/1 -> y:g/1 that are left, by their callers.
std::string left(const std::string& ignores, const std::vector<fs::path>& callers = {}) {
  const std::vector<beam::Call> calls = {{function("a", "f"), function("x", "g")},
                                         {function("b", "f"), function("y", "g")}};
  std::string out;
  for (const beam::Call& call : relx::without_ignored(
           calls, term::consult_text("f", "[" + ignores + "].").front().elements(), callers))
    out += call.caller.module.text();
  return out;
}

}  // namespace

TEST_CASE("xref ignores: modules and functions, on either side of a call") {
  CHECK(left("") == "ab");
  CHECK(left("a") == "b");
  CHECK(left("{b,f,1}") == "a");
  CHECK(left("x") == "b");
  CHECK(left("{y,g,1}, {x,g,2}") == "a");
}

TEST_CASE("xref ignores: attributes of the calling modules") {
  const Scratch scratch;
  const fs::path file = scratch.path / "a.beam";
  const auto write = [&](const std::string& attribute) {
    const Term attributes = term::consult_text("f", "[{ignore_xref," + attribute + "}].").front();
    sys::write_file(file,
                    beam::beam_bytes(beam::chunk_bytes("AtU8", beam::big_endian(1) + "\x01" + "a") +
                                     beam::chunk_bytes("Attr", term::encode_external(attributes))));
  };
  write("[{f,1}]");
  CHECK(left("", {file}) == "b");
  write("[{f,2}]");
  CHECK(left("", {file}) == "ab");
  write("[[{g,1}],[y]]");
  CHECK(left("", {file}) == "a");
  write("[{y,g,1}]");
  CHECK(left("", {file}) == "a");
}

TEST_CASE("xref ignores: a malformed module is named") {
  const Scratch scratch;
  sys::write_file(scratch.path / "a.beam", "x");
  CHECK_THROWS_AS(left("", {scratch.path / "a.beam"}), Error);
}

}  // namespace relx_xref_ignores_test
