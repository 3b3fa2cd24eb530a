#include "eval/library/support.h"

#include <cerrno>

#include "catch.h"
#include "eval/evaluate/fun.h"
#include "evaluated.h"

namespace eval_support_test {

using namespace relmk;
using namespace relmk::eval;

TEST_CASE("support: results of files") {
  CHECK(term::print_plain(ok(1)) == "{ok,1}");
  CHECK(term::print_plain(error_tuple("x")) == "{error,x}");
  CHECK(term::print_plain(posix_error(ENOENT)) == "{error,enoent}");
  CHECK(posix_name(EACCES) == "eacces");
}

TEST_CASE("support: arguments taken apart, or left to the VM") {
  CHECK(list_elements(Term::list({1, 2})).size() == 2);
  CHECK_THROWS_AS(list_elements(Term::improper_list({1}, 2)), UnknownToEvaluator);
  CHECK_THROWS_AS(list_elements(Term(1)), UnknownToEvaluator);
  const Term fun = term::ExternalFun::term(Atom("m"), Atom("f"), 1);
  CHECK(fun_of(fun, 1) == fun);
  CHECK_THROWS_AS(fun_of(fun, 2), UnknownToEvaluator);
  CHECK(small_integer(5) == 5);
  CHECK_THROWS_AS(small_integer(Term::atom("a")), Raised);
  CHECK(truth(Term::boolean(true)));
  CHECK_FALSE(truth(Term::boolean(false)));
}

TEST_CASE("support: the order of a map's entries, as far as it is known") {
  ScriptOptions options;
  options.otp_release = "25";
  const Evaluator old(options);
  options.otp_release = "26";
  const Evaluator newer(options);
  const Term atoms = Term::map({{Term::atom("b"), 1}, {Term::atom("a"), 2}});
  CHECK(entries_in_order(old, atoms)[0].first.is_atom("a"));
  CHECK_THROWS_AS(entries_in_order(newer, atoms), UnknownToEvaluator);
  std::vector<Term::MapEntry> many;
  for (int i = 0; i < 33; ++i)
    many.emplace_back(i, i);
  CHECK_THROWS_AS(entries_in_order(old, Term::map(many)), UnknownToEvaluator);
}

TEST_CASE("support: a list of uncertain shape is found wherever it lies") {
  const Term uncertain = with_uncertain_shape({1, 2});
  CHECK(has_uncertain_shape(uncertain));
  CHECK(has_uncertain_shape(Term::tuple({Term::list({uncertain})})));
  CHECK_FALSE(has_uncertain_shape(Term::list({1, 2})));
}

TEST_CASE("support: options and file names") {
  const Term options = Term::list({Term::atom("global"), Term::tuple({Term::atom("return"), 1})});
  CHECK(has_option(options, "global"));
  CHECK_FALSE(has_option(options, "return"));
  CHECK(file_name(Term::string("a/b")) == "a/b");
  CHECK(file_name(Term::list({Term::atom("a"), Term::string("b")})) == "ab");
  CHECK(file_name(Term::binary("a\xff")) == "a\xff");
  CHECK_FALSE(file_name(Term::binary(std::string("a\0b", 3))));
  CHECK_FALSE(file_name(Term(5)));
}

}  // namespace eval_support_test
