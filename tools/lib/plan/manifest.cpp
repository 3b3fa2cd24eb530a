#include "plan/manifest.h"

#include <fmt/core.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <functional>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "sys/error.h"
#include "sys/workers.h"

namespace relmk::plan {
namespace {

constexpr const char* kHeading = "relmk manifest 1 " RELMK_VERSION "\n";

// One hash is enough here: it is compared with that of the last assembly only.
std::string content_stamp(const std::string& content) {
  return fmt::format("{}-{:016x}", content.size(), std::hash<std::string>{}(content));
}

std::string file_stamp(const struct stat& status) {
  return fmt::format("{}-{}.{:09}-{:o}", status.st_size, status.st_mtim.tv_sec,
                     status.st_mtim.tv_nsec, status.st_mode);
}

std::string source_stamp(const fs::path& source) {
  struct stat status {};
  if (::stat(source.c_str(), &status) != 0) throw sys::system_error(source, "cannot read", errno);
  return file_stamp(status) + " " + source.string();
}

// Paths may hold any byte: newlines, tabs and backslashes are written as \n, \t and \\.
std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c == '\\') {
      out += "\\\\";
    } else {
      out += c;
    }
  }
  return out;
}

std::string unescaped(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) {
      ++i;
      out += text[i] == 'n' ? '\n' : text[i] == 't' ? '\t' : text[i];
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace

Stamp stamp_of(const PlannedFile& file) {
  const std::string mode = file.mode ? fmt::format("{:o}", *file.mode) : "-";
  switch (file.kind) {
    case PlannedFile::Kind::Directory:
      return "directory " + mode;
    case PlannedFile::Kind::Copy:
      return "copy " + mode + " " + source_stamp(file.source);
    case PlannedFile::Kind::Strip:
      return "strip " + mode + " " + source_stamp(file.source);
    case PlannedFile::Kind::Content:
      return "content " + mode + " " + content_stamp(file.content) +
             (file.source.empty() ? "" : " " + source_stamp(file.source));
    case PlannedFile::Kind::Link:
      return "link " + mode + " " + file.source.string();
  }
  return {};
}

Stamp stamp_of_target(const fs::path& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return {};
  if (S_ISDIR(status.st_mode)) return fmt::format("directory {:o}", status.st_mode & 07777);
  if (!S_ISLNK(status.st_mode)) return file_stamp(status);
  std::error_code ignored;
  return "link " + fs::read_symlink(path, ignored).string();
}

Manifest Manifest::of_plan(const Plan& plan) {
  std::vector<const std::pair<const std::string, PlannedFile>*> files;
  for (const auto& file : plan.files())
    files.push_back(&file);
  std::vector<Stamp> stamps(files.size());
  sys::for_each_parallel(files.size(), [&](size_t i) { stamps[i] = stamp_of(files[i]->second); });
  Manifest manifest;
  for (size_t i = 0; i < files.size(); ++i) {
    manifest.entries_.emplace_hint(manifest.entries_.end(), files[i]->first,
                                   Entry{std::move(stamps[i]), {}});
  }
  return manifest;
}

bool Manifest::same_sources(const Manifest& other) const {
  return std::equal(entries_.begin(), entries_.end(), other.entries_.begin(), other.entries_.end(),
                    [](const auto& a, const auto& b) {
                      return a.first == b.first && a.second.source == b.second.source;
                    });
}

bool Manifest::holds_in(const fs::path& release_dir) const {
  return std::all_of(entries_.begin(), entries_.end(), [&](const auto& entry) {
    return stamp_of_target(release_dir / entry.first) == entry.second.target;
  });
}

void Manifest::take_targets(const fs::path& release_dir) {
  for (auto& [path, entry] : entries_)
    entry.target = stamp_of_target(release_dir / path);
}

std::optional<Manifest> Manifest::read(const fs::path& file) {
  std::string text;
  try {
    text = sys::read_file(file);
  } catch (const Error&) {
    return {};
  }
  std::string_view rest = text;
  if (rest.substr(0, std::strlen(kHeading)) != kHeading) return {};
  rest.remove_prefix(std::strlen(kHeading));
  Manifest manifest;
  while (!rest.empty()) {
    const size_t end = rest.find('\n');
    const size_t first = rest.find('\t');
    const size_t second = first == std::string_view::npos ? first : rest.find('\t', first + 1);
    if (end == std::string_view::npos || second == std::string_view::npos || second > end)
      return {};
    manifest.entries_.emplace_hint(manifest.entries_.end(), unescaped(rest.substr(0, first)),
                                   Entry{unescaped(rest.substr(first + 1, second - first - 1)),
                                         unescaped(rest.substr(second + 1, end - second - 1))});
    rest.remove_prefix(end + 1);
  }
  return manifest;
}

void Manifest::write(const fs::path& file) const {
  std::string text = kHeading;
  for (const auto& [path, entry] : entries_) {
    text += escaped(path) + "\t" + escaped(entry.source) + "\t" + escaped(entry.target) + "\n";
  }
  sys::write_file(file, text);
}

}  // namespace relmk::plan
