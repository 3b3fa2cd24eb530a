#include "eval/library/string.h"

#include "catch.h"
#include "evaluated.h"

namespace eval_string_test {

using namespace relmk::eval;

TEST_CASE("string: on lists of characters") {
  CHECK(evaluated("string:tokens(\"a,b;;c\", \",;\") =:= [\"a\", \"b\", \"c\"].") == "true");
  CHECK(evaluated("string:join([\"a\", \"b\"], \", \") =:= \"a, b\".") == "true");
  CHECK(evaluated("string:strip(\"  a \") =:= \"a\".") == "true");
  CHECK(evaluated("string:str(\"abcb\", \"b\").") == "2");
  CHECK(evaluated("string:to_integer(\"12ab\") =:= {12, \"ab\"}.") == "true");
}

TEST_CASE("string: on chardata, what it gets back is of the same kind") {
  CHECK(evaluated("string:trim(<<\" a \">>).") == "<<97>>");
  CHECK(evaluated("string:split(\"a=b=c\", \"=\") =:= [\"a\", \"b=c\"].") == "true");
  CHECK(evaluated("string:split(<<\"a=b\">>, \"=\", all) =:= [<<\"a\">>, <<\"b\">>].") == "true");
  CHECK(evaluated("string:length(\"äb\").") == "2");
  CHECK(evaluated("string:uppercase(\"ab\") =:= \"AB\".") == "true");
}

TEST_CASE("string: what only the VM's tables of Unicode tell is left to it") {
  CHECK(evaluated("string:uppercase(\"ä\").").starts_with("vm: "));
}

TEST_CASE("string: the halves share no function") {
  for (const LibraryFunction& old : old_string_functions()) {
    for (const LibraryFunction& other : new_string_functions())
      CHECK_FALSE((old.name == other.name && old.arity == other.arity));
  }
}

}  // namespace eval_string_test
