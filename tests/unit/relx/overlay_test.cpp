#include "relx/overlay/overlay.h"

#include <sys/stat.h>

#include "catch.h"
#include "scratch.h"
#include "term/consult.h"
#include "warnings.h"

namespace relx_overlay_test {

using namespace relmk;
using namespace relmk::relx;
using Kind = plan::PlannedFile::Kind;

namespace {

struct Project {
  Scratch scratch;
  plan::Plan plan;
  OverlayTarget target;
  std::vector<std::string> placed;

  Project() {
    target.root_dir = scratch.path;
    target.output_dir = scratch.path / "_rel" / "kazoo";
    target.config_file = "relx.config";
    target.variables = Term::list(
        {Term::tuple({Term::atom("output_dir"), Term::string(target.output_dir.native())}),
         Term::tuple({Term::atom("who"), Term::string("you")})});
  }
  void file(const std::string& name, const std::string& text, unsigned mode = 0644) {
    sys::make_directories((scratch.path / name).parent_path());
    sys::write_file(scratch.path / name, text, mode);
  }
  void apply(const std::string& overlay) {
    const Terms terms = term::consult_text("relx.config", overlay + ".");
    placed = apply_overlay(plan, parse_overlay(terms.at(0).elements(), "relx.config"), target);
  }
  std::string in(const std::string& path) const { return (scratch.path / path).native(); }
  // "KIND PATH" for each path, copies with their source relative to the project.
  std::string planned() const {
    std::string all;
    for (const auto& [path, file] : plan.files()) {
      all += path;
      if (file.kind == Kind::Directory) all += "/";
      if (file.kind == Kind::Copy)
        all += "=" + fs::path(file.source).lexically_relative(scratch.path).native();
      if (file.kind == Kind::Link)
        all += "->" + fs::path(file.source).lexically_relative(scratch.path).native();
      if (file.kind == Kind::Content) all += ":" + file.content;
      all += " ";
    }
    return all;
  }
};

}  // namespace

TEST_CASE("overlay mkdir: a directory and its parents") {
  Project project;
  project.apply(R"([{mkdir, "log/sasl"}, {mkdir, <<"{{who}}/">>}, {mkdir, "log"}])");
  CHECK(project.planned() == "log/ log/sasl/ you/ ");
}

TEST_CASE("overlay copy: a file to a name") {
  Project project;
  project.file("Procfile", "x");
  project.apply(R"([{copy, "Procfile", "etc/{{who}}"}, {copy, "./Procfile", "{{output_dir}}/P"}])");
  CHECK(project.planned() == "P=Procfile etc/ etc/you=Procfile ");
  CHECK(project.placed == std::vector<std::string>{"etc/you", "P"});
}

TEST_CASE("overlay copy: a file into a directory, when that ends in a slash") {
  Project project;
  project.file("a/x.conf", "1");
  project.file("a/y.conf", "1");
  project.file("a/z", "1");
  project.apply(
      R"([{copy, "a/{x,y}.conf", "etc/"}, {copy, "a/[z]", "./"}, {copy, "a/*.none", "n/"}])");
  CHECK(project.planned() == "etc/ etc/x.conf=a/x.conf etc/y.conf=a/y.conf n/ z=a/z ");
}

TEST_CASE("overlay copy: a directory's content to a name, the directory itself into a directory") {
  Project project;
  project.file("d/e/x", "1");
  project.file("d/.hidden", "1");
  project.apply(R"([{copy, "d", "a"}, {copy, "d", "b/"}])");
  CHECK(project.planned() ==
        "a/ a/.hidden=d/.hidden a/e/ a/e/x=d/e/x "
        "b/ b/d/ b/d/.hidden=d/.hidden b/d/e/ b/d/e/x=d/e/x ");
}

TEST_CASE("overlay copy: a link that leads nowhere is passed over, with a warning") {
  Project project;
  project.file("d/x", "1");
  fs::create_symlink("nowhere", project.scratch.path / "d" / "link");
  const Warnings warnings;
  project.apply(R"([{copy, "d", "d"}])");
  CHECK(warnings.count() == 1);
  CHECK(project.planned() == "d/ d/x=d/x ");
}

TEST_CASE("overlay copy: a source that is not there is an error, into a directory a warning") {
  Project project;
  CHECK_THROWS_WITH(project.apply("[\n {copy, \"none\", \"x\"}]"),
                    "relx.config:2:2: error: Unable to copy from " + project.in("none") + " to " +
                        project.in("_rel/kazoo/x") + " because of enoent");
  const Warnings warnings;
  project.apply(R"([{copy, "none", "x/"}])");
  CHECK(warnings.count() == 1);
  CHECK(project.planned() == "x/ ");
}

TEST_CASE("overlay copy: what is planned below the output directory can be a source") {
  Project project;
  project.file("old", "1");
  project.plan.add("lib/a-1/priv/x", {Kind::Copy, project.in("old"), {}, {}});
  project.plan.add("lib/a-1/priv/y", {Kind::Content, {}, "text", 0600});
  project.apply(R"([{copy, "{{output_dir}}/lib/a-1/priv/y", "y"},
                    {copy, "{{output_dir}}/lib/*/priv/x", "x/"},
                    {copy, "_rel/kazoo/lib/a-1/priv", "priv"}])");
  project.plan.remove("lib");
  CHECK(project.planned() == "priv/ priv/x=old priv/y:text x/ x/x=old y:text ");
  CHECK(project.plan.find("y")->mode == 0600);
}

