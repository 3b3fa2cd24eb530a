#include "relx/overlay/mustache_names.h"

#include "catch.h"
#include "relx/overlay/mustache.h"
#include "sys/error.h"
#include "term/consult.h"

namespace relx_mustache_names_test {

using namespace relmk;
using namespace relmk::relx;

namespace {

Term term(const std::string& text) {
  return term::consult_text("t", text + ".\n").at(0);
}

}  // namespace

TEST_CASE("mustache names: the first of a name counts, those of the list before those around it") {
  MustacheNames around(term("[{a, 1}, {b, 2}, {b, 3}, c]"));
  MustacheNames names(&around);
  CHECK(*names.find("b") == term("{b, 2}"));
  names.add(term("{b, 4}"));
  names.add(term("{b, 5}"));
  CHECK(*names.find("a") == term("{a, 1}"));
  CHECK(*names.find("b") == term("{b, 4}"));
  CHECK(*names.find("c") == term("c"));
  CHECK(names.find("d") == nullptr);
  CHECK(names.all() == term("[{b, 4}, {b, 5}, {a, 1}, {b, 2}, {b, 3}, c]"));
}

TEST_CASE("mustache names: a list that does not begin with a tuple has none") {
  MustacheNames around(term("[{a, 1}]"));
  MustacheNames names(&around);
  names.add(term("<<\"text\">>"));
  names.add(term("{b, 2}"));
  CHECK(names.find("a") == nullptr);
  CHECK(names.find("b") == nullptr);
}

TEST_CASE("mustache names: a text is rendered as with the whole list") {
  std::string list = "{a, \"x\"}, {m, [{k, 7}]}, {s, [\"u\", \"v\"]}, {t, 1, 2}, flag";
  for (int i = 0; i < 100; ++i)
    list += ", {v" + std::to_string(i) + ", " + std::to_string(i) + "}, {v7, twice}";
  const Term few =
      term("[{a, \"x\"}, {m, [{k, 7}]}, {s, [\"u\", \"v\"]}, {t, 1, 2}, flag, {v7, twice}]");
  const Term many = term("[" + list + "]");
  for (const char* text :
       {"{{a}}{{m.k}}{{m.none}}{{none}}", "{{#s}}<{{.}}{{a}}>{{/s}}", "{{#m}}{{k}}{{v7}}{{/m}}",
        "{{#flag}}yes{{/flag}}{{^none}}no{{/none}}"}) {
    const std::string expected = render_mustache("t", text, few);
    CHECK(render_mustache("t", text, many) == expected);
    CHECK(render_mustache("t", text, MustacheNames(many)) == expected);
  }
  for (const char* text : {"{{t}}", "{{.}}"}) {
    CHECK_THROWS_AS(render_mustache("t", text, many), Error);
    CHECK_THROWS_AS(render_mustache("t", text, MustacheNames(many)), Error);
  }
}

}  // namespace relx_mustache_names_test
