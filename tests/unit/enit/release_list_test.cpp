#include "enit/release_list.h"

#include "../node/answering_node.h"
#include "../node/fake_epmd.h"
#include "catch.h"
#include "scratch.h"

namespace enit_release_list_test {

using namespace relmk;
using namespace relmk::enit;

namespace {

struct Host {
  Host() {
    places.releases = scratch.path;
    places.configurations = scratch.path / "etc";
    places.other_releases.reset();
    places.other_configurations.reset();
  }
  void add(const std::string& name, const std::string& node) const {
    sys::make_directories(scratch.path / name);
    sys::write_file(scratch.path / name / "release.enit", "{release, x, [{applications, [a]}]}.\n");
    sys::write_file(scratch.path / name / "x.config",
                    "{node, [{cookie, secret}, {nodename, '" + node + "'}]}.\n");
  }
  std::string list(uint16_t epmd_port) const {
    return list_text(places, std::chrono::seconds(5),
                     {{"ERL_EPMD_PORT", std::to_string(epmd_port)}});
  }

  const Scratch scratch;
  Places places;
};

// which_applications/0 of a node with application a.
Term applications_with_a() {
  return Term::list({Term::tuple({Term::atom("a"), Term::string(""), Term::string("1")})});
}

// What an epmd tells that knows these two.
std::string names(uint16_t fake, uint16_t other) {
  return std::string("\0\0\x11\x11", 4) + "name fake at port " + std::to_string(fake) +
         "\nname other at port " + std::to_string(other) + "\n";
}

}  // namespace

TEST_CASE("enit list: a bad release is one line among the others") {
  const Scratch scratch;
  Places places;
  places.releases = scratch.path;
  places.configurations = scratch.path / "etc";
  places.other_releases.reset();
  places.other_configurations.reset();
  CHECK(list_text(places, std::chrono::seconds(5), {}) == "no releases\n");
  for (const char* name : {"bad", "cold"}) {
    fs::create_directory(scratch.path / name);
    sys::write_file(scratch.path / name / "release.enit",
                    std::string(name) == "bad" ? "{release,\n" : "{release, x, []}.\n");
  }
  sys::write_file(scratch.path / "cold/x.config",
                  "{node, [{cookie, c}, {nodename, 'cold@localhost'}]}.\n");
  // Nothing listens on port 1: there is no epmd, hence no node.
  const std::string text = list_text(places, std::chrono::seconds(5), {{"ERL_EPMD_PORT", "1"}});
  CHECK(text.starts_with("* bad (cannot be read: " + (scratch.path / "bad/release.enit").string()));
  CHECK(text.ends_with("\n* cold undefined [cold@localhost] (not running)\n"));
}

TEST_CASE("enit list: epmd is asked once for all, and what is registered is asked") {
  const Host host;
  host.add("one", "fake@127.0.0.1");
  for (const char* name : {"two", "three", "four"})
    host.add(name, std::string(name) + "@127.0.0.1");
  node::AnsweringNode node;
  const uint16_t port = node.target([](const std::string&, const Terms&) {
                              return std::optional<Term>(applications_with_a());
                            })
                            .address.port.value();
  const FakeEpmd epmd(names(port, 1));
  CHECK(host.list(epmd.port()) ==
        "* four undefined [four@127.0.0.1] (not running)\n"
        "* one undefined [fake@127.0.0.1] (running)\n"
        "* three undefined [three@127.0.0.1] (not running)\n"
        "* two undefined [two@127.0.0.1] (not running)\n");
  CHECK(epmd.times_asked() == 1);
}

TEST_CASE("enit list: an odd answer, and another node, are lines among the others") {
  const Host host;
  host.add("one", "fake@127.0.0.1");
  host.add("two", "other@127.0.0.1");
  node::AnsweringNode node;
  const uint16_t port = node.target([](const std::string&, const Terms&) {
                              return std::optional<Term>(Term::atom("odd"));
                            })
                            .address.port.value();
  FakeNode other;
  const FakeEpmd epmd(names(port, other.listen().port.value()));
  const std::string text = host.list(epmd.port());
  CHECK(text.starts_with("* one undefined [fake@127.0.0.1] (cannot be asked: the node answered"));
  CHECK(text.find("\n* two undefined [other@127.0.0.1] (cannot be asked: ") != std::string::npos);
}

}  // namespace enit_release_list_test
