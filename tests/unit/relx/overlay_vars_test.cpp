#include "relx/overlay/overlay_vars.h"

#include "catch.h"
#include "scratch.h"
#include "term/consult.h"
#include "warnings.h"

namespace relx_overlay_vars_test {

using namespace relmk;
using namespace relmk::relx;

namespace {

// Variables of `overlay_vars`, written as Erlang terms, behind which stand `values`; and what
// `text` is with them.
struct Vars {
  Scratch scratch;
  Term variables;
  Terms values;

  void file(const std::string& name, const std::string& text) {
    sys::make_directories((scratch.path / name).parent_path());
    sys::write_file(scratch.path / name, text);
  }
  void add(const std::string& overlay_vars) {
    const Terms terms = term::consult_text("relx.config", overlay_vars + ".");
    variables = add_overlay_vars(variables, terms.at(0).elements(), values,
                                 {scratch.path, "relx.config", {7, 1}});
  }
  std::string operator()(const std::string& text) const {
    return render_with_variables("t", text, variables, scratch.path);
  }
};

}  // namespace

TEST_CASE("overlay variables: what a release brings") {
  PredefinedVariables release;
  release.release_name = "kazoo";
  release.release_version = "1.2.3";
  release.erts_version = "13.1.5";
  release.erts_dir = "/usr/lib/erlang";
  release.output_dir = "/x/_rel/kazoo";
  release.root_dir = "/x";
  release.lib_dirs = {"/x/apps"};
  release.goals = {"ecallmgr"};
  release.applications = {{"kernel", "/otp/kernel-8.5"}, {"ecallmgr", "/x/apps/ecallmgr"}};
  release.default_release_name = "kazoo";
  release.default_release_version = "1.2.3";
  const VariableSets sets = predefined_variables(release);
  const auto render = [](const std::string& text, const Term& variables) {
    return render_with_variables("t", text, variables, "/");
  };
  CHECK(render("{{release_name}} {{release_version}} {{release}} {{erts_vsn}} "
               "{{release_erts_version}} {{erts_dir}}",
               sets.current) == "kazoo 1.2.3 kazoo-1.2.3 13.1.5 13.1.5 /usr/lib/erlang");
  CHECK(render("{{output_dir}} {{target_dir}} {{root_dir}} {{lib_dirs}}", sets.current) ==
        "/x/_rel/kazoo /x/_rel/kazoo /x /x/apps");
  CHECK(render("{{kernel}} {{ecallmgr}} {{sys_config}}", sets.current) ==
        "/otp/kernel-8.5 /x/apps/ecallmgr undefined");
  CHECK(render("{{rel_vsn}} {{default_release}} {{default_release_name}} "
               "{{default_release_version}} {{goals}}",
               sets.documented) == "1.2.3 kazoo-1.2.3 kazoo 1.2.3 ecallmgr");
  CHECK(render("{{#release_applications}}{{.}} {{/release_applications}}", sets.documented) ==
        "kernel ecallmgr ");
  // As with relx, which has none of that name.
  CHECK(render("[{{release_applications}}]", sets.documented) == "[]");
}

TEST_CASE("overlay variables: texts are rendered by those before them") {
  Vars vars;
  vars.values = {Term::tuple({Term::atom("host"), Term::string("h")})};
  vars.add(R"([{a, "1"}, {b, "{{a}}{{c}}{{host}}"}, {c, <<"{{b}}!">>}, {n, 8080}, {u, "{{n}}"}])");
  CHECK(vars("{{a}} {{b}} {{c}} {{n}} {{u}} {{host}}") == "1 1h 1h! 8080 8080 h");
}

TEST_CASE("overlay variables: within a value, its own entries come first") {
  Vars vars;
  vars.add(
      R"([{name, "outer"}, {db, [{name, "inner"}, {url, "db:{{name}}"}, 5, {more, [{x, "{{url}}"}]}]}])");
  CHECK(vars("{{db.url}} {{#db}}{{name}} {{#more}}{{x}}{{/more}}{{/db}}") ==
        "db:inner inner db:inner");
}

TEST_CASE("overlay variables: go before the predefined ones, values behind") {
  Vars vars;
  vars.variables = term::consult_text("x", "[{release_name, kazoo}, {port, 1}].").at(0);
  vars.values = {Term::tuple({Term::atom("port"), Term(2)}),
                 Term::tuple({Term::atom("other"), Term(3)})};
  vars.add("[{release_name, mine}]");
  CHECK(vars("{{release_name}} {{port}} {{other}}") == "mine 1 3");
}

TEST_CASE("overlay variables: a file's take the place of earlier ones, tuples replace in place") {
  Vars vars;
  vars.file("a.config", "{x, \"a\"}.\n{y, \"a\"}.\n");
  vars.file("b.config", "{x, \"b\"}.\n");
  vars.add(R"(["a.config", {y, "inline {{x}}"}, "b.config"])");
  CHECK(vars("{{x}} {{y}}") == "b inline ");  // x of b.config comes behind y by now
}

TEST_CASE("overlay variables: files may name files, relative to themselves") {
  Vars vars;
  vars.file("conf/dev.config",
            "\"./base.config\".\n{build, \"dev\"}.\n{who, \"{{user}}@{{build}}\"}.\n");
  vars.file("conf/base.config", "{user, \"root\"}.\n\"deep/er.config\".\n");
  vars.file("conf/deep/er.config", "{level, 2}.\n");
  vars.add(R"(["conf/dev.config"])");
  CHECK(vars("{{build}} {{user}} {{who}} {{level}}") == "dev root root@dev 2");
}

TEST_CASE("overlay variables: within one file, as with relx, the included one wins") {
  Vars vars;
  vars.file("a.config", "{x, first}.\n\"b.config\".\n{x, last}.\n{y, 1}.\n{y, 2}.\n");
  vars.file("b.config", "{x, included}.\n");
  vars.add(R"(["a.config"])");
  CHECK(vars("{{x}} {{y}}") == "included 1");
}

TEST_CASE("overlay variables: a file that is not there is a warning") {
  Vars vars;
  const Warnings warnings;
  vars.add(R"(["none.config", {x, 1}])");
  CHECK(warnings.count() == 1);
  CHECK(vars("{{x}}") == "1");
}

TEST_CASE("overlay variables: errors name the file and the place") {
  Vars vars;
  const std::string dir = vars.scratch.path.string();
  vars.file("loop.config", "{a, 1}.\n \"loop.config\".\n");
  CHECK_THROWS_WITH(vars.add(R"(["loop.config"])"),
                    dir + "/loop.config:2:2: error: vars file loop.config includes itself");
  vars.file("atom.config", "{a, 1}.\nb.\n");
  CHECK_THROWS_WITH(vars.add(R"(["atom.config"])"),
                    dir +
                        "/atom.config: error: neither {Name, Value} nor the name of a file among "
                        "the overlay variables: b");
  vars.file("bad.config", "{a, 1}.\n {b, \"{{#x}}\"}.\n");
  CHECK_THROWS_WITH(vars.add(R"(["bad.config"])"),
                    dir +
                        "/bad.config:2:2: error: Unable to render variable b: the section's end is "
                        "missing: {{/x}}");
  vars.file("syntax.config", "{a, 1}.\n{b.\n");
  CHECK_THROWS_AS(vars.add(R"(["syntax.config"])"), Error);
}

TEST_CASE("overlay variables: partials are files in the root directory") {
  Vars vars;
  vars.file("greeting.mustache", "Hello {{x}}");
  vars.add("[{x, you}]");
  CHECK(vars("{{>greeting}}{{>none}}!") == "Hello you!");
}

TEST_CASE("overlay variables: iolists") {
  std::string bytes;
  CHECK(
      append_iolist(bytes, term::consult_text("x", R"(["ab", <<"c">>, [[$d]] | <<"e">>].)").at(0)));
  CHECK(bytes == "abcde");
  CHECK_FALSE(append_iolist(bytes, Term::atom("a")));
  CHECK_FALSE(append_iolist(bytes, Term::list({Term::atom("a")})));
}

}  // namespace relx_overlay_vars_test
