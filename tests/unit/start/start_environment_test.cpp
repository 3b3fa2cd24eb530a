#include "start/start_environment.h"

#include <sys/stat.h>

#include "catch.h"
#include "scratch.h"
#include "start/vm_args.h"
#include "sys/subprocess.h"

using namespace relmk;
using namespace relmk::start;

namespace {
struct Demo : Scratch {
  ReleasePlace release{path / "demo", "demo", "1.0"};
  Environment environment{{"HOME", (path / "home").string()}};

  Demo() {
    sys::make_directories(release.version_directory());
    sys::make_directories(path / "home");
    write("vm.args", "-sname a@localhost\n-setcookie secret\n");
    write("sys.config", "[].\n");
    write("demo.boot", "");
  }
  fs::path file(const std::string& name) const { return release.version_directory() / name; }
  void write(const std::string& name, const std::string& text) {
    sys::write_file(file(name), text);
  }
  StartEnvironment find() const { return find_start_environment(release, environment); }
  StartFiles start() const { return write_start_files(release, environment, find()); }
};

unsigned mode_of(const fs::path& path) {
  struct stat status = {};
  REQUIRE(::lstat(path.c_str(), &status) == 0);
  return status.st_mode & 07777;
}
}  // namespace

TEST_CASE("start environment: vm.args gives name and cookie") {
  Demo demo;
  StartEnvironment found = demo.find();
  CHECK(found.node.text() == "a@localhost");
  CHECK(found.name_type == NameType::Short);
  CHECK(found.cookie == "secret");
  CHECK(found.cookie_source == demo.file("vm.args"));
  CHECK(found.boot == demo.file("demo"));
  CHECK(found.pipe_directory == "/tmp/erl_pipes/a@localhost/");
}

TEST_CASE("start environment: RELX_COOKIE goes before vm.args") {
  Demo demo;
  demo.environment["RELX_COOKIE"] = "mine";
  CHECK(demo.find().cookie == "mine");
  CHECK(demo.find().cookie_source == "RELX_COOKIE");
}

TEST_CASE("start environment: a cookie in ERL_FLAGS, unless there is another") {
  Demo demo;
  demo.environment["ERL_FLAGS"] = "-setcookie flags";
  CHECK(demo.find().cookie.empty());
  demo.write("vm.args", "-sname a@localhost\n");
  CHECK(demo.find().cookie == "flags");
  CHECK(demo.find().cookie_source == "ERL_FLAGS");
  const std::string shell = shell_assignments(demo.find(), demo.start(), demo.environment);
  CHECK(shell.find("COOKIE_SOURCE='ERL_FLAGS'\n") != std::string::npos);
  CHECK(shell.find("ERL_FLAGS=''\nexport ERL_FLAGS\n") != std::string::npos);
}

TEST_CASE("start environment: cookies of other nodes in ERL_FLAGS, without a vm.args") {
  Demo demo;
  fs::remove(demo.file("vm.args"));
  demo.environment["NODE_NAME"] = "a@b.c";
  demo.environment["ERL_FLAGS"] = "-setcookie other@b.c hidden";
  const StartFiles files = demo.start();
  CHECK(sys::read_file(files.vm_args).find("hidden") == std::string::npos);
  CHECK(sys::read_file(files.vm_args.parent_path() / "cookies").find("hidden") !=
        std::string::npos);
}

TEST_CASE("start environment: the user's own cookie comes last, and stays where it is") {
  Demo demo;
  demo.write("vm.args", "-sname a@localhost\n");
  CHECK(demo.find().cookie.empty());
  sys::write_file(demo.path / "home/.erlang.cookie", "homely\n", 0400);
  CHECK(demo.find().cookie == "homely");
  CHECK(demo.find().cookie_in_home);
  CHECK(demo.start().home.empty());
}

TEST_CASE("start environment: .src goes before the file, and is substituted") {
  Demo demo;
  demo.write("vm.args.src", "-sname ${N:-x}@localhost\n");
  CHECK(demo.find().node.text() == "x@localhost");
  demo.environment["N"] = "y";
  CHECK(demo.find().node.text() == "y@localhost");
  CHECK(demo.find().vm_args.base == demo.file("vm.args"));
}

TEST_CASE("start environment: VMARGS_PATH and a vm.args in the root go before the version's") {
  Demo demo;
  sys::write_file(demo.release.root / "vm.args", "-sname root@localhost\n");
  CHECK(demo.find().node.name == "root");
  sys::write_file(demo.path / "other.args", "-sname other@localhost\n");
  demo.environment["VMARGS_PATH"] = demo.path / "other.args";
  CHECK(demo.find().node.name == "other");
}

TEST_CASE("start environment: NODE_NAME names the node where vm.args does not") {
  Demo demo;
  demo.environment["NODE_NAME"] = "given@host.example";
  CHECK(demo.find().node.name == "a");
  demo.write("vm.args", "-setcookie x\n");
  CHECK(demo.find().node.text() == "given@host.example");
  CHECK(demo.find().name_type == NameType::Long);
  demo.environment["NODE_NAME"] = "given@host";
  demo.environment["NODE_NAME_TYPE"] = "sname";
  CHECK(demo.find().name_type == NameType::Short);
}

