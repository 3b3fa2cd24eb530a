#include "relx/config/release_toml.h"

#include "catch.h"
#include "sys/error.h"
#include "term/print.h"
#include "warnings.h"

namespace relx_release_toml_test {

using namespace relmk;
using namespace relmk::relx;

namespace {

// The terms as text, one a line, or the error.
std::string read(std::string_view text) {
  try {
    std::string out;
    for (const Term& term : release_toml_terms("release.toml", text)) {
      out += term::print_pretty(term, {true, 1000, 0}) + "\n";
    }
    return out;
  } catch (const Error& error) {
    return error.text();
  }
}

std::string one_release(const std::string& more) {
  return read("[release]\nname = \"r\"\nversion = \"1\"\n" + more);
}

}  // namespace

TEST_CASE("release_toml: a release, and all forms of an application") {
  CHECK(one_release(R"(applications = ["a", {name = "b"}, {name = "c", start = "load"},
    {name = "d", version = "1.2", start = "transient", included = ["e", "f"]},
    {name = "g", included = []}])") ==
        "{release,{r,\"1\"},[a,b,{c,load},{d,\"1.2\",transient,[e,f]},{g,[]}]}\n");
  CHECK(one_release("erts = \"13.1\"\nextend = \"base\"\napplications = []\nmode = \"prod\"\n") ==
        "{release,{r,\"1\",{extend,base}},{erts,\"13.1\"},[],[{mode,prod}]}\n");
  CHECK(one_release("extend = { name = \"base\", version = \"0\" }\napplications = \"a\"\n") ==
        "{release,{r,\"1\",{extend,{base,\"0\"}}},[a]}\n");
  CHECK(read("[[release]]\nname = \"a\"\nversion = \"1\"\napplications = []\n"
             "[[release]]\nname = \"b\"\nversion = \"2\"\napplications = []\n") ==
        "{release,{a,\"1\"},[]}\n{release,{b,\"2\"},[]}\n");
}

TEST_CASE("release_toml: versions") {
  const auto version = [](const std::string& form) {
    const std::string text = read("[release]\nname = \"r\"\napplications = []\nversion = " + form);
    return text.starts_with("{release,{r,") ? text.substr(12, text.rfind("},[]}") - 12) : text;
  };
  CHECK(version("\"1.0-rc1\"") == "\"1.0-rc1\"");
  CHECK(version("\"git\"") == "git");
  CHECK(version("\"semver\"") == "semver");
  CHECK(version("{ git = \"short\" }") == "{git,short}");
  CHECK(version("{ file = \"VERSION\" }") == "{file,\"VERSION\"}");
  CHECK(version("{ cmd = \"cat VERSION | tr a b\" }") == "{cmd,\"cat VERSION | tr a b\"}");
  CHECK(version("1.0").starts_with(
      "release.toml:4:11: error: version: expected a string, or one of"));
}

