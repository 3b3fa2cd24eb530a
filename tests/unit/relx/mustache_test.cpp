#include "relx/overlay/mustache.h"

#include <map>

#include "catch.h"

namespace relx_mustache_test {

using namespace relmk;
using namespace relmk::relx;

namespace {

Term text(std::string_view utf8) {
  return Term::binary(std::string(utf8));
}
Term pair(std::string_view key, const Term& value) {
  return Term::tuple({Term::atom(key), value});
}
Term list(Terms elements) {
  return Term::list(std::move(elements));
}

std::string render(std::string_view text, const Term& context = {}) {
  return render_mustache("t", text, context);
}

std::string render_with(const std::map<std::string, std::string>& partials, std::string_view text,
                        const Term& context = {}, size_t most_parts = MustacheLimits().parts) {
  MustacheOptions options;
  options.limits.parts = most_parts;
  options.partial = [&](const std::string& name) -> std::optional<std::string> {
    const auto found = partials.find(name);
    if (found == partials.end()) return std::nullopt;
    return found->second;
  };
  return render_mustache("t", text, context, options);
}

const Term node = list({pair("name", Term::string("n1")), pair("port", 8000),
                        pair("tls", Term::boolean(false)), pair("up", Term::boolean(true))});

}  // namespace

TEST_CASE("mustache interpolation: text without tags is left alone") {
  CHECK(render("a { b } }} \n\r\n\t") == "a { b } }} \n\r\n\t");
  CHECK(render("").empty());
}

TEST_CASE("mustache interpolation: values of every kind have a text") {
  const Term context = list(
      {pair("s", Term::string("str")), pair("b", text("bin")), pair("a", Term::atom("an atom")),
       pair("i", -42), pair("f", 1.5), pair("n", Term::atom("null")),
       pair("nil", Term::atom("nil")), pair("u", Term::atom("undefined")),
       pair("io", list({text("x"), Term::string("yz"), Term(0x21)})), pair("e", {})});
  CHECK(render("{{s}} {{b}} {{a}} {{i}} {{f}}", context) == "str bin an atom -42 1.5");
  CHECK(render("[{{n}}{{nil}}{{e}}{{none}}]", context) == "[]");
  CHECK(render("{{u}} {{io}} {{{io}}}", context) == "undefined xyz! xyz!");
}

TEST_CASE("mustache interpolation: names are found in maps too") {
  const Term inner = Term::map({{Term::atom("b"), 1}});
  CHECK(render("{{a.b}} {{#a}}{{b}}{{/a}}", Term::map({{Term::atom("a"), inner}})) == "1 1");
}

TEST_CASE("mustache interpolation: nothing is escaped unless asked for") {
  const Term context = list({pair("x", text("a < b & \"c\" > 'd'"))});
  CHECK(render("{{x}}", context) == "a < b & \"c\" > 'd'");
  const MustacheOptions html{true, {}};
  CHECK(render_mustache("t", "{{x}}", context, html) == "a &lt; b &amp; &quot;c&quot; &gt; 'd'");
  CHECK(render_mustache("t", "{{{x}}} {{& x }}", context, html) ==
        "a < b & \"c\" > 'd' a < b & \"c\" > 'd'");
}

TEST_CASE("mustache interpolation: characters beyond ASCII come out as UTF-8, raw lists as bytes") {
  const Term context = list({pair("s", Term::string("é€")), pair("b", text("é")),
                             pair("l", Term::binary("\xe9")), pair("r", Term::string("é"))});
  CHECK(render("{{s}} {{b}} {{{b}}}", context) == "é€ é é");
  CHECK(render("{{l}}", context) == "é");
  CHECK(render("{{{l}}}{{{r}}}", context) == "\xe9\xe9");
}

TEST_CASE("mustache interpolation: the first part of a dotted name decides where it is looked up") {
  const Term context = list({pair("a", list({pair("b", text("outer"))})),
                             pair("c", list({pair("a", list({pair("x", text("inner"))}))}))});
  CHECK(render("{{a.b}} {{ a . b }}", context) == "outer outer");
  CHECK(render("{{#c}}[{{a.b}}{{a.x}}]{{/c}}", context) == "[inner]");
  CHECK(render("[{{a.b.c}}{{none.a}}]", context) == "[]");
}

TEST_CASE("mustache interpolation: the context itself is a dot") {
  const Term context = list({pair("xs", list({Term(1), text("two"), Term::atom("three")}))});
  CHECK(render("{{#xs}}{{.}},{{ . }};{{/xs}}", context) == "1,1;two,two;three,three;");
}

TEST_CASE("mustache interpolation: spaces around a name are dropped, those around a tag kept") {
  CHECK(render("| {{port}} |", node) == "| 8000 |");
  CHECK(render("  {{port}}\n", node) == "  8000\n");
  CHECK(render("{{  port   }}{{{ port }}}{{& port }}", node) == "800080008000");
}

TEST_CASE("mustache interpolation: a tag among braces begins at the last of them") {
  CHECK(render("{{{port}}, x}", node) == "{8000, x}");
  CHECK(render("{{{{port}}}}", node) == "{8000}");
  CHECK(render("{{port}}}", node) == "8000}");
  CHECK(render("{ {{port}} }", node) == "{ 8000 }");
}

TEST_CASE("mustache sections: shown once for what is true, not for what is false or empty") {
  CHECK(render("{{#up}}x{{/up}}{{#tls}}y{{/tls}}{{#none}}z{{/none}}", node) == "x");
  for (const char* name : {"false", "null", "nil", "undefined"})
    CHECK(render("[{{#v}}x{{/v}}]", list({pair("v", Term::atom(name))})) == "[]");
  CHECK(render("[{{#v}}x{{/v}}]", list({pair("v", text(""))})) == "[]");
  CHECK(render("[{{#v}}x{{/v}}]", list({pair("v", {})})) == "[]");
  CHECK(render("[{{#v}}{{.}}{{/v}}]", list({pair("v", text("yes"))})) == "[yes]");
  CHECK(render("[{{#v}}{{.}}{{/v}}]", list({pair("v", 0)})) == "[0]");
}

TEST_CASE("mustache sections: a list is gone through, with each element as the context") {
  const Term context =
      list({pair("nodes", list({list({pair("name", text("a"))}), list({pair("name", text("b"))})})),
            pair("sep", text(";"))});
  CHECK(render("{{#nodes}}{{name}}{{sep}}{{/nodes}}", context) == "a;b;");
}

TEST_CASE("mustache sections: a string is gone through by character") {
  CHECK(render("{{#v}}x{{/v}}", list({pair("v", Term::string("abc"))})) == "xxx");
}

TEST_CASE("mustache sections: a proplist is one context, on top of the outer ones") {
  const Term context = list({pair("db", list({pair("host", text("h"))})), pair("port", 1)});
  CHECK(render("{{#db}}{{host}}:{{port}}{{/db}}", context) == "h:1");
  CHECK(render("{{#up}}{{#up}}{{port}}{{/up}}{{/up}}", node) == "8000");
}

TEST_CASE("mustache sections: dotted names, implicit iteration within iteration") {
  const Term context = list({pair("a", list({pair("b", Term::boolean(true))})),
                             pair("m", list({list({Term(1), Term(2)}), list({Term(3)})}))});
  CHECK(render("{{#a.b}}yes{{/a.b}}{{# a.c }}no{{/ a.c }}", context) == "yes");
  CHECK(render("{{#m}}({{#.}}{{.}}{{/.}}){{/m}}", context) == "(12)(3)");
}

TEST_CASE("mustache sections: tags alone in a line take the line with them") {
  CHECK(render("a\n{{#up}}\nb\n{{/up}}\nc\n", node) == "a\nb\nc\n");
  CHECK(render("a\n \t{{#up}} \t\nb\n  {{/up}}\n", node) == "a\nb\n");
  CHECK(render("a\r\n{{#up}}\r\n{{/up}}\r\nb", node) == "a\r\nb");
  CHECK(render("{{#up}}\nx{{/up}}", node) == "x");
  CHECK(render("x\n {{#up}}\ny\n {{/up}}", node) == "x\ny\n");
}

TEST_CASE("mustache sections: tags that share a line leave its spaces") {
  CHECK(render(" | {{#up}}\t|\t{{/up}} | \n", node) == " | \t|\t | \n");
  CHECK(render(" {{#up}}x{{/up}}\n {{#up}}y{{/up}}\n", node) == " x\n y\n");
  CHECK(render("{{#up}} {{! c }}\n {{/up}}\n", node) == " \n");
}

TEST_CASE("mustache inverted sections: shown for what is false, empty or unknown") {
  CHECK(render("{{^up}}x{{/up}}{{^tls}}y{{/tls}}{{^none}}z{{/none}}", node) == "yz");
  CHECK(render("{{^v}}empty{{/v}}", list({pair("v", {})})) == "empty");
  CHECK(render("{{^v}}empty{{/v}}", list({pair("v", list({Term(1)}))})).empty());
  CHECK(render("{{^a.b.c}}none{{/a.b.c}}", list({pair("a", 1)})) == "none");
  CHECK(render("a\n  {{^tls}}\nb\n  {{/tls}}\nc", node) == "a\nb\nc");
  CHECK(render("{{#up}}{{^tls}}{{port}}{{/tls}}{{/up}}", node) == "8000");
}

TEST_CASE("mustache comments: leave nothing, nor the line that they are alone in") {
  CHECK(render("1{{! x }}2") == "12");
  CHECK(render("1{{!\n x\n}}2\n") == "12\n");
  CHECK(render("a\n  {{! x }}\nb") == "a\nb");
  CHECK(render("a\r\n{{! x }}\r\nb") == "a\r\nb");
  CHECK(render("a\n{{!\n x\n}}\nb") == "a\nb");
  CHECK(render("  {{! x }}\n!") == "!");
  CHECK(render("!\n  {{! x }}") == "!\n");
  CHECK(render("  12 {{! x }}\n") == "  12 \n");
  CHECK(render("{{!port}}{{! port }}", node).empty());
}

TEST_CASE("mustache delimiters: set until set again, through sections") {
  CHECK(render("{{=<% %>=}}(<%port%>) {{port}}", node) == "(8000) {{port}}");
  CHECK(render("{{=[ ]=}}[port][={{ }}=]{{port}}", node) == "80008000");
  CHECK(render("{{=| |=}}|#up||={{ }}=|{{port}}{{/up}}", node) == "8000");
  CHECK(render("{{= @   @ =}}@port@", node) == "8000");
  CHECK(render("a\n  {{=@ @=}}\nb\r\n@={{ }}=@\r\nc") == "a\nb\r\nc");
  CHECK(render(" | {{=@ @=}}") == " | ");
}

TEST_CASE("mustache delimiters: raw variables under other delimiters") {
  const Term context = list({pair("x", text("<"))});
  const MustacheOptions html{true, {}};
  CHECK(render_mustache("t", "{{=<% %>=}}<%x%> <%{x}%> <%&x%>", context, html) == "&lt; < <");
}

TEST_CASE("mustache partials: rendered in the context, unknown ones as nothing") {
  CHECK(render_with({{"p", "*{{port}}*"}}, "[{{>p}}{{> q }}]", node) == "[*8000*]");
  CHECK(render("[{{>p}}]") == "[]");
  CHECK(render_with({{"a/b.c", "x"}}, "{{>a/b.c}}") == "x");
  CHECK(render_with({{"o", "<{{>i}}>"}, {"i", "{{port}}"}}, "{{> o}}", node) == "<8000>");
}

TEST_CASE("mustache partials: may hold themselves") {
  const Term leaf = list({pair("v", text("b")), pair("kids", {})});
  const Term tree = list({pair("v", text("a")), pair("kids", list({leaf, leaf}))});
  CHECK(render_with({{"n", "{{v}}({{#kids}}{{>n}}{{/kids}})"}}, "{{>n}}", tree) == "a(b()b())");
  CHECK_THROWS_WITH(render_with({{"n", "x{{>n}}"}}, "{{>n}}"),
                    "n.mustache:1:2: error: partials nest too deep");
}

TEST_CASE("mustache partials: alone in a line, the spaces before indent each of its lines") {
  CHECK(render_with({{"p", "1\n2\n"}}, "a\n  {{>p}}\nb") == "a\n  1\n  2\nb");
  CHECK(render_with({{"p", ">\n>"}}, "  {{>p}}\n>") == "  >\n  >>");
  CHECK(render_with({{"p", "1\n{{{v}}}\n2\n"}}, " {{>p}}\n", list({pair("v", text("x\ny"))})) ==
        " 1\n x\ny\n 2\n");
  CHECK(render_with({{"p", ">\n>"}}, "  {{port}}  {{>p}}\n", node) == "  8000  >\n>\n");
}

TEST_CASE("mustache partials: delimiters do not pass in or out") {
  CHECK(render_with({{"p", "{{port}}"}}, "{{=<% %>=}}<%>p%>", node) == "8000");
  CHECK(render_with({{"p", "{{=<% %>=}}<%port%>"}}, "{{>p}}{{port}}", node) == "80008000");
}

TEST_CASE("mustache errors: name the line and column of the tag") {
  const auto fails = [](std::string_view template_text, const std::string& message) {
    CHECK_THROWS_WITH(render(template_text, list({pair("x", Term::tuple({Term(1)})),
                                                  Term::tuple({Term::atom("y")})})),
                      message);
  };
  fails("a\nü {{x", "t:2:3: error: unclosed tag");
  fails("{{#a}}\n{{#b}}{{/b}}", "t:1:1: error: the section's end is missing: {{/a}}");
  fails("{{#a}}\n {{#b.c}}{{/a}}", "t:2:10: error: {{/a}} where {{/b.c}} should be");
  fails("\n\n{{/a}}", "t:3:1: error: the end of a section that was not begun: {{/a}}");
  fails("{{=a=}}", "t:1:1: error: two delimiters, parted by a space, are set as {{=START STOP=}}");
  fails("{{=a b}}", "t:1:1: error: delimiters are set as {{=START STOP=}}");
  fails("{{=}}", "t:1:1: error: delimiters are set as {{=START STOP=}}");
  fails("{{== b=}}", "t:1:1: error: a delimiter cannot hold `=`");
  fails("ab {{x}}", "t:1:4: error: variable `x` has no text: {1}");
  fails("{{#y}}{{/y}}", "t:1:1: error: variable `y` is no pair of name and value: {y}");
}

TEST_CASE("mustache errors: nesting has an end") {
  std::string deep;
  for (int i = 0; i < 100000; i++)
    deep += "{{#a}}";
  CHECK_THROWS_WITH(render(deep), "t:1:6001: error: sections nest too deep");
}

TEST_CASE("mustache: what doubles again and again has a limit that is told") {
  std::map<std::string, std::string> partials = {{"big", std::string(1U << 20, 'x')}};
  std::string many;
  for (int i = 0; i < 70; ++i)
    many += "{{>big}}";
  CHECK_THROWS_WITH(render_with(partials, many, {}, 20'000),
                    Catch::Matchers::ContainsSubstring("the text has more than 64 MiB"));
  for (int i = 0; i < 40; ++i) {
    const std::string next = "{{>p" + std::to_string(i + 1) + "}}";
    partials["p" + std::to_string(i)] = next + next;
  }
  CHECK_THROWS_WITH(render_with(partials, "{{>p0}}", {}, 20'000),
                    Catch::Matchers::ContainsSubstring("more than 20000 parts"));
}

TEST_CASE("mustache: what becomes no text has its limits, too") {
  const auto error_of = [](std::string_view text, const Term& context, MustacheLimits limits) {
    MustacheOptions options;
    options.limits = limits;
    try {
      render_mustache("t", text, MustacheNames(context), options);
    } catch (const Error& error) {
      return error.message();
    }
    return std::string("none");
  };
  MustacheLimits parts;
  parts.parts = 100;
  const Term many = list({pair("many", list(Terms(99, Term(1)))), pair("b", 1)});
  CHECK(error_of("{{#many}}{{/many}}", many, parts) == "none");
  CHECK(error_of("{{#many}}{{/many}}{{b}}", many, parts) == "the text has more than 100 parts");
  Term deep = Term::string("x");
  for (int i = 0; i < 60; ++i)
    deep = list({deep});
  CHECK(error_of("{{deep}}", list({pair("deep", deep)}), parts) == "none");
  CHECK(error_of("{{deep}}{{deep}}", list({pair("deep", deep)}), parts) ==
        "the text has more than 100 parts");

  MustacheLimits comparisons;
  comparisons.comparisons = 100;
  const std::string told = "the text has names that are compared more than 100 times";
  const Term within = list({pair("a", list({pair("x", 1), pair("y", 2)}))});
  CHECK(error_of("{{#a}}{{x}}{{z}}{{/a}}", within, comparisons) == "none");
  std::string tags;
  for (int i = 0; i < 30; ++i)
    tags += "{{z}}";
  CHECK(error_of("{{#a}}" + tags + "{{/a}}", within, comparisons) == told);
  std::string alls;
  for (int i = 0; i < 30; ++i)
    alls += "{{#.}}{{/.}}";
  CHECK(error_of(alls, list(Terms(10, pair("x", 1))), comparisons) == told);
}

TEST_CASE("mustache: texts may have their limits together") {
  MustacheOptions options;
  MustacheLimits left;
  left.parts = 5;
  options.left = &left;
  const MustacheNames none;
  CHECK(render_mustache("t", "a{{!x}}b{{!x}}c", none, options) == "abc");
  CHECK_THROWS_WITH(render_mustache("t", "a{{!x}}b{{!x}}c", none, options),
                    Catch::Matchers::ContainsSubstring(
                        "this text and those of the variables before it have more than"));
  left = {};
  left.text = 5;
  CHECK(render_mustache("t", "abcde", none, options) == "abcde");
  CHECK_THROWS_WITH(render_mustache("t", "a", none, options),
                    Catch::Matchers::ContainsSubstring("have more than 64 MiB"));
}

TEST_CASE("mustache: a line of many tags, and a text of many lines, are read once") {
  std::string tags, lines;
  for (int i = 0; i < 100'000; ++i) {
    tags += "{{x}}";
    lines += "abc\n";
  }
  CHECK(render(tags, list({pair("x", 1)})) == std::string(100'000, '1'));
  CHECK(render(lines) == lines);
}

}  // namespace relx_mustache_test