TEST_CASE("overlay copy: through planned links") {
  Project project;
  project.file("apps/a/priv/x", "1");
  project.plan.add("lib/a-1", {Kind::Link, project.in("apps/a"), {}, {}});
  project.apply(R"([{copy, "{{output_dir}}/lib/a-1/priv/x", "x"},
                    {copy, "{{output_dir}}/lib/*/priv/*", "all/"},
                    {copy, "{{output_dir}}/lib", "copied"}])");
  CHECK(project.planned() ==
        "all/ all/x=apps/a/priv/x copied/ copied/a-1/ copied/a-1/priv/ "
        "copied/a-1/priv/x=apps/a/priv/x lib/ lib/a-1->apps/a x=apps/a/priv/x ");
}

TEST_CASE(
    "overlay: a source beside the release, by a way through its directory, which is not there "
    "yet") {
  Project project;
  project.file("_rel/x", "hi {{who}}");
  project.file("_rel/d/y", "");
  project.apply(R"([{copy, "{{output_dir}}/../x", "a"}, {template, "{{output_dir}}/../x", "b"},
    {copy, "{{output_dir}}/../d", "c"}, {copy, "_rel/kazoo/../x", "d"}])");
  CHECK(project.planned() == "a=_rel/x b:hi you c/ c/y=_rel/d/y d=_rel/x ");
  project.target.dev_mode = true;
  project.apply(R"([{link, "{{output_dir}}/../x", "e"}])");
  CHECK(project.planned() == "a=_rel/x b:hi you c/ c/y=_rel/d/y d=_rel/x e->_rel/x ");
  CHECK_THROWS_WITH(project.apply(R"([{copy, "{{output_dir}}/../none", "a"}])"),
                    Catch::Matchers::ContainsSubstring("_rel/kazoo/../none"));
}

TEST_CASE("overlay copy: nothing goes through a link, or out of the release") {
  Project project;
  project.file("x", "1");
  project.plan.add("lib/a-1", {Kind::Link, project.in("apps/a"), {}, {}});
  CHECK_THROWS_WITH(project.apply(R"([{copy, "x", "lib/a-1/x"}])"),
                    "relx.config:1:2: error: Unable to copy from x to lib/a-1/x: lib/a-1/x would "
                    "lie in lib/a-1, which is a link");
  for (const char* to : {"../x", "/etc/x", "a/../../x", "{{output_dir}}/../x"}) {
    for (const std::string form :
         {"{copy, \"x\", ", "{template, \"x\", ", "{mkdir, ", "{link, \"x\", ", "{chmod, 1, "})
      CHECK_THROWS_WITH(project.apply("[" + form + "\"" + to + "\"}]"),
                        Catch::Matchers::StartsWith("relx.config:1:2: error: ") &&
                            Catch::Matchers::EndsWith(" lies outside of the release"));
  }
}

TEST_CASE("overlay copy: the project's own directory cannot be copied, the release stands there") {
  Project project;
  sys::make_directories(project.target.output_dir);
  CHECK_THROWS_WITH(project.apply(R"([{copy, ".", "all"}])"),
                    Catch::Matchers::EndsWith(": the release itself stands there"));
}

TEST_CASE("overlay copy: a file cannot take a directory's place") {
  Project project;
  project.file("x", "1");
  CHECK_THROWS_WITH(project.apply(R"([{mkdir, "d"}, {copy, "x", "d"}])"),
                    Catch::Matchers::EndsWith("because of eisdir"));
  CHECK_THROWS_WITH(project.apply(R"([{template, "x", "d"}])"),
                    Catch::Matchers::EndsWith("/d because eisdir"));
}

