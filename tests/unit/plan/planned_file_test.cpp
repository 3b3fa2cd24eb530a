#include "plan/planned_file.h"

#include <sys/stat.h>

#include <chrono>

#include "beam/modules.h"
#include "catch.h"
#include "plan/manifest.h"
#include "scratch.h"
#include "sys/error.h"
#include "sys/gzip.h"

namespace plan_planned_file_test {

using namespace relmk;
using namespace relmk::plan;
using Kind = PlannedFile::Kind;

namespace {

struct Made {
  Scratch scratch;
  fs::path source = scratch.path / "source";
  fs::path target = scratch.path / "target";

  void make(const PlannedFile& file) const {
    const MadeFile made = make_planned_file(file, target);
    CHECK(FileStamp::of(made.status) == FileStamp::at(target));
    const bool is_of_source = file.kind != Kind::Link && !file.source.empty();
    REQUIRE(made.source.has_value() == is_of_source);
    if (is_of_source) CHECK(FileStamp::of(*made.source) == FileStamp::at(source));
  }
  // An old file, so that a new one has another time.
  void set_source(const std::string& bytes, unsigned mode) const {
    sys::write_file(source, bytes, mode);
    fs::last_write_time(source, fs::file_time_type::clock::now() - std::chrono::hours(24));
  }
  bool has_time_of_source() const {
    return fs::last_write_time(source) == fs::last_write_time(target);
  }
  unsigned mode() const {
    struct stat status {};
    return ::stat(target.c_str(), &status) == 0 ? status.st_mode & 07777 : 0;
  }
};

const std::string kChunks = beam::chunk_bytes("AtU8", beam::big_endian(1) + "\x01m") +
                            beam::chunk_bytes("Code", "c") + beam::chunk_bytes("StrT", "") +
                            beam::chunk_bytes("ImpT", beam::big_endian(0)) +
                            beam::chunk_bytes("ExpT", beam::big_endian(0));
const std::string kBeam = beam::beam_bytes(beam::chunk_bytes("Dbgi", "d") + kChunks);

}  // namespace

TEST_CASE("planned file: a copy has its source's bytes, mode and time, or the mode planned") {
  Made made;
  made.set_source("x", 0754);
  made.make({Kind::Copy, made.source, {}, {}});
  CHECK(sys::read_file(made.target) == "x");
  CHECK(made.mode() == 0754);
  CHECK(made.has_time_of_source());
  fs::remove(made.target);
  made.make({Kind::Copy, made.source, {}, 0600});
  CHECK(made.mode() == 0600);
}

TEST_CASE("planned file: no copy runs as another user") {
  Made made;
  made.set_source("x", 0755);
  ::chmod(made.source.c_str(), 06755);
  made.make({Kind::Copy, made.source, {}, {}});
  CHECK(made.mode() == 0755);
}

TEST_CASE("planned file: content is 0644 unless said, and of its source's time") {
  Made made;
  made.set_source("other", 0600);
  made.make({Kind::Content, made.source, "text", {}});
  CHECK(sys::read_file(made.target) == "text");
  CHECK(made.mode() == 0644);
  CHECK(made.has_time_of_source());
  fs::remove(made.target);
  made.make({Kind::Content, {}, "text", 0755});
  CHECK(made.mode() == 0755);
}

TEST_CASE("planned file: a stripped module lacks its debug chunks alone") {
  Made made;
  made.set_source(kBeam, 0640);
  made.make({Kind::Strip, made.source, {}, {}});
  CHECK(sys::gunzip(sys::read_file(made.target)) == beam::beam_bytes(kChunks));
  CHECK(made.mode() == 0640);
  CHECK(made.has_time_of_source());
}

TEST_CASE("planned file: chunks by their ids, gzipped where that is planned") {
  Made made;
  made.set_source(kBeam, 0640);
  const std::string chunk = beam::beam_bytes(beam::chunk_bytes("Dbgi", "d"));
  made.make({Kind::Chunks, made.source, "Dbgi", {}});
  CHECK(sys::read_file(made.target) == chunk);
  fs::remove(made.target);
  made.make({Kind::CompressedChunks, made.source, "Dbgi", {}});
  CHECK(sys::gunzip(sys::read_file(made.target)) == chunk);
}

TEST_CASE("planned file: what is no module is copied where chunks of one are planned") {
  Made made;
  made.set_source("text", 0640);
  made.make({Kind::Chunks, made.source, "Dbgi", {}});
  CHECK(sys::read_file(made.target) == "text");
}

TEST_CASE("planned file: directories and links") {
  Made made;
  made.make({Kind::Directory, {}, {}, 0700});
  CHECK(fs::is_directory(made.target));
  CHECK(made.mode() == 0700);
  fs::remove(made.target);
  made.make({Kind::Link, "no/where", {}, {}});
  CHECK(fs::read_symlink(made.target) == "no/where");
}

TEST_CASE("planned file: an error names the file that it is about") {
  Made made;
  CHECK_THROWS_WITH(made.make({Kind::Copy, made.source, {}, {}}),
                    Catch::Matchers::StartsWith(made.source.string() + ": error: cannot read"));
  sys::write_file(made.target, "there");
  CHECK_THROWS_WITH(made.make({Kind::Directory, {}, {}, {}}),
                    Catch::Matchers::StartsWith(made.target.string() + ": error: "));
  CHECK_THROWS_WITH(made.make({Kind::Link, "x", {}, {}}),
                    Catch::Matchers::StartsWith(made.target.string() + ": error: "));
  CHECK(sys::read_file(made.target) == "there");
}

}  // namespace plan_planned_file_test
