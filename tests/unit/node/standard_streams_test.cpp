#include "node/session/standard_streams.h"

#include "answering_node.h"
#include "catch.h"
#include "redirected.h"
#include "sys/files.h"
#include "sys/temporary_directory.h"

namespace node_standard_streams_test {

using namespace relmk;
using namespace relmk::node;

namespace {

struct Streams {
  sys::TemporaryDirectory directory{"relmk-unit"};
  AnsweringNode node;
  Target target = node.target(
      [](const std::string&, const Terms&) -> std::optional<Term> { return std::nullopt; });
  Connection connection{target.address, "secret", Deadline::after(kPatience)};
  Rpc rpc{connection, kPatience};
  StandardStreams streams;
};

}  // namespace

TEST_CASE("standard streams: lines with their newlines, the last one without, then the end") {
  Streams all;
  const fs::path file = all.directory.path() / "in";
  sys::write_file(file, "one\n\nlast");
  const Redirected input(STDIN_FILENO, file, O_RDONLY);
  const auto line = [&] { return all.streams.read_line(all.rpc, {}); };
  CHECK(line().text == "one\n");
  CHECK(line().text == "\n");
  const Terminal::Line last = line();
  CHECK(last.text == "last");
  CHECK_FALSE(last.end);
  CHECK(line().end);
  CHECK(line().end);
}

TEST_CASE("standard streams: what is written is there at once, behind what was printed") {
  Streams all;
  const fs::path file = all.directory.path() / "out";
  bool is_terminal = true;
  std::optional<int> columns = 1;
  {
    const Redirected output(STDOUT_FILENO, file, O_WRONLY | O_CREAT);
    std::fputs("a", stdout);
    all.streams.write(all.rpc, std::string(20000, 'b'));
    is_terminal = all.streams.is_terminal();
    columns = all.streams.columns();
  }
  CHECK(sys::read_file(file) == "a" + std::string(20000, 'b'));
  CHECK_FALSE(is_terminal);
  CHECK_FALSE(columns);
}

TEST_CASE("standard streams: output that cannot be written is an error") {
  Streams all;
  bool threw = false;
  {
    const Redirected output(STDOUT_FILENO, "/dev/full", O_WRONLY);
    try {
      all.streams.write(all.rpc, "x");
    } catch (const Error& error) {
      threw = error.message().starts_with("cannot write to standard output: ");
    }
  }
  CHECK(threw);
}

}  // namespace node_standard_streams_test
