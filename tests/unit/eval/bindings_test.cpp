#include "eval/evaluate/bindings.h"

#include "catch.h"
#include "eval/evaluate/failure.h"

namespace eval_bindings_test {

using namespace relmk;
using namespace relmk::eval;

namespace {

const Atom kX("X"), kY("Y");

Bindings with(Bindings bindings, Atom name, int value) {
  bindings.add(name, value);
  return bindings;
}

int value_of(const Bindings& bindings, Atom name) {
  const Term* value = bindings.find(name);
  return value == nullptr ? -1 : static_cast<int>(value->as_integer());
}

}  // namespace

TEST_CASE("bindings: a copy made before does not see what is added") {
  const Bindings before = with({}, kX, 1);
  const Bindings after = with(before, kY, 2);
  CHECK(before.find(kY) == nullptr);
  CHECK(value_of(after, kX) == 1);
  CHECK(value_of(after, kY) == 2);
  CHECK(after.names_since({}) == std::vector<Atom>{kY, kX});
}

TEST_CASE("bindings: a later variable hides an earlier one") {
  CHECK(value_of(with(with({}, kX, 1), kX, 2), kX) == 2);
  Bindings outer = with({}, kX, 1);
  outer.add_all(with(with({}, kX, 3), kY, 4));
  CHECK(value_of(outer, kX) == 3);
  CHECK(value_of(outer, kY) == 4);
}

TEST_CASE("bindings: what two operands bind comes together") {
  const Bindings base = with({}, kX, 1);
  Bindings left = with(base, kY, 2);
  left.merge(with(base, Atom("Z"), 3), base);
  CHECK(value_of(left, kY) == 2);
  CHECK(value_of(left, Atom("Z")) == 3);
  Bindings untouched = base;
  untouched.merge(with(base, kY, 5), base);
  CHECK(value_of(untouched, kY) == 5);
}

TEST_CASE("bindings: operands that bind one variable to the same are fine, else it is unknown") {
  const Bindings base;
  Bindings left = with(base, kX, 1);
  left.merge(with(base, kX, 1), base);
  CHECK(value_of(left, kX) == 1);
  CHECK_THROWS_AS(left.merge(with(base, kX, 2), base), UnknownToEvaluator);
}

TEST_CASE(
    "bindings: of a thousand, each is found, hidden ones are not, and copies are as they were") {
  Bindings bindings;
  const auto name = [](int i) { return Atom("V" + std::to_string(i)); };
  for (int i = 0; i < 1000; ++i)
    bindings.add(name(i), i);
  const Bindings before = bindings;
  for (int i = 0; i < 1000; i += 2)
    bindings.add(name(i), -i);
  for (int i = 0; i < 1000; ++i) {
    REQUIRE(value_of(before, name(i)) == i);
    REQUIRE(value_of(bindings, name(i)) == (i % 2 == 0 ? -i : i));
  }
  CHECK(bindings.find(Atom("V1000")) == nullptr);
  CHECK(bindings.names_since(before).size() == 500);
}

}  // namespace eval_bindings_test
