#include "beam/beam_file.h"

#include "beam/modules.h"
#include "catch.h"
#include "sys/gzip.h"
#include "term/external.h"

namespace beam_beam_file_test {

using namespace relmk;
using namespace relmk::beam;
using namespace std::string_literals;

namespace {

const std::string kAtoms = chunk_bytes("AtU8", big_endian(2) +
                                                   "\x01m\x01"
                                                   "f");
const std::string kCode = chunk_bytes("Code", "c");
const std::string kExports =
    chunk_bytes("ExpT", big_endian(1) + big_endian(2) + big_endian(3) + big_endian(4));
const std::string kImports =
    chunk_bytes("ImpT", big_endian(1) + big_endian(1) + big_endian(2) + big_endian(0));
const std::string kStrings = chunk_bytes("StrT", "");
const std::string kNeeded = kAtoms + kCode + kStrings + kImports + kExports;

std::string error_of(const std::string& bytes) {
  try {
    const BeamFile file("f", bytes);
    file.imports();
    file.stripped({});
  } catch (const Error& error) {
    return error.text();
  }
  return "none";
}

}  // namespace

TEST_CASE("beam file: module, imports and exports") {
  const BeamFile file("f", beam_bytes(kNeeded));
  CHECK(file.module() == Atom("m"));
  REQUIRE(file.exports().size() == 1);
  CHECK(file.exports()[0] == BeamFunction{Atom("f"), 3});
  REQUIRE(file.imports().size() == 1);
  CHECK(file.imports()[0].module == Atom("m"));
}

TEST_CASE("beam file: compressed") {
  CHECK(BeamFile("f", sys::gzip(beam_bytes(kNeeded), 1)).module() == Atom("m"));
}

TEST_CASE("beam file: atoms of OTP 28, whose lengths are tagged") {
  const std::string long_name(300, 'x');
  const std::string atoms = big_endian(static_cast<size_t>(-2)) + "\x10m" + "\x28\x2c" + long_name;
  const BeamFile file("f", beam_bytes(chunk_bytes("AtU8", atoms)));
  REQUIRE(file.atoms().size() == 2);
  CHECK(file.atoms()[0] == Atom("m"));
  CHECK(file.atoms()[1] == Atom(long_name));
}

TEST_CASE("beam file: atoms before OTP 20 are Latin-1") {
  CHECK(BeamFile("f", beam_bytes(chunk_bytes("Atom", big_endian(1) + "\x01\xe5"))).module() ==
        Atom("å"));
}

TEST_CASE("beam file: strip keeps what the VM needs, in beam_lib's order") {
  const std::string all = beam_bytes(chunk_bytes("Dbgi", "d") + kNeeded + chunk_bytes("Attr", "a"));
  CHECK(BeamFile("f", all).stripped({"Attr"}) == beam_bytes(chunk_bytes("Attr", "a") + kNeeded));
}

TEST_CASE("beam file: literals, compressed and from OTP 28 on plain") {
  const std::string one = term::encode_external(Term(5));
  const BeamFile file("f", beam_bytes(chunk_bytes("LitT", big_endian(0) + big_endian(1) +
                                                              big_endian(one.size()) + one)));
  REQUIRE(file.literals().size() == 1);
  CHECK(file.literals()[0] == "\x61\x05");
}

TEST_CASE("beam file: broken files are refused") {
  CHECK(error_of("") == "f: error: not a BEAM file");
  CHECK(error_of(beam_bytes(kNeeded).substr(0, 30)) ==
        "f: error: not a BEAM file: it ends within a chunk");
  CHECK(error_of(beam_bytes(kAtoms)) == "f: error: no chunk ImpT");
  CHECK(error_of(beam_bytes(kAtoms + chunk_bytes("ImpT", big_endian(1) + big_endian(9) +
                                                             big_endian(1) + big_endian(0)))) ==
        "f: error: malformed chunk ImpT");
  CHECK(error_of("\x1f\x8b" + std::string(30, 'x')) == "f: error: broken gzip data");
}

TEST_CASE("beam file: one that is gzipped, and enormous once it is not, is refused by its size") {
  const std::string bomb = sys::gzip(std::string((size_t{128} << 20) + 1, '\0'), 1);
  CHECK(error_of(bomb) == "f: error: gzip data that hold more than 128 MiB");
}

}  // namespace beam_beam_file_test