TEST_CASE("start environment: NODE_NAME chooses the node type") {
  Demo demo;
  demo.write("ecallmgr.boot", "");
  demo.environment["NODE_NAME"] = "ecallmgr@host.example";
  demo.environment["KAZOO_CONFIG"] = "";
  StartEnvironment found = demo.find();
  CHECK(found.node_type == "ecallmgr");
  CHECK(found.node.text() == "ecallmgr@host.example");
  CHECK(found.boot == demo.file("ecallmgr"));
  CHECK(found.log_directory == demo.release.root / "log/ecallmgr");
  StartFiles files = demo.start();
  CHECK(sys::read_file(files.vm_args).find("-sname") == std::string::npos);
  demo.environment["NODE_NAME"] = "demo@host.example";
  CHECK(demo.find().node_type.empty());
}

TEST_CASE("start environment: a hook may yet make what vm.args includes") {
  Demo demo;
  demo.write("vm.args", "-sname a@localhost\n-args_file made/by_hook.args\n");
  CHECK(demo.find().node.text() == "a@localhost");
  CHECK_THROWS_WITH(demo.start(),
                    Catch::Matchers::ContainsSubstring("made/by_hook.args not found"));
  demo.write("vm.args", "-args_file made/by_hook.args\n");
  CHECK_THROWS_WITH(demo.find(), Catch::Matchers::ContainsSubstring("made/by_hook.args not found"));
  sys::make_directories(demo.release.root / "made");
  sys::write_file(demo.release.root / "made/by_hook.args", "-sname hook@localhost\n");
  CHECK(demo.find().node.name == "hook");
}

TEST_CASE("start environment: hooks see vm.args and sys.config substituted, and may change them") {
  Demo demo;
  demo.write("vm.args.src", "-sname a@localhost\n-setcookie ${V}\n");
  demo.write("sys.config.src", "[{a, [{v, ${V}}]}].\n");
  demo.environment["V"] = "secret";
  StartEnvironment found =
      find_start_environment(demo.release, demo.environment, StartStage::BeforeHooks);
  write_substituted_files(demo.release, demo.environment, found);
  CHECK(found.vm_args.base == demo.file("vm.args"));
  CHECK(sys::read_file(demo.file("vm.args")) == "-sname a@localhost\n-setcookie secret\n");
  CHECK(mode_of(demo.file("vm.args")) == 0600);
  CHECK(sys::read_file(demo.file("sys.config")) == "[{a, [{v, secret}]}].\n");

  demo.write("vm.args", "-sname b@localhost\n-setcookie other\n");
  demo.write("sys.config", "[{a, [{v, changed}]}].\n");
  found = find_start_environment(demo.release, demo.environment, StartStage::AfterHooks);
  const StartFiles files = write_start_files(demo.release, demo.environment, found);
  CHECK(found.node.name == "b");
  CHECK(sys::read_file(files.home / ".erlang.cookie") == "other");
  CHECK(sys::read_file(files.vm_args) == "-sname b@localhost\n");
  CHECK(files.sys_config == demo.file("sys.config"));
  CHECK(sys::read_file(demo.file("sys.config")) == "[{a, [{v, changed}]}].\n");
}

TEST_CASE("start environment: what relx refuses in vm.args has relx's code") {
  Demo demo;
  demo.environment["RELEASE_ROOT_DIR"] = demo.release.root;
  demo.environment["RELEASE_NAME"] = "demo";
  demo.environment["RELEASE_VSN"] = "1.0";
  demo.write("vm.args", "-setcookie x\n");
  CHECK_THROWS_AS(demo.find(), VmArgsError);
  CHECK(start_environment_script(demo.environment, StartStage::Asking) ==
        "printf '%s\\n' 'need to have exactly one of either -name or -sname parameters but none "
        "found'\nexit 1\n");
  demo.write("vm.args", "-sname a\n-name b\n");
  CHECK(start_environment_script(demo.environment, StartStage::Asking).find("\nexit 2\n") !=
        std::string::npos);
}

TEST_CASE("start files: the cookie is in a private home, and nowhere else") {
  Demo demo;
  demo.write("vm.args", "-sname a@localhost\n-setcookie 'it #1'\n+P 1000000\n");
  StartFiles files = demo.start();
  CHECK(sys::read_file(files.home / ".erlang.cookie") == "it #1");
  CHECK(mode_of(files.home / ".erlang.cookie") == 0600);
  CHECK(mode_of(files.home) == 0700);
  CHECK(sys::read_file(files.vm_args) == "-sname a@localhost\n+P 1000000\n");
  CHECK(sys::read_file(demo.file("vm.args")).find("it #1") != std::string::npos);
}

TEST_CASE("start files: cookies of other nodes are in a file that the VM reads") {
  Demo demo;
  demo.write("vm.args", "-sname a@localhost\n-setcookie mine\n-setcookie b@localhost 'not so'\n");
  StartFiles files = demo.start();
  CHECK(sys::read_file(files.home / ".erlang.cookie") == "mine");
  CHECK(sys::read_file(files.home / "cookies") == "%% coding: utf-8\n{b@localhost,'not so'}.\n");
  CHECK(mode_of(files.home / "cookies") == 0600);
  CHECK(sys::read_file(files.vm_args).find("not so") == std::string::npos);
  CHECK(sys::read_file(files.vm_args).find("-eval") != std::string::npos);
}

