#include "sys/subprocess.h"

#define BOOST_PROCESS_USE_STD_FS 1
#include <boost/asio/io_context.hpp>
#include <boost/process.hpp>
#include <future>
#include <system_error>

#include "sys/error.h"

namespace relmk::sys {
namespace bp = boost::process;

namespace {

int exit_code(int native) {
  if (WIFSIGNALED(native)) return 128 + WTERMSIG(native);
  return WEXITSTATUS(native);
}

}  // namespace

Finished run_command(const Command& command) {
  const std::string& name = command.argv.front();
  fs::path program = name;
  if (name.find('/') == std::string::npos) program = bp::search_path(name).string();
  if (program.empty()) throw Error("cannot run " + name + ": not found in PATH");

  bp::environment environment = boost::this_process::environment();
  for (const auto& [key, value] : command.environment)
    environment[key] = value;
  const std::vector<std::string> arguments(command.argv.begin() + 1, command.argv.end());
  const fs::path directory = command.directory.empty() ? fs::path(".") : command.directory;

  boost::asio::io_context io;
  std::future<std::string> output;
  std::future<std::string> errors;
  std::error_code failure;
  bp::child child(bp::exe = program.string(), bp::args = arguments, environment,
                  bp::start_dir = directory.string(),
                  bp::std_in<boost::asio::buffer(command.input), bp::std_out> output,
                  bp::std_err > errors, io, failure);
  if (failure) throw Error("cannot run " + program.string() + ": " + failure.message());
  io.run();
  child.wait(failure);
  return {exit_code(child.native_exit_code()), output.get(), errors.get()};
}

}  // namespace relmk::sys
