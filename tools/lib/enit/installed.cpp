#include "enit/installed.h"

#include <dirent.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <sstream>

#include "sys/error.h"

namespace relmk::enit {
namespace {

struct Close {
  void operator()(DIR* directory) const { ::closedir(directory); }
};
using Directory = std::unique_ptr<DIR, Close>;

std::vector<std::string> names_in(DIR* directory) {
  std::vector<std::string> names;
  while (const dirent* entry = ::readdir(directory)) {
    if (entry->d_name[0] != '.') names.emplace_back(entry->d_name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string plain_path(const fs::path& path) {
  std::string text = fs::absolute(path).lexically_normal().string();
  while (text.size() > 1 && text.ends_with('/'))
    text.pop_back();
  return text;
}

}  // namespace

bool is_lower_version(const std::string& a, const std::string& b) {
  const char* x = a.c_str();
  const char* y = b.c_str();
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  while (*x != '\0' && *y != '\0') {
    if (is_digit(*x) && is_digit(*y)) {
      char* x_end = nullptr;
      char* y_end = nullptr;
      const unsigned long long m = std::strtoull(x, &x_end, 10);
      const unsigned long long n = std::strtoull(y, &y_end, 10);
      if (m != n) return m < n;
      x = x_end;
      y = y_end;
    } else {
      if (*x != *y) return *x < *y;
      ++x;
      ++y;
    }
  }
  return *x == '\0' && *y != '\0';
}

InstalledApplications::InstalledApplications(const std::vector<fs::path>& lib_dirs,
                                             const std::string& erl_libs,
                                             const otp::Installation& otp) {
  for (const fs::path& directory : lib_dirs)
    add(directory, true);
  std::istringstream libraries(erl_libs);
  for (std::string directory; std::getline(libraries, directory, ':');) {
    if (!directory.empty()) add(directory, false);
  }
  add(otp.lib, true);
}

void InstalledApplications::add(const fs::path& library, bool must_exist) {
  const std::string path = plain_path(library);
  if (std::find(directories_.begin(), directories_.end(), path) != directories_.end()) return;
  const Directory directory(::opendir(path.c_str()));
  if (!directory) {
    if (!must_exist) return;
    throw sys::system_error(path, "cannot look for applications here", errno);
  }
  const size_t number = directories_.size();
  directories_.push_back(path);
  for (const std::string& name : names_in(directory.get())) {
    const std::string ebin = path + "/" + name + "/ebin";
    const Directory opened(::opendir(ebin.c_str()));
    if (!opened) continue;
    for (const std::string& file : names_in(opened.get())) {
      if (file.ends_with(".app")) files_[file].emplace_back(number, ebin + "/" + file);
    }
  }
}

std::optional<otp::ApplicationResource> InstalledApplications::find(const Atom& name) const {
  const auto found = files_.find(name.text() + ".app");
  if (found == files_.end()) return std::nullopt;
  std::optional<otp::ApplicationResource> best;
  for (const auto& [number, file] : found->second) {
    if (number != found->second.front().first) break;
    otp::ApplicationResource candidate = otp::read_application_resource(file);
    if (candidate.name != name) {
      throw Error(file, candidate.term.position(),
                  "names the application " + candidate.name.text() + ", not " + name.text());
    }
    if (!best || is_lower_version(best->version, candidate.version)) best = std::move(candidate);
  }
  return best;
}

}  // namespace relmk::enit
