#include "otp/application/installation.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "sys/error.h"
#include "sys/wildcard.h"
#include "sys/words.h"

namespace relmk::otp {
namespace {

bool directory_exists(const fs::path& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

bool is_file(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored);
}

// "13.1.5" before "13.10": numbers as numbers.
std::vector<unsigned long> release_numbers(const std::string& version) {
  std::vector<unsigned long> numbers;
  for (size_t i = 0; i < version.size();) {
    const size_t end = std::min(version.find('.', i), version.size());
    numbers.push_back(std::strtoul(version.substr(i, end - i).c_str(), nullptr, 10));
    i = end + 1;
  }
  return numbers;
}

std::vector<std::string> erts_versions(const fs::path& root) {
  std::vector<std::string> versions;
  std::error_code error;
  for (fs::directory_iterator entry(root, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (name.starts_with("erts-") && directory_exists(entry->path()))
      versions.push_back(name.substr(5));
  }
  std::sort(versions.begin(), versions.end(), [](const std::string& a, const std::string& b) {
    return release_numbers(a) > release_numbers(b);
  });
  return versions;
}

// The two words of releases/start_erl.data: the ERTS and the release that start_erl takes.
struct StartErlWords {
  std::string erts;
  std::string release;
};

StartErlWords start_erl_words(const fs::path& root) {
  const fs::path file = root / "releases" / "start_erl.data";
  const std::string text = is_file(file) ? sys::read_file(file) : std::string();
  std::vector<std::string_view> words = sys::words(text);
  words.resize(2);
  return {std::string(words[0]), std::string(words[1])};
}

// An installation has releases/25/OTP_VERSION; a release that was made from it has not, and its
// start_erl.data tells the release's own version.
std::string otp_release(const fs::path& root, const StartErlWords& words) {
  const fs::path releases = root / "releases";
  if (is_file(releases / words.release / "OTP_VERSION")) return words.release;
  const std::vector<fs::path> files = sys::wildcard("*/OTP_VERSION", releases);
  return files.empty() ? "" : files.back().parent_path().filename().string();
}

bool holds_erts(const fs::path& root) {
  return directory_exists(root / "lib") && !erts_versions(root).empty();
}

// The absolute path in a line `ROOTDIR=…` of the script `erl`.
fs::path rootdir_of_script(const fs::path& erl) {
  const std::string script = sys::read_file(erl);
  for (const std::string_view line : sys::lines(script)) {
    const size_t start = line.find_first_not_of(" \t");
    if (start == line.npos || !line.substr(start).starts_with("ROOTDIR=")) continue;
    std::string value(line.substr(start + 8));
    std::erase_if(value, [](char c) { return c == '"' || c == '\''; });
    value = value.substr(0, value.find_last_not_of(" \t\r;") + 1);
    if (value.starts_with('/')) return value;
  }
  return {};
}

// ROOT of ROOT/bin/erl and of ROOT/erts-VSN/bin/erl.
fs::path root_by_layout(const fs::path& erl) {
  const fs::path above = erl.parent_path().parent_path();
  return above.filename().string().starts_with("erts-") ? above.parent_path() : above;
}

}  // namespace

Installation installation_at(const fs::path& root) {
  std::error_code error;
  Installation otp;
  otp.root = fs::absolute(root, error).lexically_normal();
  if (!otp.root.has_filename()) otp.root = otp.root.parent_path();
  otp.lib = otp.root / "lib";
  const std::vector<std::string> versions = erts_versions(otp.root);
  if (versions.empty()) {
    throw Error(otp.root.string(), "not an Erlang/OTP installation: no erts-VSN directory in it");
  }
  const StartErlWords words = start_erl_words(otp.root);
  const bool stated = std::find(versions.begin(), versions.end(), words.erts) != versions.end();
  otp.erts_version = stated ? words.erts : versions.front();
  otp.otp_release = otp_release(otp.root, words);
  return otp;
}

// An installation that was moved still has its old ROOTDIR in the script, so where the real `erl`
// lies counts first; but of two spellings of one directory, ROOTDIR is that of code:root_dir().
Installation find_installation(const sys::Environment& environment) {
  const std::string& root = sys::variable(environment, "RELMK_OTP_ROOT");
  if (!root.empty()) return installation_at(root);
  const std::optional<fs::path> found = sys::find_in_path("erl", environment);
  if (!found) {
    throw Error("no Erlang/OTP installation: `erl` is not in PATH")
        .with_hint("install Erlang/OTP, or set RELMK_OTP_ROOT to its root directory");
  }
  const fs::path erl = fs::canonical(*found);
  const fs::path by_layout = root_by_layout(erl);
  const fs::path stated = rootdir_of_script(erl);
  std::error_code ignored;
  if (holds_erts(by_layout)) {
    return installation_at(fs::equivalent(stated, by_layout, ignored) ? stated : by_layout);
  }
  if (!stated.empty() && holds_erts(stated)) return installation_at(stated);
  throw Error(erl.string(), "cannot tell which Erlang/OTP installation this belongs to")
      .with_hint(
          "set RELMK_OTP_ROOT to the root directory, that which `erl` calls code:root_dir()");
}

fs::path start_clean_boot_file(const Installation& otp) {
  const fs::path releases = otp.root / "releases";
  const fs::path stated = releases / otp.otp_release / "start_clean.boot";
  if (!otp.otp_release.empty() && is_file(stated)) return stated;
  const StartErlWords words = start_erl_words(otp.root);
  for (const fs::path& file :
       {releases / words.release / "start_clean.boot", otp.root / "bin" / "start_clean.boot",
        releases / words.release / "start.boot", otp.root / "bin" / "start.boot"}) {
    if (is_file(file)) return file;
  }
  const std::vector<fs::path> others = sys::wildcard("*/start_clean.boot", releases);
  if (!others.empty()) return releases / others.back();
  throw Error(otp.root.string(), "no start_clean.boot in releases/ or bin/ of this installation");
}

}  // namespace relmk::otp