TEST_CASE("start files: the home links to what OTP looks for in one") {
  Demo demo;
  sys::write_file(demo.path / "home/.erlang", "ok.\n");
  StartFiles files = demo.start();
  CHECK(sys::read_file(files.home / ".erlang") == "ok.\n");
  CHECK_FALSE(fs::exists(files.home / ".hosts.erlang"));
}

TEST_CASE("start files: a cookie that no file can hold is refused, and not shown") {
  Demo demo;
  demo.environment["RELX_COOKIE"] = "gehe\xC3\xAFm";
  CHECK_THROWS_WITH(demo.start(), Catch::Matchers::StartsWith("RELX_COOKIE: error: the cookie") &&
                                      !Catch::Matchers::ContainsSubstring("gehe"));
}

TEST_CASE("start files: without a cookie in vm.args and without variables the files stay") {
  Demo demo;
  demo.write("vm.args", "-sname a@localhost\n");
  StartFiles files = demo.start();
  CHECK(files.vm_args == demo.file("vm.args"));
  CHECK(files.sys_config == demo.file("sys.config"));
  CHECK_FALSE(fs::exists(demo.file("sys.config.orig")));
}

TEST_CASE("start files: a sys.config that no node could boot from is refused, with the place") {
  Demo demo;
  demo.write("sys.config", "[{kernel, [}].\n");
  CHECK_THROWS_WITH(demo.start(),
                    demo.file("sys.config").string() + ":1:12: error: syntax error before: '}'");
  demo.environment["RELX_CONFIG_PATH"] = demo.file("sys.config.src").string();
  demo.environment["RELX_REPLACE_OS_VARS"] = "true";
  demo.environment["PORT"] = "80]";
  demo.write("sys.config.src", "[{aa, [{port, ${PORT}}]}].\n");
  CHECK_THROWS_WITH(demo.start(),
                    Catch::Matchers::StartsWith(demo.file("sys.config.src").string()));
  demo.environment["PORT"] = "80";
  CHECK_NOTHROW(demo.start());
}

TEST_CASE("start files: with RELX_REPLACE_OS_VARS the original is kept, and taken from then on") {
  Demo demo;
  demo.write("sys.config", "[{a,[{v,\"${V}\"}]}].\n");
  demo.environment["RELX_REPLACE_OS_VARS"] = "1";
  demo.environment["V"] = "1&\\2";
  CHECK(sys::read_file(demo.start().sys_config) == "[{a,[{v,\"1&\\2\"}]}].\n");
  CHECK(sys::read_file(demo.file("sys.config.orig")) == "[{a,[{v,\"${V}\"}]}].\n");
  demo.environment["V"] = "3";
  CHECK(sys::read_file(demo.start().sys_config) == "[{a,[{v,\"3\"}]}].\n");
  demo.environment.erase("RELX_REPLACE_OS_VARS");
  CHECK(sys::read_file(demo.start().sys_config) == "[{a,[{v,\"${V}\"}]}].\n");
}

TEST_CASE("start files: a link is kept as .orig, what it points to is not written to") {
  Demo demo;
  sys::write_file(demo.path / "project.config", "[{a,[{v,\"${V}\"}]}].\n");
  fs::remove(demo.file("sys.config"));
  fs::create_symlink(demo.path / "project.config", demo.file("sys.config"));
  demo.environment["RELX_REPLACE_OS_VARS"] = "1";
  demo.environment["V"] = "1";
  CHECK(sys::read_file(demo.start().sys_config) == "[{a,[{v,\"1\"}]}].\n");
  CHECK(sys::read_file(demo.path / "project.config") == "[{a,[{v,\"${V}\"}]}].\n");
  CHECK(fs::is_symlink(demo.file("sys.config.orig")));
}

TEST_CASE("start files: RELX_OUT_FILE_PATH and RELX_MULTI_NODE say where") {
  Demo demo;
  demo.write("sys.config.src", "[].");
  sys::make_directories(demo.path / "out");
  demo.environment["RELX_OUT_FILE_PATH"] = demo.path / "out";
  CHECK(demo.start().sys_config == demo.path / "out/sys.config");
  CHECK(demo.start().home == demo.path / "out/.a@localhost");
  demo.environment["RELX_MULTI_NODE"] = "1";
  CHECK(demo.start().sys_config == demo.path / "out/sys.a@localhost.config");
}

TEST_CASE("shell assignments: every byte arrives") {
  Demo demo;
  StartEnvironment found = demo.find();
  found.cookie = "a'b\"c$(d)`e`\\\nf";
  sys::Command shell;
  shell.argv = {"sh", "-c", "eval \"$1\"; printf %s \"$COOKIE\"", "sh",
                shell_assignments(found, std::nullopt, demo.environment)};
  CHECK(sys::run_command(shell).output == found.cookie);
}
