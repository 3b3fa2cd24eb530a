#include "term/atom_references.h"

#include "catch.h"
#include "sys/error.h"
#include "term/external.h"

namespace term_atom_references_test {

using namespace relmk;
using namespace relmk::term;

namespace {

std::string bytes(std::initializer_list<int> values) {
  std::string out;
  for (const int value : values)
    out += static_cast<char>(value);
  return out;
}

const std::vector<std::string> kAtoms = {"a", "node@host",
                                         std::string(200, 'u') + std::string(60, 'v'), "\xc3\xa9"};

// The term, and what follows it.
std::pair<std::string, std::string> taken(const std::string& message) {
  std::string_view rest = message;
  std::string term = take_referring_term(rest, kAtoms);
  return {term, std::string(rest)};
}

std::string atom(const std::string& text) {
  return bytes({119, static_cast<int>(text.size())}) + text;
}

}  // namespace

TEST_CASE("atom references: become atoms, in each kind of term that holds any") {
  const std::string node = atom("node@host");
  const std::string zeros(12, '\0');
  const auto becomes = [](const std::string& from, const std::string& to) {
    CHECK(taken(from + "rest") == std::pair<std::string, std::string>('\x83' + to, "rest"));
  };
  becomes(bytes({82, 0}), atom("a"));
  becomes(bytes({82, 3}), atom("\xc3\xa9"));
  becomes(bytes({82, 2}), bytes({118, 1, 4}) + kAtoms[2]);
  becomes(bytes({104, 2, 82, 0, 82, 1}), bytes({104, 2}) + atom("a") + node);
  becomes(bytes({105, 0, 0, 0, 1, 82, 0}), bytes({105, 0, 0, 0, 1}) + atom("a"));
  becomes(bytes({108, 0, 0, 0, 1, 82, 0, 82, 1}), bytes({108, 0, 0, 0, 1}) + atom("a") + node);
  becomes(bytes({116, 0, 0, 0, 1, 82, 0, 106}),
          bytes({116, 0, 0, 0, 1}) + atom("a") + bytes({106}));
  becomes(bytes({113, 82, 0, 82, 1, 97, 2}), bytes({113}) + atom("a") + node + bytes({97, 2}));
  for (const int identifier : {88, 120})
    becomes(bytes({identifier, 82, 1}) + zeros, bytes({identifier}) + node + zeros);
  becomes(bytes({103, 82, 1}) + zeros.substr(3), bytes({103}) + node + zeros.substr(3));
  becomes(bytes({89, 82, 1}) + zeros.substr(4), bytes({89}) + node + zeros.substr(4));
  for (const int identifier : {101, 102})
    becomes(bytes({identifier, 82, 1}) + zeros.substr(7),
            bytes({identifier}) + node + zeros.substr(7));
  becomes(bytes({90, 0, 2, 82, 1}) + zeros, bytes({90, 0, 2}) + node + zeros);
  becomes(bytes({114, 0, 2, 82, 1}) + zeros.substr(3), bytes({114, 0, 2}) + node + zeros.substr(3));
}

TEST_CASE("atom references: what has none stays as it is") {
  for (const Term& term :
       {Term(5), Term(-5), Term(int64_t{1} << 62), Term(0.5), Term(), Term::binary("ab"),
        Term::bitstring("a", 3), Term::string("text"), Term::atom("other"),
        Term::tuple(
            {Term::list({Term(1000), Term::atom("b")}), Term::map({{Term(1), Term(2)}})})}) {
    const std::string encoded = encode_external(term);
    CHECK(taken(encoded.substr(1)) == std::pair<std::string, std::string>(encoded, ""));
  }
}

TEST_CASE("atom references: a fun's size grows with its atoms, also of a fun in a fun") {
  const auto fun = [](const std::string& module, const std::string& node, const std::string& held) {
    const std::string body = bytes({0}) + std::string(16, 'm') + bytes({0, 0, 0, 3, 0, 0, 0, 1}) +
                             module + bytes({97, 3, 97, 9, 88}) + node + std::string(12, '\0') +
                             held;
    return bytes({112, 0, 0, static_cast<int>((body.size() + 4) >> 8),
                  static_cast<int>((body.size() + 4) & 255)}) +
           body;
  };
  const std::string module = bytes({82, 0}), node = bytes({82, 1});
  const std::string referring = fun(module, node, fun(module, node, bytes({82, 2})));
  const std::string plain = fun(atom("a"), atom("node@host"),
                                fun(atom("a"), atom("node@host"), bytes({118, 1, 4}) + kAtoms[2]));
  CHECK(taken(referring + "rest") == std::pair<std::string, std::string>('\x83' + plain, "rest"));
  CHECK(decode_external('\x83' + plain).kind() == TermKind::Fun);
}

TEST_CASE("atom references: a message of many long atoms has a limit") {
  std::string many = bytes({108, 0, 0, 3, 232});
  for (int i = 0; i < 1000; ++i)
    many += bytes({82, 2});
  many += bytes({106});
  std::string_view rest = many;
  CHECK_THROWS_WITH(take_referring_term(rest, kAtoms, 200000),
                    "error: an external term of too many long atoms");
  CHECK(take_referring_term(rest, kAtoms, 300000).size() == 263007);
}

TEST_CASE("atom references: terms of any depth, and what is cut off or unknown") {
  const size_t depth = 200000;
  std::string deep;
  for (size_t i = 0; i < depth; ++i)
    deep += bytes({104, 1});
  CHECK(taken(deep + bytes({82, 0})).first == '\x83' + deep + atom("a"));
  const std::string whole =
      bytes({104, 3, 82, 1, 90, 0, 1, 82, 1, 0, 0, 0, 1, 0, 0, 0, 2, 107, 0, 2, 1, 2});
  CHECK_NOTHROW(taken(whole));
  for (size_t size = 0; size < whole.size(); ++size)
    CHECK_THROWS_AS(taken(whole.substr(0, size)), Error);
  for (const std::string& other :
       {bytes({82, 4}), bytes({88, 97, 1}), bytes({255}), bytes({109, 255, 255, 255, 255}),
        bytes({108, 255, 255, 255, 255})})
    CHECK_THROWS_AS(taken(other), Error);
}

}  // namespace term_atom_references_test
