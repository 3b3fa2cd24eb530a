#include "node/console/terminal_input.h"

#include "catch.h"
#include "term/term.h"

namespace node_terminal_input_test {

using namespace relmk;
using namespace relmk::node;

namespace {

// All characters that come without a pause, in UTF-8; ^V as ^.
std::string decoded(InputDecoder& decoder) {
  std::string out;
  while (const auto character = decoder.next()) {
    sys::append_utf8(out, *character == 0x16 ? U'^' : *character);
  }
  return out;
}

}  // namespace

TEST_CASE("terminal input: decodes characters of several reads") {
  InputDecoder decoder;
  decoder.put("a\xe2\x82");
  CHECK(decoded(decoder) == "a");
  CHECK(decoder.waits_for_more());
  decoder.put("\xac");
  CHECK(decoded(decoder) == "\xe2\x82\xac");
  CHECK_FALSE(decoder.waits_for_more());
}

TEST_CASE("terminal input: hands out paste as it is") {
  InputDecoder decoder;
  decoder.put("\x1b[200~X =\r\n\t1.\rY\n\x1b[201~z");
  CHECK(decoded(decoder) == "X =\n^\t1.\nY\nz");
}

TEST_CASE("terminal input: waits for the end of a paste") {
  InputDecoder decoder;
  decoder.put("\x1b[20");
  CHECK(decoded(decoder).empty());
  decoder.put("0~io:");
  CHECK(decoded(decoder).empty());
  decoder.put("nl()\x1b[20");
  CHECK_FALSE(decoder.next_after_pause());
  decoder.put("1~");
  CHECK(decoded(decoder) == "io:nl()");
}

TEST_CASE("terminal input: keeps escapes in a paste harmless") {
  InputDecoder decoder;
  decoder.put("\x1b[200~\x1b[A\x7f\x1b[201~");
  CHECK(decoded(decoder) == "^\x1b[A^\x7f");
}

TEST_CASE("terminal input: takes a lone escape after a pause") {
  InputDecoder decoder;
  decoder.put("\x1b");
  CHECK_FALSE(decoder.next());
  CHECK(decoder.next_after_pause() == U'\x1b');
  decoder.put("\x1b[A");
  CHECK(decoded(decoder) == "\x1b[A");
}

TEST_CASE("terminal input: takes bytes that are not UTF-8 as Latin-1") {
  InputDecoder decoder;
  decoder.put("\xff\xc3(\xe2\x82x");
  CHECK(decoded(decoder) == "ÿÃ(â\xc2\x82x");
  decoder.put("\xe9");
  CHECK(decoded(decoder).empty());
  decoder.put("\n");
  CHECK(decoded(decoder) == "é\n");
}

}  // namespace node_terminal_input_test
