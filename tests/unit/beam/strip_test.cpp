#include "beam/strip.h"

#include <sys/stat.h>

#include "beam/modules.h"
#include "catch.h"
#include "scratch.h"
#include "sys/gzip.h"

namespace beam_strip_test {

using namespace relmk;
using namespace relmk::beam;

namespace {

const std::string kChunks = chunk_bytes("AtU8", big_endian(1) + "\x01m") +
                            chunk_bytes("Code", "c") + chunk_bytes("StrT", "") +
                            chunk_bytes("ImpT", big_endian(0)) + chunk_bytes("ExpT", big_endian(0));
const std::string kAttributes = chunk_bytes("Attr", "a");
const std::string kDebug = chunk_bytes("Dbgi", "debug");

unsigned mode_of(const fs::path& file) {
  struct stat status {};
  return ::stat(file.c_str(), &status) == 0 ? status.st_mode & 07777 : 0;
}

}  // namespace

TEST_CASE("strip: the attributes stay, as with relx, unless they are not wanted") {
  const Scratch scratch;
  const fs::path file = scratch.path / "m.beam";
  sys::write_file(file, beam_bytes(kDebug + kChunks + kAttributes));
  CHECK(sys::gunzip(stripped_beam(BeamFile(file))) == beam_bytes(kAttributes + kChunks));
  CHECK(sys::gunzip(stripped_beam(BeamFile(file), {{}})) == beam_bytes(kChunks));
}

TEST_CASE("strip: chunks by their ids, in that order, those that lack passed over") {
  const Scratch scratch;
  const fs::path file = scratch.path / "m.beam";
  sys::write_file(file, beam_bytes(kDebug + kChunks + kAttributes));
  CHECK(beam_of_chunks(BeamFile(file), "AttrNoneDbgi") == beam_bytes(kAttributes + kDebug));
}

TEST_CASE("strip: a read-only file is replaced and keeps its mode") {
  const Scratch scratch;
  const fs::path file = scratch.path / "m.beam";
  sys::write_file(file, beam_bytes(kDebug + kChunks), 0444);
  strip_beam_files({file});
  CHECK(mode_of(file) == 0444);
  CHECK(sys::gunzip(sys::read_file(file)) == beam_bytes(kChunks));
}

TEST_CASE("strip: a file that is stripped is one that its module is still read from") {
  const fs::path lists = otp_module_file("stdlib-*/ebin/lists.beam");
  const BeamFile stripped("lists.beam", stripped_beam(BeamFile(lists)));
  CHECK(stripped.module() == Atom("lists"));
  CHECK(stripped.md5() == BeamFile(lists).md5());
  CHECK(stripped.find("Dbgi") == nullptr);
}

TEST_CASE("strip: what is no BEAM file is named, and stays") {
  const Scratch scratch;
  const fs::path file = scratch.path / "m.beam";
  sys::write_file(file, "text");
  CHECK_THROWS_WITH(strip_beam_files({file}), file.string() + ": error: not a BEAM file");
  CHECK(sys::read_file(file) == "text");
}

TEST_CASE("strip: the BEAM files below a directory, sorted, without links") {
  const Scratch scratch;
  const fs::path top = scratch.path / "top";
  sys::make_directories(top / "b");
  sys::make_directories(scratch.path / "other");
  for (const fs::path& file :
       {top / "z.beam", top / "b/a.beam", top / "a.txt", scratch.path / "other/c.beam"})
    sys::write_file(file, "");
  fs::create_symlink("z.beam", top / "y.beam");
  fs::create_directory_symlink(scratch.path / "other", top / "other");
  CHECK(beam_files_below(top) == std::vector<fs::path>{top / "b/a.beam", top / "z.beam"});
}

}  // namespace beam_strip_test
