#include "relx/start_script/start_script.h"

#include <map>

#include "catch.h"
#include "scratch.h"
#include "start/vm_args.h"
#include "sys/files.h"
#include "sys/subprocess.h"
#include "warnings.h"

namespace relx_start_script_test {

using namespace relmk;
using namespace relmk::relx;

namespace {
const StartScriptFile& file_at(const std::vector<StartScriptFile>& files, const std::string& path) {
  for (const StartScriptFile& file : files)
    if (file.path == path) return file;
  throw Error(path + " is not there");
}

StartScript kazoo() {
  StartScript script;
  script.release_name = "kazoo";
  script.release_version = "5.1";
  script.erts_version = "13.1.5";
  return script;
}

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// sh -n: the syntax is that of a shell.
int syntax_status(const std::string& text) {
  sys::Command command;
  command.argv = {"sh", "-n"};
  command.input = text;
  return sys::run_command(command).code;
}
}  // namespace

TEST_CASE("start script: both names hold the same bytes, and can be run") {
  auto files = start_script_files(kazoo(), "relx.config");
  CHECK(file_at(files, "bin/kazoo").content == file_at(files, "bin/kazoo-5.1").content);
  CHECK(file_at(files, "bin/kazoo").mode == 0755);
  CHECK(syntax_status(file_at(files, "bin/kazoo").content) == 0);
  CHECK(syntax_status(file_at(files, "bin/without_nodetool").content) == 0);
}

TEST_CASE("start script: names and versions are text, whatever they hold") {
  StartScript script = kazoo();
  script.release_version = "5'1$(x)";
  auto text = file_at(start_script_files(script, "relx.config"), "bin/kazoo").content;
  CHECK(holds(text, "REL_VSN='5'\\''1$(x)'"));
  CHECK(syntax_status(text) == 0);
}

TEST_CASE("start script: no mark is left") {
  for (bool extended : {true, false}) {
    StartScript script = kazoo();
    script.extended = extended;
    for (const StartScriptFile& file : start_script_files(script, "relx.config"))
      for (const char* mark : {"@REL", "@ARG", "@COMMANDS", "_HOOKS@", "@FIND", "@PRIVATE", "@EXT",
                               "@STATUS", "@SCRIPT"})
        CHECK_FALSE(holds(file.content, mark));
  }
}

TEST_CASE("start script: hooks become invocations, built-in ones files") {
  StartScript script = kazoo();
  script.hooks = {{Atom("post_start"),
                   {Term::tuple({Term::atom("custom"), Term::string("hooks/a")}), Term::atom("pid"),
                    Term::tuple({Term::atom("wait_for_process"), Term::atom("kapps_controller")})}},
                  {Atom("status"), {Term::atom("builtin_status")}}};
  auto files = start_script_files(script, "relx.config");
  auto text = file_at(files, "bin/kazoo").content;
  CHECK(holds(text,
              "POST_START_HOOKS=\"hooks/a\nhooks/builtin/pid|/var/run/$REL_NAME.pid\n"
              "hooks/builtin/wait_for_process|kapps_controller\""));
  CHECK(holds(text, "\nPRE_STOP_HOOKS=\"\""));
  CHECK(holds(text, "STATUS_HOOK=\"hooks/builtin/status\""));
  CHECK(file_at(files, "bin/hooks/builtin/pid").mode == 0755);
  CHECK_NOTHROW(file_at(files, "bin/hooks/builtin/wait_for_process"));
  CHECK_THROWS(file_at(files, "bin/hooks/builtin/wait_for_vm_start"));
}

TEST_CASE("start script: the process that a hook waits for is an atom of Erlang's") {
  StartScript script = kazoo();
  script.hooks = {{Atom("post_start"),
                   {Term::tuple({Term::atom("wait_for_process"), Term::atom("Elixir.Shop")})}}};
  CHECK(holds(file_at(start_script_files(script, "relx.config"), "bin/kazoo").content,
              "POST_START_HOOKS=\"hooks/builtin/wait_for_process|'Elixir.Shop'\""));
}

TEST_CASE("start script: a hook in the wrong phase is left out with a warning") {
  StartScript script = kazoo();
  script.hooks = {{Atom("pre_stop"), {Term::atom("pid")}}};
  const Warnings warnings;
  auto files = start_script_files(script, "relx.config");
  CHECK(warnings.count() == 1);
  CHECK(holds(file_at(files, "bin/kazoo").content, "\nPRE_STOP_HOOKS=\"\""));
  CHECK_THROWS(file_at(files, "bin/hooks/builtin/pid"));
}

TEST_CASE("start script: extensions are commands") {
  StartScript script = kazoo();
  script.extensions = {{Atom("games"), "extensions/games"}, {Atom("top"), "extensions/top"}};
  auto text = file_at(start_script_files(script, "relx.config"), "bin/kazoo").content;
  CHECK(holds(text, "'games') EXTENSION_SCRIPT='extensions/games' ;;"));
  CHECK(holds(text, "EXTENSIONS='games|top'"));
  CHECK(syntax_status(text) == 0);
}

TEST_CASE("start script: only the commands that are named are offered, under all their names") {
  StartScript script = kazoo();
  script.commands = {Atom("start"), Atom("ping")};
  CHECK(holds(file_at(start_script_files(script, "relx.config"), "bin/kazoo").content,
              "\nCOMMANDS='daemon start ping'\n"));
  script.commands = {Atom("forground")};
  script.commands_at = {3, 1};
  CHECK_THROWS_WITH(start_script_files(script, "relx.config"),
                    Catch::Matchers::StartsWith("relx.config:3:1: error: "
                                                "extended_start_script_commands: there is no "
                                                "command forground"));
}

TEST_CASE("start script: of a hook's text only variables are anything to the shell") {
  StartScript script = kazoo();
  script.hooks = {{Atom("pre_start"),
                   {Term::tuple({Term::atom("custom"),
                                 Term::string("$(touch x)`y` ${REL_NAME} $NAME ${A:=b} $")})}}};
  CHECK(holds(file_at(start_script_files(script, "relx.config"), "bin/kazoo").content,
              "PRE_START_HOOKS=\"\\$(touch x)\\`y\\` ${REL_NAME} $NAME \\${A:=b} \\$\"\n"));
}

TEST_CASE("start script: a default vm.args starts, whatever the release's name") {
  const std::map<std::string, std::pair<std::string, std::string>> names_and_cookies = {
      {"a'b c", {"a_b_c", "a'b c"}}, {"ünï", {"__n__", "__n__"}}, {"-x-y", {"_x-y", "_x-y"}},
      {"+x+y", {"_x_y", "_x+y"}},    {"${A}", {"__A_", "_{A}"}},  {"#\\\"", {"___", "#\\\""}}};
  for (const auto& [name, expected] : names_and_cookies) {
    const start::VmArgs args = start::read_vm_args("vm.args", default_vm_args(name), ".");
    CHECK(args.name()->name == expected.first);
    CHECK(args.cookie()->text == expected.second);
  }
}

}  // namespace relx_start_script_test
