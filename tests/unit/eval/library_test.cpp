#include "eval/library/library.h"

#include <set>
#include <utility>

#include "catch.h"

namespace eval_library_test {

using namespace relmk::eval;

TEST_CASE("library: functions are found by module, name and arity") {
  const LibraryFunction* function = find_library_function("lists", "keyfind", 3, 25);
  REQUIRE(function != nullptr);
  CHECK(function->name == "keyfind");
  CHECK(function->arity == 3);
  CHECK(find_library_function("lists", "keyfind", 2, 25) == nullptr);
  CHECK(find_library_function("lists", "no_such", 1, 25) == nullptr);
  CHECK(find_library_function("no_such", "keyfind", 3, 25) == nullptr);
  CHECK(is_library_module("lists"));
  CHECK_FALSE(is_library_module("ets"));
}

TEST_CASE("library: only erlang's are auto-imported, and not all of them") {
  CHECK(find_auto_imported("length", 1, 25) != nullptr);
  CHECK(find_auto_imported("reverse", 1, 25) == nullptr);
  CHECK(find_auto_imported("system_info", 1, 25) == nullptr);
}

TEST_CASE("library: a release has what came with it or before") {
  const LibraryTable tables[] = {erlang_functions(), lists_functions(), maps_functions(),
                                 proplists_functions(), string_functions()};
  size_t late = 0;
  for (const LibraryTable table : tables) {
    for (const LibraryFunction& function : table)
      late += function.since > 21 ? 1 : 0;
  }
  CHECK(late > 0);
  for (const LibraryFunction& function : lists_functions()) {
    const auto* found =
        find_library_function("lists", function.name, function.arity, function.since);
    CHECK(found == &function);
    if (function.since > 0)
      CHECK(find_library_function("lists", function.name, function.arity, function.since - 1) ==
            nullptr);
  }
}

TEST_CASE("library: no table has a function twice") {
  for (const LibraryTable table : {erlang_functions(), file_functions(), filename_functions(),
                                   lists_functions(), maps_functions(), string_functions()}) {
    std::set<std::pair<std::string_view, size_t>> seen;
    for (const LibraryFunction& function : table)
      CHECK(seen.emplace(function.name, function.arity).second);
  }
}

}  // namespace eval_library_test
