#include "enit/node_settings.h"

#include "catch.h"
#include "term/consult.h"

namespace enit_node_settings_test {

using namespace relmk;
using namespace relmk::enit;
using Catch::Matchers::ContainsSubstring;

namespace {

const sys::Environment kEnvironment;

Configuration node_section(const std::vector<std::pair<const char*, Term>>& settings) {
  Configuration all;
  int line = 0;
  for (const auto& [key, value] : settings)
    all.sections["node"][key] = {value, "x.config", {++line, 1}};
  return all;
}

struct Read {
  explicit Read(const std::vector<std::pair<const char*, Term>>& settings)
      : configuration(node_section(settings)),
        node(node_settings("relex", configuration, kEnvironment, faults)) {}
  Configuration configuration;
  Faults faults;
  NodeSettings node;
};

const Term kCookie = Term::string("monster");

}  // namespace

TEST_CASE("enit node settings: each key has its values, all others are faults") {
  const Read read({{"cookie", Term::atom("monster")},
                   {"nodename", Term::atom("a@b.example")},
                   {"smp", Term::atom("disable")},
                   {"hidden", Term::atom("true")},
                   {"connect_all", Term::atom("false")},
                   {"run_as_user", Term::string("relex")},
                   {"vm_args", Term::list({Term::string("+P"), Term::string("5000")})},
                   {"start_retries", Term::atom("infinity")},
                   {"start_delay", Term(3)},
                   {"stop_timeout", Term(500)}});
  CHECK(read.faults.none());
  CHECK(read.node.cookie == "monster");
  CHECK(read.node.long_name);
  CHECK(read.node.name->text() == "a@b.example");
  CHECK(read.node.one_scheduler);
  CHECK(read.node.hidden);
  CHECK_FALSE(read.node.connect_all);
  CHECK(read.node.run_as_user == "relex");
  CHECK(read.node.vm_args == std::vector<std::string>{"+P", "5000"});
  CHECK_FALSE(read.node.start_retries->count);
  CHECK(read.node.start_delay == std::chrono::seconds(3));
  CHECK(read.node.stop_timeout == std::chrono::milliseconds(500));
  const std::vector<std::pair<const char*, Term>> wrong{
      {"cookie", Term(1)},
      {"cookie", Term::string("a\nb")},
      {"smp", Term::atom("x")},
      {"hidden", Term(1)},
      {"start_retries", Term(-1)},
      {"start_delay", Term::atom("soon")},
      {"vm_args", Term::string("+P 5")},
      {"vm_args", Term::list({Term::string("-setcookie"), Term::string("x")})},
      {"vm_args", Term::list({Term::string("-sname"), Term::string("x")})},
      {"vm_args", Term::list({Term::string("-args_file"), Term::string("x")})},
      {"vm_args", Term::list({Term::string("-boot"), Term::string("x")})},
      {"nodename", Term::string(std::string(254, 'a') + "@h")},
      {"nodename", Term::string("a b@c")}};
  for (const auto& setting : wrong) {
    INFO(setting.first);
    const Read one({setting});
    REQUIRE(one.faults.all().size() == 1);
    CHECK(one.faults.all()[0].position() == Position{1, 1});
  }
}

TEST_CASE("enit node settings: the node has the release's name, unless another is said") {
  const Read own({{"cookie", kCookie}});
  CHECK(own.node.name->text().starts_with("relex@"));
  CHECK_FALSE(own.node.long_name);
  CHECK(Read({{"nodename", Term::string("other")}}).node.name->text().starts_with("other@"));
}

TEST_CASE("enit node settings: retries are a number or without end") {
  CHECK(retries("0")->count == 0);
  CHECK(retries("12")->count == 12);
  CHECK_FALSE(retries("infinity")->count);
  CHECK_FALSE(retries("unlimited")->count);
  for (const char* text : {"", "-1", "1.5", "many", "9999999999"})
    CHECK_FALSE(retries(text));
}

TEST_CASE("enit node settings: a node is reached where it listens, with its cookie") {
  Read read({{"cookie", kCookie}, {"nodename", Term::string("a@b")}});
  read.configuration.sections["kernel"]["inet_dist_use_interface"] = {
      Term::tuple({Term(98), Term(77), Term(23), Term(2)}), "x.config", {1, 1}};
  const node::Target target =
      target_of("relex", read.node, read.configuration, {{"ERL_EPMD_PORT", "5555"}});
  CHECK(target.address.name.text() == "a@b");
  CHECK(target.address.interface == "98.77.23.2");
  CHECK(target.address.epmd_port == 5555);
  CHECK(target.cookie.value == "monster");
  CHECK_THROWS_WITH(target_of("relex", Read({}).node, {}, kEnvironment),
                    ContainsSubstring("release relex has no cookie"));
}

TEST_CASE("enit node settings: a node is reached as its arguments and the environment say") {
  const auto target_with = [](const char* arguments, const Environment& environment) {
    const Read read({{"cookie", kCookie},
                     {"nodename", Term::string("a@b")},
                     {"vm_args", term::consult_text("vm_args", arguments).at(0)}});
    return target_of("relex", read.node, read.configuration, environment);
  };
  CHECK_FALSE(target_with("[].", {}).address.port);
  CHECK(target_with("[\"-erl_epmd_port\", \"4999\"].", {}).address.port == 4999);
  CHECK(target_with("[\"-erl_epmd_port\", \"4999\"].", {{"ERL_DIST_PORT", "5001"}}).address.port ==
        5001);
  CHECK(target_with("[\"-proto_dist\", \"inet6_tcp\"].", {}).address.family ==
        node::AddressFamily::Inet6);
  CHECK_THROWS_WITH(target_with("[\"-epmd_module\", \"mine\"].", {}),
                    ContainsSubstring("finds nodes by itself"));
}

}  // namespace enit_node_settings_test
