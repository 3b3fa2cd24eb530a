#include "plan/plan.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "sys/error.h"

namespace relmk::plan {

namespace {

// Whether a path is already as path_in_release() would give it.
bool is_plain(std::string_view path) {
  if (path.empty() || path.back() == '/') return false;
  bool is_start_of_part = true;
  for (const char c : path) {
    // A part that starts with a dot may be `.` or `..`.
    if (c == '\0' || (is_start_of_part && (c == '/' || c == '.'))) return false;
    is_start_of_part = c == '/';
  }
  return true;
}

std::string plain_path(const std::string& path) {
  if (path.find('\0') != std::string::npos) throw Error("a path with a zero byte: " + path);
  std::vector<std::string_view> parts;
  const std::string_view text = path;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find('/', begin), text.size());
    const std::string_view part = text.substr(begin, end - begin);
    begin = end + 1;
    if (part.empty() || part == ".") continue;
    // Those of an exchange, see sys/exchange.h.
    if (part.starts_with(".relmk."))
      throw Error(path + ": relmk keeps names that begin with `.relmk.` for itself");
    if (part != "..") {
      parts.push_back(part);
      continue;
    }
    if (parts.empty()) throw Error(path + " lies outside of the release");
    parts.pop_back();
  }
  std::string plain;
  for (const std::string_view part : parts) {
    if (!plain.empty()) plain += '/';
    plain += part;
  }
  return plain;
}

}  // namespace

std::string path_in_release(const std::string& path) {
  return is_plain(path) ? path : plain_path(path);
}

bool is_written(const PlannedFile& file) {
  return file.kind == PlannedFile::Kind::Content || file.kind == PlannedFile::Kind::Computed;
}

std::string written_bytes(const PlannedFile& file) {
  return file.kind == PlannedFile::Kind::Computed ? (*file.computed)() : file.content;
}

void Plan::add(const std::string& path, PlannedFile file) {
  using Kind = PlannedFile::Kind;
  const std::string plain = path_in_release(path);
  if (plain.empty()) {
    if (file.kind == Kind::Directory) return;
    throw Error("the release's root cannot be a file");
  }
  const auto place = files_.lower_bound(plain);
  if (place == files_.end() || place->first != plain) {
    // Nothing is planned below what is not planned.
    add_parents(plain);
    files_.emplace_hint(place, plain, std::move(file));
    return;
  }
  PlannedFile& planned = place->second;
  if (planned.kind == Kind::Directory && file.kind == Kind::Directory) {
    if (file.mode) planned.mode = file.mode;
    return;
  }
  if (planned.kind == Kind::Directory) {
    const auto range = below(plain);
    files_.erase(range.begin(), range.end());
  }
  planned = std::move(file);
}

void Plan::add_all(Plan other) {
  files_.merge(other.files_);
  // What is planned here, too, stayed behind.
  for (auto& [path, file] : other.files_)
    add(path, std::move(file));
}

// The directories above `path`. All checks come before the first change, so that a refused file
// leaves the plan as it was.
void Plan::add_parents(const std::string& path) {
  std::vector<std::string> missing;
  for (size_t slash = path.rfind('/'); slash != std::string::npos && slash > 0;
       slash = path.rfind('/', slash - 1)) {
    std::string parent = path.substr(0, slash);
    const auto planned = files_.find(parent);
    if (planned == files_.end()) {
      missing.push_back(std::move(parent));
      continue;
    }
    // Above a planned directory are planned directories.
    if (planned->second.kind == PlannedFile::Kind::Directory) break;
    throw Error(path + " would lie in " + parent + ", which is " +
                (planned->second.kind == PlannedFile::Kind::Link ? "a link" : "a file"));
  }
  for (std::string& parent : missing)
    files_.emplace(std::move(parent), PlannedFile{});
}

void Plan::remove(const std::string& path) {
  const std::string normal = path_in_release(path);
  if (normal.empty()) return files_.clear();
  files_.erase(normal);
  const auto range = below(normal);
  files_.erase(range.begin(), range.end());
}

PlannedFiles Plan::below(const std::string& path) const {
  if (path.empty()) return {files_.begin(), files_.end()};
  // What lies below a directory has its path and a slash in front; '0' is the byte after '/'.
  return {files_.lower_bound(path + '/'), files_.lower_bound(path + '0')};
}

const PlannedFile* Plan::find(const std::string& path) const {
  const auto found = files_.find(path_in_release(path));
  return found == files_.end() ? nullptr : &found->second;
}

std::vector<std::string> Plan::names_in(const std::string& path) const {
  std::vector<std::string> names;
  const size_t start = path.empty() ? 0 : path.size() + 1;
  for (const auto& [below, file] : this->below(path))
    if (below.find('/', start) == std::string::npos) names.push_back(below.substr(start));
  return names;
}

}  // namespace relmk::plan
