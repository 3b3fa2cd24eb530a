// What release_handler keeps in releases/: RELEASES and start_erl.data.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sys/files.h"
#include "term/term.h"

namespace relmk::otp {

// {release, Name, Vsn, ErtsVsn, [{App, AppVsn, Dir}], Status}
struct InstalledRelease {
  struct Library {
    Atom name{""};
    std::string version;
    std::string directory;  // of the application, above ebin
  };
  std::string name;
  std::string version;
  std::string erts_version;
  std::vector<Library> libraries;
  std::string status;  // unpacked, current, permanent or old
};

// The text of RELEASES, as release_handler writes it.
std::string releases_text(const std::vector<InstalledRelease>& releases);
// Reads RELEASES. Throws Error with a position.
std::vector<InstalledRelease> read_releases(const std::string& file);

// start_erl.data: which ERTS and release version `start_erl` and the start script take.
struct StartErlData {
  std::string erts_version;
  std::string release_version;
};
std::string start_erl_data_text(const StartErlData& start);  // "13.1.5 1.0.0", no newline
// Throws Error when the file cannot be read or holds other than two words.
StartErlData read_start_erl_data(const fs::path& file);

}  // namespace relmk::otp
