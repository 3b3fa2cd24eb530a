#include "node/upgrade/tarball.h"

#include <cstring>

#include "catch.h"
#include "scratch.h"
#include "sys/error.h"
#include "sys/gzip.h"

namespace node_tarball_test {

using namespace relmk;
using Catch::Matchers::ContainsSubstring;
using node::Tarball;
using node::TarMember;

namespace {

struct Member {
  std::string path, content;
  char type = '0';
  std::string target = {};
};

std::string block(std::string bytes) {
  bytes.resize((bytes.size() + 511) / 512 * 512);
  return bytes;
}

std::string tar(const std::vector<Member>& members) {
  std::string out;
  for (const Member& member : members) {
    std::string header(512, '\0');
    const auto put = [&](size_t at, const std::string& text) {
      std::memcpy(&header[at], text.data(), text.size());
    };
    put(0, member.path);
    put(100, "0000644");
    char size[16];
    std::snprintf(size, sizeof size, "%011zo", member.content.size());
    put(124, size);
    header[156] = member.type;
    put(157, member.target);
    put(257, std::string("ustar\0"
                         "00",
                         8));
    put(148, "        ");
    unsigned sum = 0;
    for (const char c : header)
      sum += static_cast<unsigned char>(c);
    char digits[16];
    std::snprintf(digits, sizeof digits, "%06o", sum);
    put(148, std::string(digits, 6) + '\0');
    out += header + block(member.content);
  }
  return out + std::string(1024, '\0');
}

std::string refusal(std::string bytes) {
  try {
    Tarball("t.tar.gz", std::move(bytes));
  } catch (const Error& error) {
    return error.message();
  }
  return "";
}

}  // namespace

TEST_CASE("tarball: files directories and links") {
  const Tarball tarball("t", sys::gzip(tar({{"./lib/", "", '5'},
                                            {"lib/a", "hello"},
                                            {"lib/b", "", '2', "a"},
                                            {"lib/c", "", '1', "lib/a"}}),
                                       6));
  REQUIRE(tarball.members().size() == 4);
  CHECK(tarball.find("lib")->kind == TarMember::Kind::Directory);
  CHECK(tarball.find("lib/a")->content == "hello");
  CHECK(tarball.find("lib/b")->target == "a");
  CHECK(tarball.find("lib/c")->content == "hello");
  CHECK(tarball.find("lib/d") == nullptr);
}

TEST_CASE("tarball: of equal paths the last counts") {
  const Tarball tarball("t", tar({{"a", "1"}, {"a", "2"}}));
  REQUIRE(tarball.members().size() == 1);
  CHECK(tarball.find("a")->content == "2");
}

TEST_CASE("tarball: long names of GNU and pax") {
  const std::string name(150, 'x');
  const std::string record = "162 path=" + std::string(152, 'y') + "\n";
  const Tarball tarball("t", tar({{"././@LongLink", name + '\0', 'L'},
                                  {"short", "1"},
                                  {"pax", record, 'x'},
                                  {"short", "2"}}));
  CHECK(tarball.find(name)->content == "1");
  CHECK(tarball.find(std::string(152, 'y'))->content == "2");
}

TEST_CASE("tarball: what has no place in a release") {
  CHECK_THAT(refusal(tar({{"../a", ""}})), ContainsSubstring("outside of the release"));
  CHECK_THAT(refusal(tar({{"lib/../../a", ""}})), ContainsSubstring("outside of the release"));
  CHECK_THAT(refusal(tar({{"/etc/passwd", ""}})), ContainsSubstring("outside of the release"));
  CHECK_THAT(refusal(tar({{"lib/a", "", '2', "/etc"}})), ContainsSubstring("leads out"));
  CHECK_THAT(refusal(tar({{"lib/a", "", '2', "../../x"}})), ContainsSubstring("leads out"));
  CHECK_THAT(refusal(tar({{"lib/a", "", '2', "../lib"}, {"lib/a/b", "x"}})),
             ContainsSubstring("through a link"));
  CHECK_THAT(refusal(tar({{"lib/a", "", '1', "/etc/passwd"}})), ContainsSubstring("does not hold"));
  CHECK_THAT(refusal(tar({{"dev", "", '3'}})), ContainsSubstring("neither file"));
  CHECK(refusal(tar({{"lib/a", "", '2', "../bin/x"}})) == "");
}

TEST_CASE("tarball: damaged at every byte") {
  const std::string whole = tar({{"lib/a", "hello"}});
  for (const size_t size : {0, 1, 511, 512, 600, 1024})
    CHECK_THAT(refusal(whole.substr(0, size)), ContainsSubstring("cut off"));
  std::string broken = whole;
  broken[3] = 'X';
  CHECK_THAT(refusal(broken), ContainsSubstring("wrong checksum"));
  const std::string packed = sys::gzip(whole, 6);
  for (size_t size = 2; size < packed.size(); ++size)
    CHECK_THAT(refusal(packed.substr(0, size)), ContainsSubstring("cut off"));
}

TEST_CASE("tarball: digest") {
  const Scratch scratch;
  const fs::path file = scratch.path / "t.tar.gz";
  sys::write_file(file, "abc");
  CHECK_FALSE(node::check_digest(file));
  const std::string digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  sys::write_file(file.string() + ".sha256", digest + "  t.tar.gz\n");
  CHECK(node::check_digest(file));
  sys::write_file(file.string() + ".sha256", "00" + digest.substr(2) + " *t.tar.gz\n");
  CHECK_THROWS_WITH(node::check_digest(file), ContainsSubstring("has not the digest"));
}

}  // namespace node_tarball_test