TEST_CASE("release_toml: every term of relx") {
  CHECK(read(R"(
check_for_undefined_functions = false
debug_info = "keep"
default_release = "a"
exclude_apps = ["a", "b"]
exref = ["a"]
extended_start_script = true
generate_start_script = true
include_erts = "/opt/erlang"
include_nodetool = false
include_src = false
include_start_scripts_for = ["unix"]
lib_dirs = "deps"
node_types = ["a"]
output_dir = "out"
overlay_vars = ["vars.config", { a = 1 }]
root_dir = "."
src_tests = false
sys_config = false
sys_config_src = "config/sys.config.src"
system_libs = true
upfrom = "1.0"
vm_args = "rel/vm.args"
vm_args_src = "rel/vm.args.src"
warnings_as_errors = true
dev_mode = true
mode = "dev"
exclude_modules = { a = ["m", "n"], b = "o" }
overrides = { a = "../a" }
[overlay_vars_values]
b = "x"
[extensions]
check = "extensions/check"
)") == R"({dev_mode,true}
{mode,dev}
{check_for_undefined_functions,false}
{debug_info,keep}
{default_release,a}
{exclude_apps,[a,b]}
{exref,[a]}
{extended_start_script,true}
{generate_start_script,true}
{include_erts,"/opt/erlang"}
{include_nodetool,false}
{include_src,false}
{include_start_scripts_for,[unix]}
{lib_dirs,["deps"]}
{node_types,[a]}
{output_dir,"out"}
{overlay_vars,["vars.config",{a,1}]}
{root_dir,"."}
{src_tests,false}
{sys_config,false}
{sys_config_src,"config/sys.config.src"}
{system_libs,true}
{upfrom,"1.0"}
{vm_args,"rel/vm.args"}
{vm_args_src,"rel/vm.args.src"}
{warnings_as_errors,true}
{exclude_modules,[{a,[m,n]},{b,[o]}]}
{overrides,[{a,"../a"}]}
{overlay_vars_values,[{b,"x"}]}
{extended_start_script_extensions,[{check,"extensions/check"}]}
)");
}

TEST_CASE("release_toml: overlays and their variables") {
  CHECK(
      read("overlay = [{ mkdir = \"log\" }, { copy = \"a\", to = \"b\" }, { link = \"a\", to = "
           "\"c\" },\n"
           "{ template = \"a\", to = \"d\", vars = \"v\" }, { chmod = \"b\", mode = 0o755 }]\n") ==
      "{overlay,[{mkdir,\"log\"},{copy,\"a\",\"b\"},{link,\"a\",\"c\"},"
      "{template,\"a\",\"d\",\"v\"},{chmod,493,\"b\"}]}\n");
  CHECK(read("[[overlay]]\nmkdir = \"log\"\n[[overlay]]\ncopy = \"a\"\nto = \"b\"\n") ==
        "{overlay,[{mkdir,\"log\"},{copy,\"a\",\"b\"}]}\n");
  CHECK(read("[overlay_vars]\nz = \"text\"\nb = true\nn = -1\nf = 1.5\nl = [{ a = 1 }, { a = 2 }]\n"
             "t = { k = \"v\" }\nd = 2024-02-03\n") ==
        "{overlay_vars,[{z,\"text\"},{b,true},{n,-1},{f,1.5},{l,[[{a,1}],[{a,2}]]},"
        "{t,[{k,\"v\"}]},{d,\"2024-02-03\"}]}\n");
}

TEST_CASE("release_toml: numbers that Erlang does not have") {
  CHECK(read("overlay_vars = { a = inf }") ==
        "release.toml:1:22: error: a: expected a number that Erlang has");
  CHECK(read("[overlay_vars]\na = [nan]\n") ==
        "release.toml:2:6: error: a: expected a number that Erlang has");
}

TEST_CASE("release_toml: a phase that no hook has") {
  CHECK(read("[hooks]\nbefore_start = \"hooks/a\"\n")
            .starts_with("release.toml:2:1: error: hooks: unknown key `before_start`\n"
                         "hint: known are: pre_start, "));
}

TEST_CASE("release_toml: hooks") {
  CHECK(read("[hooks]\npre_start = \"hooks/a\"\npost_start = [\"pid\", { pid = \"/run/a.pid\" },\n"
             "\"wait_for_vm_start\", { wait_for_process = \"a\" }, { custom = \"pid\" }]\n"
             "status = [\"builtin_status\"]\n") ==
        "{extended_start_script_hooks,[{pre_start,[{custom,\"hooks/a\"}]},"
        "{post_start,[pid,{pid,\"/run/a.pid\"},wait_for_vm_start,{wait_for_process,a},"
        "{custom,\"pid\"}]},{status,[builtin_status]}]}\n");
}

TEST_CASE("release_toml: terms know their places") {
  const Terms terms = release_toml_terms(
      "release.toml",
      "# \xC3\xA9\n  lib_dirs = [\"a\"]\n[release]\nname = \"r\"\nversion = \"1\"\n"
      "applications = [\"a\", { name = \"b\", start = \"x\" }]\n");
  REQUIRE(terms.size() == 2);
  CHECK(terms[0].position() == Position{2, 3});
  CHECK(terms[0][1].position() == Position{2, 14});
  CHECK(terms[1].position() == Position{3, 1});
  CHECK(terms[1][2][1].position() == Position{6, 22});
}

TEST_CASE("release_toml: errors say where, and what is expected there") {
  CHECK(read("mode = 1") == "release.toml:1:8: error: mode: expected a name");
  CHECK(read("\ndev_mode = \"yes\"") ==
        "release.toml:2:12: error: dev_mode: expected true or false");
  CHECK(read("sys_config = true") ==
        "release.toml:1:14: error: sys_config: expected a path or false");
  CHECK(
      read("lib_dirs = [1]").starts_with("release.toml:1:13: error: lib_dirs: expected a string"));
  CHECK(read("[release]\nname = \"r\"\nversion = \"1\"\n") ==
        "release.toml:1:1: error: release: expected `applications`");
  CHECK(one_release("applications = [{ name = \"a\", strat = \"load\" }]") ==
        "release.toml:4:31: error: applications: unknown key `strat`\n"
        "hint: known are: name, version, start, included");
  CHECK(read("overlay = [{ copy = \"a\" }]") ==
        "release.toml:1:12: error: overlay: expected `to` beside `copy`");
  CHECK(read("overlay = [{ chmod = \"a\", mode = \"755\" }]") ==
        "release.toml:1:34: error: mode: expected an integer, as 0o755");
  CHECK(read("overlay = [{ mkdir = \"a\", to = \"b\" }]") ==
        "release.toml:1:12: error: overlay: expected nothing more beside `mkdir`");
  CHECK(read("mode = ").starts_with("release.toml:1:8: error: "));
  CHECK(read("mode = \"a\"\nmode = \"b\"").starts_with("release.toml:2:"));
}

// toml++ looks whether they are white space.
TEST_CASE("release_toml: characters beyond ASCII between words are told where they stand") {
  for (const char* character : {"\u00e9", "\u0499", "\ufb26", "\ufe0f", "\ufedf", "\U0001f600"}) {
    const std::string text = character;
    CHECK_THAT(read(text), Catch::Matchers::StartsWith("release.toml:1:"));
    CHECK_THAT(read("mode = \"prod\"\nmode " + text + " = 1\n"),
               Catch::Matchers::StartsWith("release.toml:2:"));
    CHECK_THAT(read("mode = " + text + "1\n"), Catch::Matchers::StartsWith("release.toml:1:"));
    CHECK(one_release("applications = []\n# " + text + "\n") == "{release,{r,\"1\"},[]}\n");
  }
}

TEST_CASE("release_toml: an unknown key is a warning, or an error where warnings are errors") {
  const Warnings warnings;
  CHECK(read("mod = \"prod\"\nmode = \"dev\"") == "{mode,dev}\n");
  CHECK(warnings.count() == 1);
  CHECK(read("warnings_as_errors = true\nmod = \"prod\"") ==
        "release.toml:2:1: error: unknown key `mod`");
}

}  // namespace relx_release_toml_test
