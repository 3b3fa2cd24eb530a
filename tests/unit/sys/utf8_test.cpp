#include "sys/utf8.h"

#include "catch.h"

namespace sys_utf8_test {

using namespace relmk::sys;

namespace {

size_t size_of(std::string_view bytes) {
  return utf8_character(bytes).size;
}

}  // namespace

TEST_CASE("utf8: the first and the last character of each length") {
  for (const char32_t c : {0x0u, 0x7fu, 0x80u, 0x7ffu, 0x800u, 0xffffu, 0x10000u, 0x10ffffu}) {
    std::string bytes;
    append_utf8(bytes, c);
    CHECK(utf8_character(bytes).code_point == c);
    CHECK(size_of(bytes) == bytes.size());
    CHECK(bytes.size() == (c < 0x80 ? 1u : c < 0x800 ? 2u : c < 0x10000 ? 3u : 4u));
  }
}

TEST_CASE("utf8: surrogates, long forms and characters beyond Unicode are none") {
  CHECK(size_of("\xed\xa0\x80") == 0);
  CHECK(size_of("\xed\xbf\xbf") == 0);
  CHECK(size_of("\xed\x9f\xbf") == 3);
  CHECK(size_of("\xc0\x80") == 0);
  CHECK(size_of("\xc1\xbf") == 0);
  CHECK(size_of("\xe0\x80\x80") == 0);
  CHECK(size_of("\xf0\x8f\xbf\xbf") == 0);
  CHECK(size_of("\xf4\x90\x80\x80") == 0);
  CHECK(size_of("\xf8\x88\x80\x80\x80") == 0);
}

TEST_CASE("utf8: a character that is cut off, or a byte within one, is none") {
  CHECK(size_of("\xe2\x82") == 0);
  CHECK(size_of("\xc3") == 0);
  CHECK(size_of("\xe2(\xac") == 0);
  CHECK(size_of("\x82") == 0);
}

TEST_CASE("utf8: only the first character counts") {
  CHECK(size_of("€\xff") == 3);
  CHECK(utf8_character("ab").code_point == U'a');
}

TEST_CASE("utf8: texts come back") {
  const std::u32string text = U"aä€😀";
  CHECK(utf8(text) == "aä€😀");
  CHECK(code_points("aä€😀") == text);
  CHECK(code_points("").empty());
}

TEST_CASE("utf8: a byte that is no UTF-8 stands for itself") {
  CHECK(code_points("a\xe4"
                    "b€") == U"aäb€");
  CHECK(code_points("\xe2\x82") == U"\u00e2\u0082");
}

TEST_CASE("utf8: each byte of a Latin-1 text is a character") {
  CHECK(latin1_code_points("a\xe4\xc3") == U"aäÃ");
}

}  // namespace sys_utf8_test
