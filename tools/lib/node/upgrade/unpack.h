// Putting a version's files into the release's root, and taking them out again.
//
// A directory lib/APP-VSN, erts-VSN or releases/VSN appears as a whole or not at all: it is written
// aside and renamed. What a version that is registered needs is never touched. Left out are files
// of other versions, and RELEASES and start_erl.data. What belongs to the version, but has a place
// that all versions share, waits in releases/VSN/bin for the version to be made permanent: the
// start script and what it stands on. What root unpacks belongs to whom the directory above it
// does: the node may run as another user.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "node/upgrade/node_state.h"
#include "node/upgrade/release_image.h"

namespace relmk::node {

// What one command has put into the root; to be taken back when the rest of it fails.
struct Unpacked {
  fs::path root;
  std::vector<fs::path> paths;  // relative, in the order in which they came
};

// Throws Error, with nothing left of it. `registered` are the versions that release_handler knows.
Unpacked unpack(const ReleaseImage& image, const std::vector<KnownRelease>& registered);

// Removes what was unpacked. Goes on after a failure; returns what could not be removed.
std::vector<std::string> take_back(const Unpacked& unpacked);

// What only this version needs, in the order in which it is to go: its applications and ERTS, what
// its unpacking put elsewhere, bin/NAME-VSN, releases/VSN but for tarballs. `others` are the
// versions that stay, `in_use` further directories that do.
std::vector<fs::path> files_of_version_alone(const fs::path& root, const std::string& name,
                                             const KnownRelease& version,
                                             const std::vector<KnownRelease>& others,
                                             const std::set<fs::path>& in_use);

// Throws Error where this user may not remove one of them.
void check_removable(const fs::path& root, const std::vector<fs::path>& paths);

// Removes them, each as a whole. Throws Error.
void remove_files(const fs::path& root, const std::string& version,
                  const std::vector<fs::path>& paths);

}  // namespace relmk::node
