#include "eval/library/filename.h"

#include "catch.h"
#include "evaluated.h"

namespace eval_filename_test {

using namespace relmk::eval;

TEST_CASE("filename: names are joined with one slash") {
  CHECK(join_names(U"a", U"b") == U"a/b");
  CHECK(join_names(U"a/", U"b") == U"a/b");
  CHECK(join_names(U"a", U"/b") == U"/b");
  CHECK(join_names(U"a", U"b//c/") == U"a/b/c");
  CHECK(join_names(U"/", U"b") == U"/b");
}

TEST_CASE("filename: the directory of a name") {
  CHECK(directory_of(U"a/b") == U"a");
  CHECK(directory_of(U"/a") == U"/");
  CHECK(directory_of(U"a") == U".");
  CHECK(directory_of(U"a/b/") == U"a/b");
}

TEST_CASE("filename: the module's functions answer as those do") {
  CHECK(evaluated("filename:join(\"a\", \"b\") =:= \"a/b\".") == "true");
  CHECK(evaluated("filename:join([\"a\", \"b\", \"c\"]) =:= \"a/b/c\".") == "true");
  CHECK(evaluated("filename:basename(\"a/b.erl\", \".erl\") =:= \"b\".") == "true");
  CHECK(evaluated("filename:extension(\"a/b.erl\") =:= \".erl\".") == "true");
  CHECK(evaluated("filename:dirname(\"a/b\") =:= \"a\".") == "true");
}

}  // namespace eval_filename_test
