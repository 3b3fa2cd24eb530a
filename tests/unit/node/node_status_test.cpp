#include "node/commands/node_status.h"

#include "catch.h"

namespace node_node_status_test {

using namespace relmk;
using namespace relmk::node;

TEST_CASE("node status: duration is enit's") {
  CHECK(duration_text(0) == "0 sec");
  CHECK(duration_text(22) == "22sec");
  CHECK(duration_text(3600) == "1h");
  CHECK(duration_text(90061) == "1d 1h 1min 1sec");
}

TEST_CASE("node status: memory is enit's") {
  CHECK(memory_text(17) == "17 B");
  CHECK(memory_text(1024) == "1024 B");
  CHECK(memory_text(80896) == "79 KiB");
  CHECK(memory_text(17825793) == "17 MiB");
}

TEST_CASE("node status: text is enit's") {
  NodeStatus status;
  status.node = "relex@cluster02";
  status.state = "started";
  status.release = "relex";
  status.version = "1.0";
  status.otp_release = "25";
  status.pid = "24554";
  status.uptime_seconds = 22;
  status.applications = {{"cowboy", "0.4"}, {"public_key", "0.12"}};
  status.memory = {{"total", 17 << 20}, {"processes_used", 2048}, {"ets", 0}};
  CHECK(status_text(status) ==
        "Release: relex\nVersion: 1.0\nNode:    relex@cluster02\n\n"
        "This node is currently online.\n\n"
        "OTP: 25\nPid: 24554\nUptime: 22sec\nConnected Nodes:\nRunning Applications:\n"
        " cowboy     0.4\n public_key 0.12\nMemory Usage (erlang:memory/0):\n"
        " Total:            17 MiB\n Processes (used): 2 KiB\n ETS:              0 B\n");
}

TEST_CASE("node status: of a node that boots tells what it waits for") {
  NodeStatus status;
  status.state = "starting";
  status.progress = "applications_loaded";
  status.starting = {"kazoo", "web"};
  CHECK(
      status_text(status).find("\nThis node is starting (applications_loaded): it waits for kazoo, "
                               "web to start.\n") != std::string::npos);
}

TEST_CASE("node status: of a node whose arguments are not done is no application's matter") {
  NodeStatus status;
  status.state = "starting";
  status.progress = "started";
  CHECK_THAT(status_text(status),
             Catch::Matchers::ContainsSubstring("\nThis node is starting (started): it waits for "
                                                "what -eval, -run or -s has it do.\n"));
}

TEST_CASE("node status: of a node that stops tells what runs yet") {
  NodeStatus status;
  status.state = "stopping";
  status.progress = "stopping";
  status.applications = {{"kernel", "9"}, {"slow", "1"}};
  CHECK_THAT(status_text(status), Catch::Matchers::ContainsSubstring(
                                      "\nThis node is stopping; not stopped yet: kernel, slow.\n"));
}

TEST_CASE("node status: JSON escapes") {
  NodeStatus status;
  status.node = "a@b";
  status.release = "say \"hi\"\n";
  status.state = "starting";
  status.starting = {"kazoo"};
  status.pid = "7";
  CHECK(
      status_json(status) ==
      R"({"node":"a@b","state":"starting","starting":["kazoo"],"release":"say \"hi\"\u000a","version":"","otp_release":"",)"
      R"("erts_version":"","pid":7,"uptime_seconds":0,"connected_nodes":[],)"
      R"("applications":{},"memory":{}})"
      "\n");
}

}  // namespace node_node_status_test
