#include "start/start_files.h"

#include <unistd.h>

#include "catch.h"
#include "demo_release.h"
#include "start/running_node.h"

namespace start_start_files_test {

using namespace relmk;
using namespace relmk::start;

constexpr int kFirstProcess = 1;

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

TEST_CASE("start files: a second start, and a third, writes over nothing of nodes that run") {
  Demo demo;
  demo.write("vm.args", "-sname a@localhost\n-setcookie first\n");
  std::vector<fs::path> cookies;
  for (const char* cookie : {"first", "second", "third"}) {
    demo.environment["RELX_COOKIE"] = cookie;
    const StartFiles files = demo.start();
    CHECK(mode_of(files.home) == 0700);
    cookies.push_back(files.home / ".erlang.cookie");
    // Two processes that live: the first is older.
    note_running_node(demo.release, demo.environment,
                      {{"a", "localhost"},
                       NameType::Short,
                       "",
                       files.vm_args,
                       cookies.back(),
                       cookies.size() == 1 ? kFirstProcess : ::getpid()});
  }
  CHECK(sys::read_file(cookies[0]) == "first");
  CHECK(sys::read_file(cookies[1]) == "second");
  CHECK(sys::read_file(cookies[2]) == "third");
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

TEST_CASE("start files: a cookie with a blank, without quotes, is not taken for another node's") {
  Demo demo;
  demo.write("vm.args", "-sname a@localhost\n-setcookie s3cret word\n");
  CHECK_THROWS_WITH(
      demo.start(),
      demo.file("vm.args").string() +
          ":2:1: error: of the two values of -setcookie, the first is no node's name\n"
          "hint: a cookie that holds a blank stands in quotes");
  demo.environment["RELX_COOKIE"] = "s3cret word";  // goes before it
  CHECK(sys::read_file(demo.start().home / ".erlang.cookie") == "s3cret word");
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

TEST_CASE("start files: with RELX_REPLACE_OS_VARS the source stays, and is what counts") {
  Demo demo;
  demo.write("sys.config", "[{a,[{v,\"${V}\"}]}].\n");
  demo.environment["RELX_REPLACE_OS_VARS"] = "1";
  demo.environment["V"] = "1&\\2";
  CHECK(sys::read_file(demo.start().sys_config) == "[{a,[{v,\"1&\\2\"}]}].\n");
  CHECK(demo.start().sys_config == demo.file("sys.a@localhost.config"));
  CHECK_FALSE(fs::exists(demo.file("sys.config.orig")));
  demo.write("sys.config", "[{a,[{w,\"${V}\"}]}].\n");  // as the next assembly may
  CHECK(sys::read_file(demo.start().sys_config) == "[{a,[{w,\"1&\\2\"}]}].\n");
  demo.environment.erase("RELX_REPLACE_OS_VARS");
  CHECK(sys::read_file(demo.start().sys_config) == "[{a,[{w,\"${V}\"}]}].\n");
}

TEST_CASE("start files: what a link points to is not written to") {
  Demo demo;
  sys::write_file(demo.path / "project.config", "[{a,[{v,\"${V}\"}]}].\n");
  fs::remove(demo.file("sys.config"));
  fs::create_symlink(demo.path / "project.config", demo.file("sys.config"));
  demo.environment["RELX_REPLACE_OS_VARS"] = "1";
  demo.environment["V"] = "1";
  CHECK(sys::read_file(demo.start().sys_config) == "[{a,[{v,\"1\"}]}].\n");
  CHECK(sys::read_file(demo.path / "project.config") == "[{a,[{v,\"${V}\"}]}].\n");
  CHECK(fs::is_symlink(demo.file("sys.config")));
}

TEST_CASE("start files: an included configuration that is missing or broken is told") {
  Demo demo;
  demo.write("sys.config", "[{a,[]}, \"production\"].\n");
  CHECK_THROWS_WITH(demo.start(), Catch::Matchers::ContainsSubstring(
                                      "the included configuration production.config is not there"));
  demo.write("production.config", "[{b,[]}");
  CHECK_THROWS_WITH(demo.start(),
                    Catch::Matchers::StartsWith(demo.file("production.config").string()));
  demo.write("production.config", "[{b,[]}].\n");
  CHECK_NOTHROW(demo.start());
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

}  // namespace start_start_files_test
