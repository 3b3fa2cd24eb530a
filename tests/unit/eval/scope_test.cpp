#include "eval/syntax/scope.h"

#include <string>

#include "catch.h"

namespace eval_scope_test {

using namespace relmk;
using namespace relmk::eval;

namespace {

Atom name(int i) {
  return Atom("N" + std::to_string(i));
}

// N0 to N(count - 1), each with its number.
Scope<int> numbered(int count) {
  Scope<int> scope;
  for (int i = 0; i < count; ++i)
    scope.add(name(i), i);
  return scope;
}

}  // namespace

TEST_CASE("scope: few names and many are found alike") {
  for (const int count : {0, 1, 16, 17, 18, 3000}) {
    const Scope<int> scope = numbered(count);
    for (int i = 0; i < count; ++i)
      REQUIRE(*scope.find(name(i)) == i);
    CHECK_FALSE(scope.contains(name(count)));
  }
}

TEST_CASE("scope: a name that is there is not new") {
  Scope<int> scope = numbered(20);
  CHECK_FALSE(scope.add_new(name(3), 99));
  CHECK(*scope.find(name(3)) == 3);
  CHECK(scope.add_new(name(20), 20));
  CHECK(*scope.find(name(20)) == 20);
}

TEST_CASE("scope: what was added since a copy, the latest first, hidden ones too") {
  const Scope<int> base = numbered(20);
  Scope<int> scope = base;
  CHECK(scope.is_same(base));
  scope.add(name(1), 101);
  scope.add(name(20), 20);
  scope.add(name(1), 102);
  CHECK_FALSE(scope.is_same(base));
  std::string added;
  scope.each_since(base, [&](Atom its_name, int value) {
    added += its_name.text() + "=" + std::to_string(value) + " ";
  });
  CHECK(added == "N1=102 N20=20 N1=101 ");
  CHECK(*base.find(name(1)) == 1);
}

TEST_CASE("scope: many names go without as many nested calls") {
  CHECK(*numbered(150'000).find(name(0)) == 0);
}

}  // namespace eval_scope_test
