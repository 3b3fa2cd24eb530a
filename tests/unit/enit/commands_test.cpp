#include "enit/commands.h"

#include "catch.h"
#include "sys/files.h"

namespace enit_commands_test {

using namespace relmk;
using namespace relmk::enit;

namespace {

using Words = std::vector<std::string>;
using std::chrono::milliseconds;

}  // namespace

TEST_CASE(
    "enit start options: the command line goes before the configuration, that before the command's "
    "own") {
  CommandOptions options;
  NodeSettings node;
  CHECK(start_options(options, node, {0}).retries.count == 0);
  CHECK_FALSE(start_options(options, node, {std::nullopt}).retries.count);
  CHECK(start_options(options, node, {0}).delay == milliseconds(15000));
  node.start_retries = NodeSettings::Retries{3};
  node.start_delay = milliseconds(2000);
  CHECK(start_options(options, node, {0}).retries.count == 3);
  CHECK(start_options(options, node, {0}).delay == milliseconds(2000));
  options.start_retries = "infinity";
  options.start_delay = 0.5;
  CHECK_FALSE(start_options(options, node, {0}).retries.count);
  CHECK(start_options(options, node, {0}).delay == milliseconds(500));
}

TEST_CASE("enit foreground command: it says all that decides how the node starts") {
  CommandOptions options;
  StartOptions start;
  start.retries = {0};
  CHECK(foreground_command("/bin/enit", options, "r", start) ==
        Words{"/bin/enit", "startfg", "r", "--start-retries", "0", "--start-delay", "15.000",
              "--timeout", "5.000"});
  options.release_directory = "var";
  options.config_directory = "/etc/x";
  start.retries = {std::nullopt};
  start.delay = milliseconds(1);
  start.syslog = true;
  CHECK(foreground_command("/bin/enit", options, "r", start) ==
        Words{"/bin/enit", "startfg", "r", "--release-dir", fs::absolute("var").string(),
              "--config-dir", "/etc/x", "--start-retries", "infinity", "--start-delay", "0.001",
              "--timeout", "5.000", "--syslog"});
}

}  // namespace enit_commands_test
