#include "sys/tool.h"

#include <fmt/core.h>

#include <cstdio>
#include <exception>
#include <new>
#include <string>

#include "sys/error.h"
#include "sys/version.h"

namespace relmk::sys {
namespace {

int failed(const std::string& text) {
  std::fflush(stdout);
  fmt::print(stderr, "{}\n", text);
  return 1;
}

}  // namespace

int run_tool(CLI::App& app, int argc, char** argv, const std::function<int()>& run) {
  app.set_version_flag("--version", app.get_name() + " (relmk) " RELMK_VERSION);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);
    fmt::print(stderr, "{}: error: {}\n", app.get_name(), error.what());
    fmt::print(stderr, "hint: {} --help\n", app.get_name());
    return 2;
  }
  try {
    const int code = run();
    if (std::fflush(stdout) != 0) return failed("error: cannot write to standard output");
    return code;
  } catch (const Error& error) {
    return failed(error.text());
  } catch (const std::bad_alloc&) {
    return failed("error: out of memory");
  } catch (const std::exception& error) {
    return failed(Error(error.what()).text());
  }
}

}  // namespace relmk::sys
