#include "start/start_environment.h"

#include <unistd.h>

#include "catch.h"
#include "demo_release.h"
#include "start/running_node.h"
#include "start/shell_assignments.h"
#include "start/vm_args.h"

namespace start_start_environment_test {

using namespace relmk;
using namespace relmk::start;

TEST_CASE("start environment: vm.args gives name and cookie") {
  Demo demo;
  StartEnvironment found = demo.find();
  CHECK(found.node.text() == "a@localhost");
  CHECK(found.name_type == NameType::Short);
  CHECK(found.cookie == "secret");
  CHECK(found.cookie_source == demo.file("vm.args"));
  CHECK(found.boot == demo.file("demo"));
  CHECK(found.pipe_directory.string().ends_with("/pipes/a@localhost/"));
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
  demo.environment["NODE_NAME"] = "given";
  CHECK(demo.find().node.name == "a");
  demo.environment["NODE_NAME"] = "given@host.example";
  CHECK(demo.find().node.text() == "given@host.example");
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
  demo.environment["RELX_COOKIE"] = "mine";
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

TEST_CASE(
    "start environment: NODE_NAME that is no node type of a release is no other node's name") {
  Demo demo;
  demo.write("ecallmgr.boot", "");
  for (const char* name : {"ecallmg@host.example", "ecallmg"}) {
    demo.environment["NODE_NAME"] = name;
    CHECK_THROWS_WITH(demo.find(),
                      Catch::Matchers::ContainsSubstring("no node type ecallmg\nhint: "
                                                         "its node types are ecallmgr"));
  }
}

TEST_CASE("start environment: NODE_HOST is the host of a NODE_NAME without one") {
  Demo demo;
  demo.write("vm.args", "-setcookie x\n");
  demo.environment["NODE_NAME"] = "given";
  demo.environment["NODE_HOST"] = "10.1.1.1";
  CHECK(demo.find().node.text() == "given@10.1.1.1");
  demo.environment["NODE_NAME"] = "given@fe80::1";
  CHECK(demo.find().node.text() == "given@fe80::1");
}

TEST_CASE("start environment: an unset variable is an error that names it, where it matters") {
  Demo demo;
  demo.write("vm.args.src", "# ${COMMENT}\n+P ${MANY}\n-sname ${NODE}@localhost\n-setcookie s\n");
  const std::string file = demo.file("vm.args.src").string();
  CHECK_THROWS_WITH(demo.find(),
                    Catch::Matchers::StartsWith(file + ":3: error: the variable NODE is not set"));
  demo.environment["NODE"] = "a";
  CHECK(demo.find().node.text() == "a@localhost");  // what is asked needs no MANY
  CHECK_THROWS_WITH(find_start_environment(demo.release, demo.environment, {StartStage::Starting}),
                    Catch::Matchers::StartsWith(file + ":2: error: the variable MANY is not set"));
  demo.environment["MANY"] = "100000";
  CHECK_NOTHROW(find_start_environment(demo.release, demo.environment, {StartStage::Starting}));
}

TEST_CASE(
    "start environment: a newline in a cookie's variable is refused, and the value not shown") {
  Demo demo;
  demo.write("vm.args.src", "-sname a@localhost\n-setcookie \"${CK}\"\n");
  demo.environment["CK"] = "S3CRT\nmore";
  CHECK_THROWS_WITH(
      demo.find(),
      Catch::Matchers::EndsWith(":2: error: the variable CK holds a newline, which no cookie can"));
}

TEST_CASE("start environment: the arguments of the command are understood, cookies taken out") {
  Demo demo;
  demo.write("vm.args", "-setcookie in_file\n");
  sys::write_file(demo.release.root / "more.args", "-sname more@localhost\n+P 1000000\n");
  const StartRequest request{StartStage::Starting,
                             {"-args_file", "more.args", "-sasl", "x", "1", "-setcookie", "y"}};
  StartEnvironment found = find_start_environment(demo.release, demo.environment, request);
  CHECK(found.node.text() == "more@localhost");
  CHECK(found.arguments.words == std::vector<std::string>{"-sasl", "x", "1"});
  CHECK(found.cookie.empty());  // of two the VM heeds none
  const StartFiles files = write_start_files(demo.release, demo.environment, found);
  CHECK(sys::read_file(files.vm_args) == "-sname more@localhost\n+P 1000000\n");
}

TEST_CASE("start environment: a node that runs is asked as what it was started") {
  Demo demo;
  demo.environment["RELEASE_ROOT_DIR"] = demo.release.root;
  demo.environment["RELEASE_NAME"] = "demo";
  demo.environment["RELEASE_VSN"] = "1.0";
  demo.write("vm.args", "-sname ${NODE}@localhost\n-setcookie ${CK}\n");
  Environment started = demo.environment;
  started["RELX_REPLACE_OS_VARS"] = "1";
  started["NODE"] = "b";
  started["CK"] = "chip";
  start_environment_script(started, {{StartStage::Starting}, ::getpid()});
  CHECK(sys::read_file(demo.file("vm.args")).find("${NODE}") != std::string::npos);
  CHECK(demo.find().node.text() == "b@localhost");
  CHECK(demo.find().cookie == "chip");

  SECTION("unless what is asked for is another") {
    demo.environment["NODE_NAME"] = "c@localhost";
    demo.environment["NODE_NAME_TYPE"] = "sname";
    CHECK(demo.find().node.text() == "c@localhost");
  }
  SECTION("but of two it is said") {
    started["NODE"] = "d";
    start_environment_script(started, {{StartStage::Starting}, ::getpid()});
    CHECK_THROWS_AS(demo.find(), Error);
    CHECK(find_start_environment(demo.release, started).node.text() == "d@localhost");
  }
  SECTION("a note of a process that has ended is none") {
    fs::remove_all(demo.release.root / "releases/.running");
    RunningNode gone;
    gone.node = {"b", "localhost"};
    gone.pid = 1 << 22;
    note_running_node(demo.release, demo.environment, gone);
    CHECK(running_nodes(demo.release, demo.environment).empty());
    CHECK_THROWS_AS(demo.find(), Error);
  }
}

TEST_CASE("start environment: a hook's choice of vm.args is known to who asks later") {
  Demo demo;
  demo.environment["RELEASE_ROOT_DIR"] = demo.release.root;
  demo.environment["RELEASE_NAME"] = "demo";
  demo.environment["RELEASE_VSN"] = "1.0";
  sys::write_file(demo.path / "chosen.args", "-sname chosen@localhost\n-setcookie chip\n");
  Environment started = demo.environment;
  started["VMARGS_PATH"] = demo.path / "chosen.args";
  started["RELMK_GIVEN_VMARGS"] = "";
  start_environment_script(started, {{StartStage::AfterHooks}, ::getpid()});
  CHECK(demo.find().node.text() == "chosen@localhost");
  CHECK(demo.find().cookie == "chip");
}

TEST_CASE(
    "start environment: a fault in the vm.args that the user has chosen is not hidden by what "
    "runs") {
  Demo demo;
  demo.environment["RELEASE_ROOT_DIR"] = demo.release.root;
  demo.environment["RELEASE_NAME"] = "demo";
  demo.environment["RELEASE_VSN"] = "1.0";
  start_environment_script(demo.environment, {{StartStage::Starting}, ::getpid()});
  sys::write_file(demo.path / "bad.args", "-sname a.b@localhost@c\n-setcookie chip\n");
  demo.environment["VMARGS_PATH"] = demo.path / "bad.args";
  CHECK_THROWS_AS(demo.find(), Error);
  demo.environment["VMARGS_PATH"] = demo.file("vm.args");
  demo.write("vm.args", "-sname a.b@localhost@c\n");
  CHECK(demo.find().node.text() == "a@localhost");
}

TEST_CASE("start environment: a module in epmd's place is told, unless the port is known") {
  Demo demo;
  demo.write("vm.args", "-sname a@localhost\n-epmd_module my_epmd\n");
  CHECK_THAT(cannot_be_asked(demo.find(), demo.environment),
             Catch::Matchers::StartsWith("error: -epmd_module my_epmd: ") &&
                 Catch::Matchers::ContainsSubstring("\nhint: set ERL_DIST_PORT"));
  CHECK(cannot_be_asked(demo.find(), {{"ERL_DIST_PORT", "9000"}}).empty());
}

TEST_CASE(
    "start environment: a node that takes no connections is told, also where its port is known") {
  Demo demo;
  demo.write("vm.args", "-sname a@localhost\n-dist_listen false\n");
  CHECK_THAT(cannot_be_asked(demo.find(), {{"ERL_DIST_PORT", "9000"}}),
             Catch::Matchers::StartsWith("error: -dist_listen false: "));
  demo.write("vm.args", "-sname a@localhost\n-dist_listen true\n");
  CHECK(cannot_be_asked(demo.find(), {}).empty());
}

TEST_CASE("start environment: a module in epmd's place among a command's arguments is told, too") {
  Demo demo;
  demo.write("vm.args", "-sname a@localhost\n");
  CHECK(cannot_be_asked(demo.find(), demo.environment).empty());
  const auto found = [&](std::vector<std::string> arguments) {
    return find_start_environment(demo.release, demo.environment,
                                  {StartStage::Starting, std::move(arguments)});
  };
  CHECK_THAT(cannot_be_asked(found({"-epmd_module", "argued"}), demo.environment),
             Catch::Matchers::StartsWith("error: -epmd_module argued: "));
  CHECK(cannot_be_asked(found({"-epmd_module", "erl_epmd"}), demo.environment).empty());
  CHECK(
      cannot_be_asked(found({"-epmd_module", "argued", "-erl_epmd_port", "9000"}), demo.environment)
          .empty());
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

TEST_CASE("start environment: before hooks the command's arguments may name the node, too") {
  Demo demo;
  demo.write("vm.args", "-setcookie in_file\n");
  StartRequest request{StartStage::BeforeHooks, {"-args_file", "more.args"}};
  CHECK_NOTHROW(find_start_environment(demo.release, demo.environment, request));
  sys::write_file(demo.release.root / "more.args", "-sname more@localhost\n");
  CHECK(find_start_environment(demo.release, demo.environment, request).node.text() ==
        "more@localhost");
  request = {StartStage::AfterHooks, {"-args_file", "gone.args"}};
  CHECK_THROWS_AS(find_start_environment(demo.release, demo.environment, request), VmArgsError);
}

TEST_CASE("start environment: hooks see vm.args and sys.config substituted, and may change them") {
  Demo demo;
  demo.write("vm.args.src", "-sname a@localhost\n-setcookie ${V}\n");
  demo.write("sys.config.src", "[{a, [{v, ${V}}]}].\n");
  demo.environment["V"] = "secret";
  StartEnvironment found =
      find_start_environment(demo.release, demo.environment, {StartStage::BeforeHooks});
  write_substituted_files(demo.release, demo.environment, found);
  CHECK(found.vm_args.base == demo.file("vm.args"));
  CHECK(sys::read_file(demo.file("vm.args")) == "-sname a@localhost\n-setcookie secret\n");
  CHECK(mode_of(demo.file("vm.args")) == 0600);
  CHECK(sys::read_file(demo.file("sys.config")) == "[{a, [{v, secret}]}].\n");

  demo.write("vm.args", "-sname b@localhost\n-setcookie other\n");
  demo.write("sys.config", "[{a, [{v, changed}]}].\n");
  found = find_start_environment(demo.release, demo.environment, {StartStage::AfterHooks});
  const StartFiles files = write_start_files(demo.release, demo.environment, found);
  CHECK(found.node.name == "b");
  CHECK(sys::read_file(files.home / ".erlang.cookie") == "other");
  CHECK(sys::read_file(files.vm_args) == "-sname b@localhost\n");
  CHECK(files.sys_config == demo.file("sys.config"));
  CHECK(sys::read_file(demo.file("sys.config")) == "[{a, [{v, changed}]}].\n");
}

}  // namespace start_start_environment_test
