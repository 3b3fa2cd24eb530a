#include "enit/difference.h"

#include "catch.h"
#include "host.h"

namespace enit_difference_test {

using namespace relmk;
using namespace relmk::enit;

namespace {

struct Change {
  Change(const std::string& before, const std::string& after, const std::string& applications = "b")
      : Change(before, after, applications, applications) {}
  Change(const std::string& before, const std::string& after, const std::string& old_applications,
         const std::string& new_applications) {
    host.lay_plain("a", "1", {}, ", {env, [{in_app, 7}]}");
    host.lay_plain("b", "1", {"a"});
    host.lay_plain("c", "1", {"a"});
    const Release old = host.release(old_applications, before);
    const Applied applied = InstalledHost::applied(old, host.applications(old));
    const Release release = host.release(new_applications, after);
    found = difference(applied, release, host.applications(release));
  }
  std::string text() const { return difference_text(found); }
  InstalledHost host;
  Difference found;
};

}  // namespace

TEST_CASE("enit difference: the same configuration is none") {
  const Change change("{b, [{x, 1}, {y, [z]}]}.\n", "{b, [{y, [z]}]}. {b, [{x, 1}]}.\n");
  CHECK(change.found.is_empty());
  CHECK(change.text().empty());
}

TEST_CASE(
    "enit difference: keys that are new, others and gone, each application after what it needs") {
  CHECK(Change("{b, [{x, 1}, {old, 1}]}.\n", "{b, [{x, \"two\"}]}. {a, [{new, 2}]}.\n").text() ==
        "a new = 2\n"
        "b x = \"two\"\n"
        "b old is removed\n");
}

TEST_CASE("enit difference: a key that is gone goes back to the .app's value") {
  CHECK(Change("{a, [{in_app, 8}]}.\n", "").text() == "a in_app = 7 (its .app's value)\n");
}

TEST_CASE("enit difference: what only a restart changes is told, and not set") {
  const Change change("{kernel, [{net_ticktime, 60}]}.\n",
                      "{kernel, [{net_ticktime, 61}, {dist_auto_connect, never}]}.\n"
                      "{node, [{hidden, true}, {stop_timeout, 1}]}.\n");
  CHECK(change.text() ==
        "kernel dist_auto_connect = never\n"
        "needs a restart: node hidden\n"
        "needs a restart: kernel net_ticktime\n");
  CHECK(needs_restart("inet_dist_listen_min"));
  CHECK_FALSE(needs_restart("dist_auto_connect"));
}

TEST_CASE(
    "enit difference: applications of an extension start, and stop where nothing else needs them") {
  const std::string extension = "{extension, more, [{applications, [c]}]}.\n";
  const Change added("", extension);
  CHECK(added.text() == "start c\n");
  REQUIRE(added.found.loaded.size() == 1);
  CHECK(added.found.loaded[0].name == Atom("c"));
  CHECK(Change(extension, "").text() == "stop c\n");
  CHECK(Change("{extension, more, [{applications, [a]}]}.\n", "").text().empty());
  // With what it needs, which is not loaded yet.
  CHECK(Change("", extension, "stdlib").text() == "start a\nstart c\n");
}

}  // namespace enit_difference_test