TEST_CASE("overlay link: a link in dev mode, else a copy") {
  Project project;
  project.file("d/x", "1");
  project.apply(R"([{link, "d", "l"}])");
  CHECK(project.planned() == "l/ l/x=d/x ");
  project.target.dev_mode = true;
  project.apply(R"([{link, "d", "l"}, {link, "d/*", "ls/"}])");
  CHECK(project.plan.find("l")->source == project.in("d"));
  CHECK(project.plan.find("ls/x")->source == project.in("d/x"));
  CHECK(project.planned() == "l->d ls/ ls/x->d/x ");
}

TEST_CASE("overlay template: rendered, with the mode of its source") {
  Project project;
  project.file("t", "Hello {{who}}", 0751);
  project.apply(R"([{template, "t", "etc/t"}])");
  CHECK(project.planned() == "etc/ etc/t:Hello you ");
  CHECK(project.plan.find("etc/t")->mode == 0751);
}

TEST_CASE("overlay template: with variables of its own") {
  Project project;
  project.file("t", "{{who}} {{x}}");
  project.file("vars", "{who, \"me\"}. {x, \"{{who}}\"}.");
  project.apply(R"([{template, "t", "t", "vars"}])");
  CHECK(project.planned() == "t:me me ");
}

TEST_CASE("overlay template: of what is planned") {
  Project project;
  project.plan.add("bin/x", {Kind::Content, {}, "{{who}}", 0755});
  project.apply(R"([{template, "{{output_dir}}/bin/x", "bin/x"}])");
  CHECK(project.planned() == "bin/ bin/x:you ");
  CHECK(project.plan.find("bin/x")->mode == 0755);
}

TEST_CASE("overlay template: errors") {
  Project project;
  CHECK_THROWS_WITH(project.apply(R"([{template, "none", "x"}])"),
                    "relx.config:1:2: error: Unable to read template file (" + project.in("none") +
                        ") for overlay due to: no such file or directory");
  project.file("bad", "x\n {{y");
  CHECK_THROWS_WITH(project.apply(R"([{template, "bad", "x"}])"),
                    project.in("bad") + ":2:2: error: unclosed tag");
  CHECK_THROWS_WITH(project.apply(R"([{template, "{{bad", "x"}])"),
                    "relx.config:1:2: error: Unable to render `{{bad`: unclosed tag");
}

TEST_CASE("overlay chmod: of what is planned") {
  Project project;
  project.file("x", "1");
  project.apply(
      R"([{copy, "x", "bin/x"}, {chmod, 8#755, "bin/x"}, {mkdir, "d"}, {chmod, "{{m}}448", "d"}])");
  CHECK(project.plan.find("bin/x")->mode == 0755);
  CHECK(project.plan.find("d")->mode == 0700);
  CHECK_THROWS_WITH(project.apply(R"([{chmod, 8#755, "none"}])"),
                    "relx.config:1:2: error: Unable to chmod 493 none because of enoent");
  CHECK_THROWS_WITH(
      project.apply(R"([{chmod, "0o7", "d"}])"),
      "relx.config:1:2: error: Unable to chmod `0o7` d: the mode is no decimal number");
}

TEST_CASE("overlay: what exists beside the configuration goes before the current directory's") {
  Project project;
  project.target.first_root_dir = project.scratch.path / "rel";
  for (const char* name : {"rel/nodetool", "nodetool", "only", "core/sup", "rel/p.1", "p.2"})
    project.file(name, "x");
  project.apply(
      R"([{copy, "nodetool", "a"}, {copy, "only", "b"}, {copy, "../core/sup", "bin/"}, {copy, "p.*", "c/"}])");
  CHECK(project.planned() ==
        "a=rel/nodetool b=only bin/ bin/sup=rel/../core/sup c/ c/p.1=rel/p.1 ");
}

TEST_CASE("overlay template: beside the configuration, else in the current directory") {
  Project project;
  project.target.first_root_dir = project.scratch.path / "rel";
  project.file("rel/kazoo", "rel {{who}}");
  project.file("kazoo", "top");
  project.file("motd", "top {{who}}");
  project.apply(R"([{template, "kazoo", "k"}, {template, "motd", "m"}])");
  CHECK(project.planned() == "k:rel you m:top you ");
}

}  // namespace relx_overlay_test
