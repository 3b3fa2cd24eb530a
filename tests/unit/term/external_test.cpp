#include "term/external.h"

#include "catch.h"
#include "term/consult.h"
#include "term/print.h"

namespace term_external_test {

using namespace relmk;
using namespace relmk::term;
using namespace std::string_literals;

namespace {

Term parsed(std::string_view text) {
  return consult_text("f", text)[0];
}

std::string error_of(std::string_view bytes) {
  try {
    decode_external(bytes);
  } catch (const Error& error) {
    return error.message();
  }
  return "none";
}

}  // namespace

TEST_CASE("external: a term comes back") {
  const Term all = parsed(
      "{a,'€',-1,256,16#ffffffffff,-(16#ffffffffffffffffffff),1.5,\"str\",[1|2],[],<<1,2:3>>,"
      "#{a=>[b,1000]},fun m:f/2}.");
  CHECK(print_plain(decode_external(encode_external(all))) == print_plain(all));
  CHECK(print_plain(decode_external(encode_external(all, {true}))) == print_plain(all));
}

TEST_CASE("external: atoms by the OTP version") {
  CHECK(encode_external(Atom("ab")) ==
        "\x83\x77\x02"
        "ab");
  CHECK(encode_external(Atom("ab"), {true}) ==
        "\x83\x64\x00\x02"
        "ab"s);
  CHECK(encode_external(Atom("å"), {true}) == "\x83\x64\x00\x01\xe5"s);
  CHECK(encode_external(Atom("€"), {true}) == "\x83\x77\x03€");
}

TEST_CASE("external: a pid encodes to the bytes that it came from") {
  const std::string pid = "\x83\x58\x77\x01n\x00\x00\x00\x05\x00\x00\x00\x01\x00\x00\x00\x02"s;
  CHECK(print_plain(decode_external(pid)) == "<0.5.1>");
  CHECK(encode_external(decode_external(pid)) == pid);
}

TEST_CASE("external: terms one after the other") {
  const std::string two = encode_external(1) + encode_external(Atom("a"));
  std::string_view rest = two;
  CHECK(take_external(rest) == Term(1));
  CHECK(take_external(rest) == Term::atom("a"));
  CHECK(rest.empty());
}

TEST_CASE("external: broken data is refused") {
  CHECK(error_of("") == "external term format: byte 0: the data ends too early");
  CHECK(error_of("x") == "external term format: byte 0: not the version of an external term");
  CHECK(error_of("\x83\xff") == "external term format: byte 1: unknown tag 255");
  CHECK(error_of("\x83\x6c\xff\xff\xff\xff\x6a") ==
        "external term format: byte 6: a list longer than the data");
  CHECK(error_of("\x83\x50\x00\x00\x00\x05zzzz"s) ==
        "external term format: byte 6: broken compressed data");
  CHECK(error_of("\x83\x77\x01\xff") == "external term format: byte 4: an atom that is not UTF-8");
  CHECK(error_of("\x83\x5a\x00\x00\x77\x01n\x00\x00\x00\x00"s) ==
        "external term format: byte 4: a reference of no length that there is");
}

TEST_CASE("external: as many terms in one as memory is for") {
  const auto list_of = [](uint32_t count, const std::string& element) {
    std::string bytes = "\x83l";
    for (int shift = 24; shift >= 0; shift -= 8)
      bytes += static_cast<char>(count >> shift & 0xff);
    for (uint32_t i = 0; i < count; ++i)
      bytes += element;
    return bytes + "j";
  };
  const uint32_t most = kMostExternalParts - 2;  // the list, and its end
  CHECK(error_of(list_of(most, "j")) == "none");
  CHECK(error_of(list_of(most + 1, "j")) ==
        "external term format: byte 20000005: more than 20000000 terms in one");
  const std::string string = "k\xff\xff" + std::string(0xffff, 'x');
  CHECK(error_of(list_of(306, string)).ends_with("more than 20000000 terms in one"));
  CHECK(error_of(list_of(305, string)) == "none");
}

TEST_CASE("external: terms nested too deeply can be kept as they are") {
  const std::string pid = "\x58\x77\x01n\x00\x00\x00\x05\x00\x00\x00\x01\x00\x00\x00\x02"s;
  const std::string port = "\x78\x77\x01n\x00\x00\x00\x00\x00\x00\x00\x05\x00\x00\x00\x01"s;
  const std::string reference =
      "\x5a\x00\x02\x77\x01n\x00\x00\x00\x01\x00\x00\x00\x02\x00\x00\x00\x03"s;
  const std::string fun =
      "\x70\x00\x00\x00\x34"s + std::string(25, '\0') + "\x77\x01m\x61\x01\x61\x02" + pid;
  std::string deep = "\x83";
  for (int i = 0; i < 100000; ++i)
    deep += "\x68\x05" + pid + port + reference + fun;
  deep += "\x61\x01";
  std::string_view rest = deep;
  const Term term = take_external(rest, DeepTerms::Opaque);
  CHECK(rest.empty());
  CHECK(encode_external(term) == deep);
  CHECK(print_plain(term).find("{...,...,...,...,...}}") != std::string::npos);
  rest = std::string_view(deep).substr(0, deep.size() - 1);
  CHECK_THROWS_AS(take_external(rest, DeepTerms::Opaque), Error);
}

TEST_CASE("external: terms nested too deeply are refused") {
  std::string deep = "\x83";
  for (int i = 0; i < 100000; ++i)
    deep += "\x68\x01";
  CHECK(error_of(deep).ends_with("term nested too deeply"));
}

TEST_CASE("external: a term that is only sent on encodes to what it came from") {
  const Term list = Term::list({Term::atom("a"), Term(1)});
  const Term sent = encoded_term(encode_external(list));
  CHECK(print_plain(sent) == "...");
  const Term tuple = Term::tuple({Term::atom("work"), sent});
  CHECK(decode_external(encode_external(tuple)) == Term::tuple({Term::atom("work"), list}));
}

}  // namespace term_external_test
