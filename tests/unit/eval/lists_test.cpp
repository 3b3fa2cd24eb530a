#include "eval/library/lists.h"

#include "catch.h"
#include "evaluated.h"

namespace eval_lists_test {

using namespace relmk::eval;

TEST_CASE("lists: of tuples, by a key") {
  CHECK(evaluated("lists:keyfind(b, 1, [{a, 1}, x, {b, 2}]).") == "{b,2}");
  CHECK(evaluated("lists:keyfind(c, 1, [{a, 1}]).") == "false");
  CHECK(evaluated("lists:keystore(a, 1, [{a, 1}, {a, 2}], {a, 3}).") == "[{a,3},{a,2}]");
  CHECK(evaluated("lists:keysort(2, [{a, 2}, {b, 1}, {c, 2}]).") == "[{b,1},{a,2},{c,2}]");
  CHECK(evaluated("lists:keydelete(a, 1, [{b, 1}, {a, 1}]).") == "[{b,1}]");
}

TEST_CASE("lists: merged") {
  CHECK(evaluated("lists:merge([1, 3], [2, 4]).") == "[1,2,3,4]");
  CHECK(evaluated("lists:umerge([1, 2], [2, 3]).") == "[1,2,3]");
  CHECK(evaluated("lists:usort([b, a, b]).") == "[a,b]");
}

TEST_CASE("lists: with a fun") {
  CHECK(evaluated("lists:map(fun(X) -> X * 2 end, [1, 2]).") == "[2,4]");
  CHECK(evaluated("lists:foldl(fun(X, A) -> [X | A] end, [], [1, 2]).") == "[2,1]");
  CHECK(evaluated("lists:filter(fun(X) -> X > 1 end, [1, 2]).") == "[2]");
  CHECK(evaluated("lists:sort(fun(A, B) -> A >= B end, [1, 3, 2]).") == "[3,2,1]");
  CHECK(evaluated("lists:partition(fun erlang:is_atom/1, [a, 1]).") == "{[a],[1]}");
}

TEST_CASE("lists: no table has what another one has") {
  for (const LibraryFunction& function : lists_key_functions()) {
    for (const LibraryTable other : {lists_merge_functions(), lists_fun_functions()}) {
      for (const LibraryFunction& there : other)
        CHECK_FALSE((function.name == there.name && function.arity == there.arity));
    }
  }
}

}  // namespace eval_lists_test
