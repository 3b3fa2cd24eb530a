#include "sys/tool.h"

#include <fmt/core.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <new>
#include <string>
#include <system_error>

#include "sys/error.h"
#include "sys/output.h"
#include "sys/version.h"

namespace relmk::sys {
namespace {

int failed(const std::string& text) {
  std::fflush(stdout);
  say(text);
  return 1;
}

std::string text_of(const fs::filesystem_error& error) {
  // current_path() has no path to tell.
  if (error.path1().empty())
    return Error("the current directory: " + error.code().message()).text();
  return Error(error.path1().string(), error.code().message()).text();
}

// What is thrown by no function of ours is told in our words: its own are those of C++. What {fmt}
// throws when it cannot print is left, as `unprinted`, to who flushes standard output.
int failed_with_current_exception(const std::string& name, int& unprinted) {
  try {
    throw;
  } catch (const Error& error) {
    return failed(error.text());
  } catch (const std::bad_alloc&) {
    return failed("error: out of memory");
  } catch (const std::length_error&) {
    return failed("error: out of memory");
  } catch (const fs::filesystem_error& error) {
    return failed(text_of(error));
  } catch (const std::system_error& error) {
    if (std::ferror(stdout) != 0) {
      unprinted = error.code().value();
      return 1;
    }
    return failed(Error("the system refuses: " + error.code().message()).text());
  } catch (...) {
    return failed(Error("this input is more than " + name + " was made for")
                      .with_hint("this is a fault of " + name +
                                 " (relmk " RELMK_VERSION "): report it, with the input")
                      .text());
  }
}

// Whether all that was printed has arrived.
bool flush_output() {
  const bool had_failed = std::ferror(stdout) != 0;
  errno = 0;
  return std::fflush(stdout) == 0 && !had_failed;
}

// Whether something was for standard error, and did not arrive: a warning, a log event of a node.
bool has_lost_errors() {
  return std::ferror(stderr) != 0;
}

int run_parsed(CommandLine& line, const std::vector<std::string>& words,
               const std::function<int()>& run) {
  try {
    if (const auto text = line.parse(words)) {
      std::fwrite(text->data(), 1, text->size(), stdout);
      return 0;
    }
  } catch (const WrongUsage& error) {
    say(fmt::format("{}: error: {}", line.name(), error.what()));
    say(fmt::format("hint: {} --help", line.name()));
    return 2;
  }
  return run();
}

}  // namespace

int run_tool(CommandLine& line, int argc, char** argv, const std::function<int()>& run) {
  prepare_standard_streams();
  int code = 1;
  int unprinted = 0;  // an errno
  try {
    code = run_parsed(line, {argv + 1, argv + argc}, run);
  } catch (...) {
    code = failed_with_current_exception(line.name(), unprinted);
  }
  if (flush_output()) return code == 0 && has_lost_errors() ? 1 : code;
  const int number = errno == 0 ? unprinted : errno;
  const std::string reason = number == 0 ? "" : fmt::format(": {}", std::strerror(number));
  say("error: cannot write to standard output" + reason);
  return code == 0 ? 1 : code;
}

}  // namespace relmk::sys
