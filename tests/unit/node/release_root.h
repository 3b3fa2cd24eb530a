// A release r below a root, in as many versions as a test wants: kernel, stdlib and `a`, which has
// the release's version.
#pragma once

#include <string>

#include "node/upgrade/node_state.h"
#include "otp/release/releases_file.h"
#include "scratch.h"
#include "sys/files.h"

namespace relmk::node {

struct ReleaseRoot {
  Scratch scratch;
  fs::path root = scratch.path / "root";

  ReleaseRoot() {
    put("lib/kernel-1/ebin/kernel.app", "");
    put("lib/stdlib-1/ebin/stdlib.app", "");
  }
  void put(const std::string& path, const std::string& text) const {
    sys::make_directories((root / path).parent_path());
    sys::write_file(root / path, text);
  }
  std::string get(const std::string& path) const { return sys::read_file(root / path); }
  bool has(const std::string& path) const { return fs::exists(root / path); }

  static std::string rel(const std::string& version) {
    return "{release, {\"r\", \"" + version +
           "\"}, {erts, \"9\"}, [{kernel, \"1\"}, {stdlib, \"1\"}, {a, \"" + version + "\"}]}.\n";
  }
  void version(const std::string& version) const {
    put("lib/a-" + version + "/ebin/a.app", "");
    put("releases/" + version + "/r.rel", rel(version));
  }
  // As release_handler knows it.
  static KnownRelease known(const std::string& version, const std::string& status) {
    KnownRelease known;
    known.release = {"r", version, "9", {}, status};
    for (const auto& [name, vsn] :
         {std::pair<std::string, std::string>{"kernel", "1"}, {"stdlib", "1"}, {"a", version}})
      known.release.libraries.push_back({Atom(name), vsn, "./lib/" + name + "-" + vsn});
    known.has_libraries = true;
    return known;
  }
};

// Versions 1 and 2 of it, and a node that runs from it.
struct TwoVersions : ReleaseRoot {
  NodeState state;

  TwoVersions() {
    version("1");
    version("2");
    state.root = root;
    state.system_libraries = "/usr/lib/erlang/lib";
    state.erts_version = "9";
  }
};

}  // namespace relmk::node
