#include "sys/tool.h"

#include <fmt/core.h>
#include <stdio_ext.h>

#include <new>
#include <stdexcept>

#include "catch.h"
#include "redirected.h"
#include "sys/error.h"
#include "sys/files.h"
#include "sys/temporary_directory.h"

namespace sys_tool_test {

using namespace relmk;

namespace {

struct Result {
  int code = 0;
  std::string errors;
};

// A tool `x` with the option --number, run with these arguments.
Result run(std::vector<std::string> arguments, const std::function<int()>& work) {
  const sys::TemporaryDirectory directory("relmk-unit");
  const fs::path file = directory.path() / "errors";
  std::vector<char*> argv;
  arguments.insert(arguments.begin(), "x");
  for (std::string& argument : arguments)
    argv.push_back(argument.data());
  Result result;
  {
    const Redirected errors(STDERR_FILENO, file, O_WRONLY | O_CREAT);
    sys::CommandLine line("x", "about");
    int number = 0;
    line.option("--number", number, "a number");
    result.code = sys::run_tool(line, static_cast<int>(argv.size()), argv.data(), work);
  }
  result.errors = sys::read_file(file);
  return result;
}

int nothing() {
  return 0;
}

}  // namespace

TEST_CASE("tool: what the work returns is the exit code") {
  const Result result = run({"--number", "3"}, [] { return 5; });
  CHECK(result.code == 5);
  CHECK(result.errors.empty());
}

TEST_CASE("tool: wrong usage is 2, in a line and a hint, and nothing is done") {
  bool done = false;
  const Result result = run({"--nothing"}, [&] {
    done = true;
    return 0;
  });
  CHECK(result.code == 2);
  CHECK_FALSE(done);
  CHECK(result.errors.starts_with("x: error: "));
  CHECK(result.errors.ends_with("\nhint: x --help\n"));
  CHECK(run({"--number", "many"}, nothing).code == 2);
}

TEST_CASE("tool: whatever is thrown is 1 and told in our words") {
  const auto failure = [](auto error) { return run({}, [error]() -> int { throw error; }); };
  const Result placed = failure(Error("f", {2, 3}, "two\nlines"));
  CHECK(placed.code == 1);
  CHECK(placed.errors == "f:2:3: error: two\\nlines\n");
  CHECK(failure(std::runtime_error("odd"))
            .errors.starts_with(
                "error: this input is more than x was made for\nhint: this is a fault of x "));
  CHECK(failure(fs::filesystem_error("cannot",
                                     std::make_error_code(std::errc::no_such_file_or_directory)))
            .errors == "error: the current directory: No such file or directory\n");
  CHECK(
      failure(fs::filesystem_error("cannot", "p", std::make_error_code(std::errc::is_a_directory)))
          .errors == "p: error: Is a directory\n");
  CHECK(failure(std::bad_alloc()).errors == "error: out of memory\n");
}

TEST_CASE("tool: what is printed and does not arrive is told in one line, however much it is") {
  const auto errors_of = [](size_t size) {
    const Redirected output(STDOUT_FILENO, "/dev/full", O_WRONLY);
    const Result result = run({}, [size] {
      fmt::print("{}", std::string(size, 'x'));
      return 0;
    });
    CHECK(result.code == 1);
    __fpurge(stdout);
    std::clearerr(stdout);
    return result.errors;
  };
  const std::string expected = "error: cannot write to standard output: No space left on device\n";
  CHECK(errors_of(1) == expected);
  CHECK(errors_of(100000) == expected);
}

TEST_CASE("tool: what standard error did not take is 1, unless the code tells a failure already") {
  const auto code_of = [](int code) {
    sys::CommandLine line("x", "about");
    std::string name = "x";
    char* argv[] = {name.data()};
    const Redirected errors(STDERR_FILENO, "/dev/full", O_WRONLY);
    const int found = sys::run_tool(line, 1, argv, [code] {
      sys::warn("f", {}, "odd");
      return code;
    });
    std::clearerr(stderr);
    return found;
  };
  CHECK(code_of(0) == 1);
  CHECK(code_of(3) == 3);
  CHECK(run({}, nothing).code == 0);
}

}  // namespace sys_tool_test
