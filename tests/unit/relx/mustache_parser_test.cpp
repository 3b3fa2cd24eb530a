#include "relx/overlay/mustache_parser.h"

#include "catch.h"

namespace relx_mustache_parser_test {

using namespace relmk;
using namespace relmk::relx;
using Kind = MustacheNode::Kind;

namespace {

std::string shape(const std::vector<MustacheNode>& nodes) {
  std::string out;
  for (const MustacheNode& node : nodes) {
    switch (node.kind) {
      case Kind::Text:
        out += "'" + std::string(node.text) + "'";
        break;
      case Kind::Variable:
        out += "<" + join_keys(node.keys) + ">";
        break;
      case Kind::Raw:
        out += "<!" + join_keys(node.keys) + ">";
        break;
      case Kind::Section:
        out += "(" + join_keys(node.keys) + " " + shape(node.children) + ")";
        break;
      case Kind::Inverted:
        out += "(^" + join_keys(node.keys) + " " + shape(node.children) + ")";
        break;
      case Kind::Partial:
        out += "[" + std::string(node.indent) + std::string(node.text) + "]";
        break;
    }
  }
  return out;
}

std::string parsed(const std::string& text) {
  bool line_is_standalone = true;
  try {
    return shape(MustacheParser("f", text).parse(line_is_standalone));
  } catch (const Error& error) {
    return error.text();
  }
}

}  // namespace

TEST_CASE("mustache parser: variables, escaped or raw, with dotted names") {
  CHECK(parsed("a {{b}} {{ c.d }}") == "'a '<b>' '<c.d>");
  CHECK(parsed("{{{a}}}{{&b}}{{.}}") == "<!a><!b><.>");
}

TEST_CASE("mustache parser: sections hold what stands between their tags") {
  CHECK(parsed("{{#a}}x{{^b}}y{{/b}}{{/a}}z") == "(a 'x'(^b 'y'))'z'");
}

TEST_CASE("mustache parser: a line of tags alone goes with its end") {
  CHECK(parsed("a\n  {{#b}}  \nc\n{{/b}}\nd") == "'a\n'(b 'c\n')'d'");
  CHECK(parsed("{{! comment }}\nx") == "'x'");
}

TEST_CASE("mustache parser: other delimiters") {
  CHECK(parsed("{{=<% %>=}}{{a}}<%b%>") == "'{{a}}'<b>");
}

TEST_CASE("mustache parser: partials are noted, with the indent of their line") {
  bool line_is_standalone = true;
  const std::string text = "  {{>one}}\n{{> two }}";
  MustacheParser parser("f", text);
  parser.parse(line_is_standalone);
  CHECK(parser.partials() == std::vector<std::string>{"one", "two"});
}

TEST_CASE("mustache parser: a tag that nothing closes is told with its place") {
  CHECK(parsed("a\n {{#b}}x").starts_with("f:2:2: error: "));
  CHECK(parsed("a {{b").starts_with("f:1:3: error: "));
  CHECK(parsed("{{/b}}").starts_with("f:1:1: error: "));
}

TEST_CASE("mustache parser: keys are joined with dots") {
  CHECK(join_keys({"a", "b"}) == "a.b");
  CHECK(join_keys({}).empty());
}

}  // namespace relx_mustache_parser_test
