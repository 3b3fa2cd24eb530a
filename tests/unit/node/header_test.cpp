#include "node/distribution/header.h"

#include "catch.h"
#include "sys/error.h"

namespace node_header_test {

using namespace relmk;
using namespace relmk::node;

namespace {

using Strings = std::vector<std::string>;

std::string bytes(std::initializer_list<int> values) {
  std::string out;
  for (const int value : values)
    out += static_cast<char>(value);
  return out;
}

Strings taken(AtomCache& cache, std::string message) {
  std::string_view rest = message;
  Strings atoms = cache.take_header(rest);
  atoms.emplace_back(rest);
  return atoms;
}

}  // namespace

TEST_CASE("distribution header: without atoms") {
  CHECK(encode_header() == bytes({131, 68, 0}));
  AtomCache cache;
  CHECK(taken(cache, encode_header() + "rest") == Strings{"rest"});
}

TEST_CASE("distribution header: what is encoded is taken, whatever the number of atoms") {
  Strings names;
  std::string entries;
  for (size_t count = 0; count <= 255; ++count) {
    AtomCache cache;
    Strings expected = names;
    expected.emplace_back("rest");
    CHECK(taken(cache, encode_header({entries, count}) + "rest") == expected);
    names.push_back(count % 7 == 0 ? std::string(255 - count, 'x') : "a" + std::to_string(count));
    entries +=
        bytes({static_cast<int>(count), static_cast<int>(names.back().size())}) + names.back();
  }
}

TEST_CASE("distribution header: an entry is named once, in any of eight segments") {
  AtomCache cache;
  // Two new entries, of segments 0 and 7, with the same number; two bytes of flags.
  CHECK(taken(cache, bytes({131, 68, 2, 0xf8, 0, 5, 1, 'a', 5, 2, 'b', 'c'})) ==
        Strings{"a", "bc", ""});
  // Both again, in another order.
  CHECK(taken(cache, bytes({131, 68, 2, 0x07, 0, 5, 5})) == Strings{"bc", "a", ""});
  // The first one is replaced; its length has two bytes.
  CHECK(taken(cache, bytes({131, 68, 1, 0x18, 5, 0, 1, 'z'})) == Strings{"z", ""});
  CHECK(taken(cache, bytes({131, 68, 1, 0x00, 5})) == Strings{"z", ""});
}

TEST_CASE("distribution header: what is none, or is cut off, is an error") {
  AtomCache cache;
  const std::string whole = bytes({131, 68, 2, 0x88, 0, 5, 1, 'a', 6, 2, 'b', 'c'});
  for (size_t size = 0; size < whole.size(); ++size)
    CHECK_THROWS_AS(taken(cache, whole.substr(0, size)), Error);
  for (const std::string& other :
       {bytes({112, 131, 106}), bytes({131, 69, 0}), bytes({131, 104, 0})})
    CHECK_THROWS_AS(taken(cache, other), Error);
}

}  // namespace node_header_test
