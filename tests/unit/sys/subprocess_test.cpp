#include "sys/subprocess.h"

#include <signal.h>

#include <chrono>
#include <string>
#include <thread>

#include "catch.h"
#include "child_process.h"
#include "scratch.h"
#include "sys/error.h"
#include "sys/process_stat.h"

namespace sys_subprocess_test {

using namespace relmk;
using namespace relmk::sys;

namespace {

// Who waits for it is not us: it may have ended, and no more.
bool is_gone(pid_t pid) {
  for (int i = 0; i < 600; ++i) {
    const auto process = read_process_stat(pid);
    if (!process || process->state == 'Z') return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  return false;
}

}  // namespace

TEST_CASE("subprocess: output, errors and exit code are told apart") {
  const Finished done = run_command({{"sh", "-c", "echo out; echo err >&2; exit 3"}, {}, {}, {}});
  CHECK(done.code == 3);
  CHECK(done.output == "out\n");
  CHECK(done.errors == "err\n");
}

TEST_CASE("subprocess: errors are part of the output, in its order, where that is wanted") {
  Command command;
  command.argv = {"/bin/sh", "-c", "echo 1; echo 2 >&2; echo 3"};
  command.joins_errors = true;
  const Finished finished = run_command(command);
  CHECK(finished.output == "1\n2\n3\n");
  CHECK(finished.errors.empty());
}

TEST_CASE("subprocess: input, environment and directory arrive") {
  const Finished done = run_command({{"sh", "-c", "cat; echo $X; pwd"}, {{"X", "y"}}, "in\n", "/"});
  CHECK(done.output == "in\ny\n/\n");
}

TEST_CASE("subprocess: a signal counts as 128 and its number") {
  CHECK(run_command({{"sh", "-c", "kill -9 $$"}, {}, {}, {}}).code == 137);
}

TEST_CASE("subprocess: a missing program is an error that names it") {
  CHECK_THROWS_WITH(run_command({{"no-such-program-here"}, {}, {}, {}}),
                    "error: cannot run no-such-program-here: not found in PATH");
}

TEST_CASE("subprocess: what it prints is handed on while it runs, where that is wanted") {
  const Scratch scratch;
  const std::string file = (scratch.path / "seen").string();
  std::string output, errors;
  Command command;
  // It ends when its first word has been seen.
  command.argv = {"sh", "-c", "echo first; until test -e \"$0\"; do sleep 0.1; done; echo last >&2",
                  file};
  command.limit = std::chrono::seconds(60);
  command.on_output = [&](std::string_view text) {
    output += text;
    write_file(file, "");
  };
  command.on_errors = [&](std::string_view text) { errors += text; };
  const Finished done = run_command(command);
  CHECK(done.code == 0);
  CHECK(output == "first\n");
  CHECK(errors == "last\n");
  CHECK(done.output.empty());
}

TEST_CASE("subprocess: one that prints without end is killed, and the limit is told") {
  CHECK_THROWS_WITH(run_command({{"yes"}, {}, {}, {}}),
                    "error: yes printed more than 16 MiB, and was killed");
  Command command;
  command.argv = {"yes"};
  command.name = "a long\nprogram";
  CHECK_THROWS_WITH(run_command(command),
                    "error: a long\\nprogram printed more than 16 MiB, and was killed");
  size_t count = 0;
  command.argv = {"head", "-c", "20000000", "/dev/zero"};
  command.on_output = [&](std::string_view text) { count += text.size(); };
  CHECK(run_command(command).code == 0);
  CHECK(count == 20000000);
}

TEST_CASE("subprocess: what it leaves in the background is not waited for") {
  const Finished done = run_command({{"sh", "-c", "echo a; sleep 300 & echo $!"}, {}, {}, {}});
  REQUIRE(done.output.starts_with("a\n"));
  CHECK(::kill(std::stoi(done.output.substr(2)), SIGTERM) == 0);
}

TEST_CASE("subprocess: one that takes longer than its limit is killed") {
  const Finished done = run_command(
      {{"sh", "-c", "(sleep 300; :) & echo $!; wait"}, {}, {}, {}, std::chrono::seconds(1)});
  CHECK(done.killed);
  CHECK(done.code == 128 + SIGKILL);
  CHECK(is_gone(std::stoi(done.output)));
  CHECK_FALSE(run_command({{"true"}, {}, {}, {}, std::chrono::seconds(300)}).killed);
}

TEST_CASE("subprocess: one that takes more memory than its limit, or whose child does, is killed") {
  Command command;
  command.argv = {"sh", "-c",
                  "echo a; (b=$(head -c 67108864 /dev/zero | tr '\\0' x); sleep 300; :); :"};
  command.most_memory = size_t{32} << 20;
  const Finished done = run_command(command);
  CHECK(done.outgrown);
  CHECK_FALSE(done.killed);
  CHECK(done.output == "a\n");
  CHECK(done.code == 128 + SIGKILL);
  command.argv = {"sh", "-c", "exit 3"};
  CHECK(run_command(command).code == 3);
}

TEST_CASE("subprocess: one that reads nothing of its input, however long, is none the worse") {
  const std::string input(1U << 22, 'x');
  CHECK(run_command({{"true"}, {}, input, {}}).code == 0);
  const Finished read = run_command({{"wc", "-c"}, {}, input, {}});
  CHECK(read.output == "4194304\n");
}

TEST_CASE("subprocess: much output of both streams arrives") {
  const Finished done = run_command(
      {{"sh", "-c", "head -c 1000000 /dev/zero; head -c 500000 /dev/zero >&2"}, {}, {}, {}});
  CHECK(done.output.size() == 1'000'000);
  CHECK(done.errors.size() == 500'000);
}

TEST_CASE("subprocess: what one printed before its limit is kept, whatever it does about signals") {
  Command command;
  command.argv = {"sh", "-c", "trap '' TERM; echo a; while :; do sleep 0.1; done"};
  command.limit = std::chrono::seconds(1);
  const Finished done = run_command(command);
  CHECK(done.killed);
  CHECK(done.output == "a\n");
  CHECK(done.code == 128 + SIGKILL);
}

TEST_CASE("subprocess: one that ends within its limit is not ended by it") {
  Command command;
  command.argv = {"sh", "-c", "echo a; exit 3"};
  command.limit = std::chrono::hours(1'000'000);
  const Finished done = run_command(command);
  CHECK_FALSE(done.killed);
  CHECK(done.code == 3);
}

TEST_CASE("subprocess: a signal that ends us ends the command and its children first") {
  const Scratch scratch;
  const std::string pid = (scratch.path / "pid").string(), seen = (scratch.path / "seen").string();
  const int status = status_of_process([&] {
    run_command({{"sh", "-c",
                  "trap 'echo >" + seen + "; exit' TERM; sleep 300 & echo $! >" + pid +
                      ".new; mv " + pid + ".new " + pid + "; kill -TERM $PPID; wait"},
                 {},
                 {},
                 {}});
  });
  CHECK(was_ended_by(status, SIGTERM));
  CHECK(fs::exists(seen));
  CHECK(is_gone(std::stoi(read_file(pid))));
}

TEST_CASE("subprocess: a command that does not heed the signal is killed") {
  const int status = status_of_process([&] {
    run_command(
        {{"sh", "-c", "trap '' TERM; kill -TERM $PPID; while :; do sleep 0.1; done"}, {}, {}, {}});
  });
  CHECK(was_ended_by(status, SIGTERM));
}

}  // namespace sys_subprocess_test
