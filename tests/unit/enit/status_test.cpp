#include "enit/status.h"

#include "catch.h"

namespace enit_status_test {

using namespace relmk;
using namespace relmk::enit;

namespace {

ReleaseStatus relex() {
  ReleaseStatus status;
  status.release = "relex";
  status.version = "1.0";
  status.node = "relex@cluster02";
  status.cookie = "monster";
  status.is_online = true;
  status.online.otp_release = "R14B03";
  status.online.pid = "24554";
  status.online.uptime_seconds = 22;
  status.online.applications = {{"cowboy", "0.4.0.0"}, {"runtime_tools", "1.8.5"}};
  status.online.memory = {{"total", 17 << 20},
                          {"processes", 2 << 20},
                          {"processes_used", 2 << 20},
                          {"binary", 79 << 10},
                          {"ets", (1 << 20) + 1}};
  return status;
}

}  // namespace

TEST_CASE("enit status: the sample of enit's own README, field for field") {
  CHECK(status_text(relex()) ==
        "Release: relex\n"
        "Version: 1.0\n"
        "Node:    relex@cluster02\n"
        "Cookie:  monster\n"
        "\n"
        "This node is currently online.\n"
        "\n"
        "OTP: R14B03\n"
        "Pid: 24554\n"
        "Uptime: 22sec\n"
        "Connected Nodes:\n"
        "Running Applications:\n"
        " cowboy        0.4.0.0\n"
        " runtime_tools 1.8.5\n"
        "Memory Usage (erlang:memory/0):\n"
        " Total:            17 MiB\n"
        " Processes:        2 MiB\n"
        " Processes (used): 2 MiB\n"
        " Binary:           79 KiB\n"
        " ETS:              1 MiB\n");
}

TEST_CASE("enit status: extensions, what still starts, and who is connected") {
  ReleaseStatus status = relex();
  status.extensions = {"'relex-with-snmp'"};
  status.starting = {"a", "b"};
  status.online.connected_nodes = {"n1@h"};
  const std::string text = status_text(status);
  CHECK(
      text.starts_with("Release:    relex\n"
                       "Version:    1.0\n"
                       "Node:       relex@cluster02\n"
                       "Cookie:     monster\n"
                       "Extensions: ['relex-with-snmp']\n"
                       "\n"
                       "This node is currently online.\n"
                       "Applications starting: [a, b]\n"));
  CHECK(text.find("Connected Nodes:\n n1@h\nRunning") != std::string::npos);
}

TEST_CASE("enit status: of a node that is offline, and without the cookie") {
  ReleaseStatus status = relex();
  status.is_online = false;
  status.cookie.clear();
  CHECK(status_text(status) ==
        "Release: relex\nVersion: 1.0\nNode:    relex@cluster02\n\nThis node is currently "
        "offline.\n");
  CHECK(
      status_json(status) ==
      R"({"release":"relex","version":"1.0","node":"relex@cluster02","extensions":[],"online":false})"
      "\n");
}

TEST_CASE("enit status: JSON has the same fields") {
  CHECK(status_json(relex()) ==
        R"({"release":"relex","version":"1.0","node":"relex@cluster02","cookie":"monster",)"
        R"("extensions":[],"online":true,"starting":[],"otp_release":"R14B03","erts_version":"",)"
        R"("pid":24554,"uptime_seconds":22,"connected_nodes":[],)"
        R"("applications":{"cowboy":"0.4.0.0","runtime_tools":"1.8.5"},)"
        R"("memory":{"total":17825792,"processes":2097152,"processes_used":2097152,"binary":80896,)"
        R"("ets":1048577}})"
        "\n");
}

}  // namespace enit_status_test
