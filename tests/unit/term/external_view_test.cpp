#include "term/external_view.h"

#include "catch.h"
#include "sys/error.h"
#include "term/consult.h"
#include "term/external.h"

namespace term_external_view_test {

using namespace relmk;
using namespace relmk::term;
using namespace std::string_literals;

namespace {

// The bytes of a term, without the version byte.
std::string bytes_of(std::string_view text) {
  return encode_external(consult_text("f", text).front()).substr(1);
}

}  // namespace

TEST_CASE("external view: kinds, sizes and values") {
  const std::string bytes = bytes_of("{conf,[1,-2,a],\"str\",[],1.5}.");
  const ExternalView view(bytes);
  CHECK(view.is_tuple(5));
  CHECK(view.is_tagged("conf"));
  CHECK(view.is_tagged("conf", 5));
  CHECK_FALSE(view.is_tagged("conf", 4));
  CHECK_FALSE(view.is_tagged("other"));
  const ExternalView list = view.element(1);
  CHECK(list.is_list());
  CHECK(list.size() == 3);
  CHECK(list.element(0).integer() == 1);
  CHECK(list.element(1).integer() == -2);
  CHECK(list.element(2).is_atom("a"));
  CHECK_FALSE(list.element(2).integer());
  CHECK_FALSE(view.element(2).is_list());  // encoded as a string of bytes
  CHECK(view.element(3).is_list());
  CHECK(view.element(3).size() == 0);
  CHECK(view.element(4).bytes().size() == 9);
}

TEST_CASE("external view: what follows a term is found without decoding it") {
  const std::string bytes = bytes_of("{#{a => <<1,2:3>>},fun m:f/1,16#ffffffffffffffffff}.") + "!";
  const ExternalView view(bytes);
  CHECK(view.bytes().size() == bytes.size() - 1);
  ExternalView at = view.first();
  for (int i = 0; i < 2; ++i)
    at = at.next();
  CHECK(at.bytes() == bytes_of("16#ffffffffffffffffff."));
}

TEST_CASE("external view: a term that ends too early is none, wherever it ends") {
  const std::string atoms = "\x64\0\1\xe5\x73\1\xe5\x76\0\1z"s;
  const std::string bytes =
      "\x68\7" + atoms +
      bytes_of("{[],1,-300,16#ffffffffffffffffff,1.5,\"str\",<<1,2:3>>,[a|b],#{k => [v]}}.") +
      bytes_of("fun mod:name/200.") + bytes_of("[[],{},[{x}]].") + "\x61\2";
  CHECK(ExternalView(bytes + "!").next().rest() == "!");
  CHECK(ExternalView(bytes).next().rest().empty());
  const auto ignore = [](const ExternalView&, const ExternalView&, int64_t) {};
  for (size_t length = 0; length < bytes.size(); ++length) {
    const std::string cut(bytes, 0, length);
    INFO(length);
    CHECK_THROWS_AS(ExternalView(cut).next(), Error);
    CHECK_THROWS_AS(ExternalView(cut).for_each_external_fun(ignore), Error);
  }
}

TEST_CASE("external view: atoms in Latin-1 are told in UTF-8") {
  const std::string latin1 = "\x64\0\1\xe5"s;
  CHECK(ExternalView(latin1).atom() == Atom("å"));
  CHECK(ExternalView(latin1).atom_text() == "\xe5");
  CHECK(ExternalView(bytes_of("'å'.")).atom() == Atom("å"));
}

TEST_CASE("external view: identifiers are passed over") {
  const std::string node = "\x77\x01n";
  const std::string pid = "\x58" + node + std::string(12, '\0');
  const std::string reference = "\x5a\0\2"s + node + std::string(12, '\0');
  const std::string port = "\x78" + node + std::string(12, '\0');
  const std::string all = "\x68\4"s + pid + reference + port + "\x61\7";
  CHECK(ExternalView(all).element(3).integer() == 7);
}

TEST_CASE("external view: each fun M:F/A is visited, however deep it lies") {
  std::string bytes;
  for (int i = 0; i < 100000; ++i)
    bytes += "\x68\1"s;
  bytes += bytes_of("[fun m:f/1,{fun 'N':g/0},x].");
  std::string seen;
  ExternalView(bytes).for_each_external_fun([&](const ExternalView& module,
                                                const ExternalView& function, int64_t arity) {
    seen += module.atom().text() + ":" + function.atom().text() + "/" + std::to_string(arity) + " ";
  });
  CHECK(seen == "m:f/1 N:g/0 ");
}

TEST_CASE("external view: bytes that are no term are refused where they are asked for") {
  CHECK_THROWS_AS(ExternalView("").is_atom(), Error);
  CHECK_THROWS_AS(ExternalView("\xff").next(), Error);
  CHECK_THROWS_AS(ExternalView("\x68\2\x61\1"s).next(), Error);
  CHECK_THROWS_AS(ExternalView("\x61\1"s).size(), Error);
  CHECK_THROWS_AS(ExternalView("\x61\1"s).atom(), Error);
  CHECK_THROWS_AS(ExternalView("\x77\5xx"s).atom(), Error);
  const std::string node_is_no_atom = "\x58\x61\1"s + std::string(12, '\0');
  CHECK_THROWS_AS(ExternalView(node_is_no_atom).next(), Error);
}

TEST_CASE("external view: a term without its version, inflated where it was compressed") {
  CHECK(inflated_external("\x83\x61\5"s) == "\x61\5");
  // zlib's stored block of the two bytes
  const std::string zlib = "\x78\x01\x01\x02\x00\xfd\xff\x61\x05\x00\xc9\x00\x67"s;
  CHECK(inflated_external("\x83\x50\0\0\0\2"s + zlib) == "\x61\5");
  CHECK_THROWS_AS(inflated_external("\x83\x50\0\0\0\3"s + zlib), Error);
  CHECK_THROWS_AS(inflated_external("\x83\x50\0\0"s), Error);
  CHECK_THROWS_AS(inflated_external("\x61\5"s), Error);
  CHECK_THROWS_AS(inflated_external(""), Error);
}

}  // namespace term_external_view_test
