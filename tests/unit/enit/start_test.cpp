#include "enit/start.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <algorithm>
#include <cstddef>

#include "catch.h"
#include "enit_node.h"
#include "loopback.h"
#include "sys/descriptor.h"

namespace enit_start_test {

using namespace relmk;
using namespace relmk::enit;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr std::chrono::milliseconds kPatience(60000);

// This host's own OTP, with a release of sasl where no node runs.
struct ThisHost {
  ThisHost() {
    configure("");
    environment["ERL_EPMD_PORT"] = "1";
    environment["HOME"] = host.scratch.path.string();
  }
  PreparedNode prepare() {
    StartOptions options;
    options.patience = kPatience;
    return prepare_node(release, options, environment);
  }
  std::string failure() {
    try {
      prepare();
    } catch (const Error& error) {
      return error.message();
    }
    return "prepared";
  }
  // The release's files say this, too.
  void configure(const std::string& config) {
    release = EnitNode::named(host.release("sasl", config));
    release.node.cookie = "monster";
  }
  bool has_state() const { return fs::exists(release.place.directory / ".enit"); }

  InstalledHost host;
  sys::Environment environment = sys::process_environment();
  Release release;
};

mode_t mode(const fs::path& path) {
  struct stat status = {};
  return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 07777 : 0;
}

}  // namespace

TEST_CASE_METHOD(ThisHost,
                 "enit start: the cookie is in a file for the node's user, and in no argument") {
  const PreparedNode node = prepare();
  const fs::path state = fs::canonical(release.place.directory) / ".enit";
  CHECK(sys::read_file(state / "home/.erlang.cookie") == "monster");
  for (const char* file : {"home/.erlang.cookie", "sys.config", "start.eval"})
    CHECK((mode(state / file) & 077) == 0);
  CHECK(fs::exists(state / "start.boot"));
  const auto has = [&](const std::string& word) {
    return std::find(node.arguments.begin(), node.arguments.end(), word) != node.arguments.end();
  };
  CHECK(has("fake@127.0.0.1"));
  CHECK(has((state / "start").string()));
  CHECK(has("embedded"));
  for (const std::string& word : node.arguments)
    CHECK(word.find("monster") == std::string::npos);
  for (const auto& [name, value] : node.environment)
    CHECK(value.find("monster") == std::string::npos);
  CHECK(node.environment.at("HOME") == (state / "home").string());
  CHECK(node.environment.at("ENIT_RELEASE") == "relex");
  CHECK_FALSE(node.account.is_other);
}

TEST_CASE_METHOD(ThisHost, "enit start: what {node, […]} says becomes flags of the emulator") {
  const auto words = [&](const std::string& settings) {
    configure(settings.empty() ? "" : "{node, [" + settings + "]}.\n");
    std::string all = " ";
    for (const std::string& word : prepare().arguments)
      all += word + " ";
    return all;
  };
  const std::string plain = words("");
  CHECK_THAT(plain, ContainsSubstring(" -sname fake@127.0.0.1 "));
  for (const char* flag : {" +S ", " +P ", " -hidden ", " -connect_all "})
    CHECK_THAT(plain, !ContainsSubstring(flag));
  const std::string all = words(
      "{smp, disable}, {hidden, true}, {connect_all, false}, {vm_args, [\"+P\", \"2000\"]}, "
      "{nodename, 'a@b.c'}");
  for (const char* flag :
       {" +S 1 ", " +P 2000 ", " -hidden ", " -connect_all false ", " -name fake@127.0.0.1 "})
    CHECK_THAT(all, ContainsSubstring(flag));
}

TEST_CASE_METHOD(ThisHost, "enit start: one at a time") {
  const PreparedNode node = prepare();
  CHECK_THAT(failure(), ContainsSubstring("release relex is already running, or being started"));
}

TEST_CASE_METHOD(ThisHost,
                 "enit start: a port in use is told by its number, and nothing is written") {
  const Loopback listener;
  const std::string port = std::to_string(listener.port());
  configure("{kernel, [{inet_dist_use_interface, {127,0,0,1}}, {inet_dist_listen_min, " + port +
            "}, {inet_dist_listen_max, " + port + "}]}.\n");
  CHECK(failure() == "port " + port + " is in use (kernel: inet_dist_listen_min)");
  CHECK_FALSE(has_state());
  configure("{kernel, [{inet_dist_listen_min, 70000}]}.\n");
  CHECK_THAT(failure(), ContainsSubstring("are no ports"));
}

TEST_CASE("enit start: a node that runs already is told") {
  const InstalledHost host;
  host.lay_plain("a", "1");
  EnitNode node(host);
  const Release release = EnitNode::named(host.release("a", ""));
  node.run(release);
  StartOptions options;
  options.patience = kPatience;
  try {
    prepare_node(release, options, node.environment);
    FAIL("it was prepared");
  } catch (const Error& error) {
    CHECK(error.message() == "release relex is already running: fake@127.0.0.1");
  }
}

TEST_CASE("enit start: who waits for the node is told in one line why there is none") {
  const sys::Descriptor socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const std::string name = "relmk-unit-" + std::to_string(::getpid());
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  name.copy(address.sun_path + 1, sizeof address.sun_path - 1);
  REQUIRE(::bind(socket.get(), reinterpret_cast<sockaddr*>(&address),
                 static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size())) == 0);
  tell_starter(Error("it cannot be").with_hint("do something"), {{kNotifySocket, "@" + name}});
  char text[256];
  const ssize_t count = ::recv(socket.get(), text, sizeof text, MSG_DONTWAIT);
  REQUIRE(count > 0);
  CHECK(std::string(text, static_cast<size_t>(count)) == "STATUS=it cannot be");
}

TEST_CASE_METHOD(ThisHost,
                 "enit start: of a node that ends while it starts the last words are told") {
  BackgroundOptions options;
  options.command = {"/bin/sh", "-c", "echo the last words; exit 1"};
  options.log_directory = host.scratch.path / "log";
  options.patience = kPatience;
  try {
    start_in_background(release, options, environment);
    FAIL("it started");
  } catch (const Error& error) {
    CHECK(error.message() == "fake@127.0.0.1 ended while it started");
    CHECK_THAT(error.hint(), ContainsSubstring("the last words"));
  }
}

}  // namespace enit_start_test
