#include "enit/kept.h"

#include <sys/stat.h>

#include <memory>

#include "catch.h"
#include "host.h"

namespace enit_kept_test {

using namespace relmk;
using namespace relmk::enit;

namespace {

struct Kept {
  Kept() : state(host.release("a", "").place, {}) { host.lay_plain("a", "1"); }
  otp::ApplicationResource installed() const {
    return otp::read_application_resource((host.otp.lib / "a-1/ebin/a.app").string());
  }
  static ino_t inode(const fs::path& file) {
    struct stat status = {};
    return ::stat(file.c_str(), &status) == 0 ? status.st_ino : 0;
  }
  InstalledHost host;
  State state;
};

const char* const kBeam = "ebin/a_module.beam";

}  // namespace

TEST_CASE("enit kept: links to an application's files, that outlive them; sources are left out") {
  const Kept kept;
  const fs::path directory = kept.host.otp.lib / "a-1";
  fs::create_directories(directory / "src");
  fs::create_directories(directory / "priv/lib");
  sys::write_file(directory / "priv/lib/a.so", "so");
  fs::create_symlink("lib/a.so", directory / "priv/link.so");
  const otp::ApplicationResource app = keep(kept.installed(), kept.state);
  CHECK(app.directory == kept.state.libraries() / "a-1");
  CHECK(app.ebin == (app.directory / "ebin").string());
  CHECK(Kept::inode(app.directory / kBeam) == Kept::inode(directory / kBeam));
  CHECK_FALSE(fs::exists(app.directory / "src"));
  CHECK(sys::read_file(app.directory / "priv/link.so") == "so");
  CHECK(is_kept(kept.installed(), app.directory));
  fs::remove_all(directory);
  CHECK(sys::read_file(app.directory / kBeam) == "1");
}

TEST_CASE("enit kept: what changed is kept anew, what is the same is left alone") {
  const Kept kept;
  const fs::path directory = kept.host.otp.lib / "a-1";
  const fs::path copy = keep(kept.installed(), kept.state).directory;
  const ino_t before = Kept::inode(copy);
  CHECK(Kept::inode(keep(kept.installed(), kept.state).directory) == before);
  fs::remove(directory / kBeam);
  sys::write_file(directory / kBeam, "another text");
  CHECK_FALSE(is_kept(kept.installed(), copy));
  keep(kept.installed(), kept.state);
  CHECK(sys::read_file(copy / kBeam) == "another text");
  CHECK_FALSE(fs::exists(copy.string() + ".new"));
}

TEST_CASE("enit kept: a directory of another name is found by its own") {
  const Kept kept;
  kept.host.lay("lib/p1_tls-1.1.16", "fast_tls", "1.1.16", {});
  kept.host.lay("lib/plain", "plain", "2.0", {});
  const auto read = [&](const char* file) {
    return otp::read_application_resource((kept.host.otp.lib / file).string());
  };
  CHECK(keep(read("p1_tls-1.1.16/ebin/fast_tls.app"), kept.state).directory.filename() ==
        "p1_tls-1.1.16");
  CHECK(keep(read("plain/ebin/plain.app"), kept.state).directory.filename() == "plain-2.0");
}

TEST_CASE("enit kept: what runs and what ran before is kept, what is older goes") {
  const Kept kept;
  std::vector<Applied::Application> generations[3];
  for (int i = 0; i < 3; ++i) {
    const std::string version = std::to_string(i + 1);
    kept.host.lay_plain("a", version);
    const auto app = otp::read_application_resource(
        (kept.host.otp.lib / ("a-" + version) / "ebin/a.app").string());
    generations[i] = {{Atom("a"), version, keep(app, kept.state).directory.string()}};
    note_update(kept.state, generations[i]);
    forget_others(kept.state);
  }
  note_update(kept.state, generations[2]);  // the same once more
  const Generations read = read_generations(kept.state);
  REQUIRE(read.current.size() == 1);
  CHECK(read.current[0].version == "3");
  REQUIRE(read.previous.size() == 1);
  CHECK(read.previous[0].directory == generations[1][0].directory);
  CHECK(fs::exists(kept.state.libraries() / "a-2"));
  CHECK_FALSE(fs::exists(kept.state.libraries() / "a-1"));
  // What another enit has kept for an update that goes on is none of ours.
  kept.host.lay_plain("a", "4");
  keep(otp::read_application_resource((kept.host.otp.lib / "a-4/ebin/a.app").string()), kept.state);
  note_running(kept.state, generations[2]);
  CHECK(fs::exists(kept.state.libraries() / "a-4"));
}

TEST_CASE("enit kept: what runs and was not noted") {
  const auto apps = [](const std::string& text) {
    std::vector<Applied::Application> all;
    for (size_t i = 0; i < text.size(); i += 2)
      all.push_back({Atom(text.substr(i, 1)), text.substr(i + 1, 1), ""});
    return all;
  };
  const auto text = [](const Generations& generations) {
    std::string out;
    for (const auto& app : generations.current)
      out += app.name.text() + app.version;
    out += "|";
    for (const auto& app : generations.previous)
      out += app.name.text() + app.version;
    return out;
  };
  const auto with = [&](const char* current, const char* previous, const char* running) {
    return text(with_running({apps(current), apps(previous)}, apps(running)));
  };
  CHECK(with("", "", "a1") == "a1|");
  CHECK(with("a1", "", "a1b1") == "a1b1|");
  CHECK(with("a1b1", "a0", "a1b1") == "a1b1|a0");
  // Another version: what was noted ran before.
  CHECK(with("a1b1", "a0", "a2b1") == "a2b1|a1b1");
  CHECK(with("a2", "a1x1", "a1") == "a1|a2");
  // The configuration added c, and took b away; x was gone with the update.
  CHECK(with("a2b1", "a1b1x1", "a2c1") == "a2c1|a1x1c1");
}

TEST_CASE("enit kept: a copy where no link can be made, as to another file system") {
  std::string name = "/dev/shm/relmk-unit.XXXXXX";
  struct stat here = {}, there = {};
  const Kept kept;
  if (::mkdtemp(name.data()) == nullptr) return;
  const std::unique_ptr<std::string, void (*)(std::string*)> other(
      &name, [](std::string* path) { fs::remove_all(*path); });
  ::stat(kept.state.directory().c_str(), &here);
  ::stat(name.c_str(), &there);
  if (here.st_dev == there.st_dev) return;
  fs::copy(kept.host.otp.lib / "a-1", name + "/a-1", fs::copy_options::recursive);
  const auto app = otp::read_application_resource(name + "/a-1/ebin/a.app");
  const fs::path copy = keep(app, kept.state).directory;
  CHECK(sys::read_file(copy / kBeam) == "1");
  CHECK(Kept::inode(copy / kBeam) != Kept::inode(app.directory / kBeam));
  CHECK(is_kept(app, copy));
}

}  // namespace enit_kept_test
