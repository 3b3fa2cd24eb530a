#include "plan/plan.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "sys/error.h"

namespace relmk::plan {

std::string path_in_release(const std::string& path) {
  if (path.find('\0') != std::string::npos) throw Error("a path with a zero byte: " + path);
  std::vector<std::string_view> parts;
  const std::string_view text = path;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find('/', begin), text.size());
    const std::string_view part = text.substr(begin, end - begin);
    begin = end + 1;
    if (part.empty() || part == ".") continue;
    if (part != "..") {
      parts.push_back(part);
      continue;
    }
    if (parts.empty()) throw Error(path + " lies outside of the release");
    parts.pop_back();
  }
  std::string normal;
  for (const std::string_view part : parts) {
    if (!normal.empty()) normal += '/';
    normal += part;
  }
  return normal;
}

void Plan::add(const std::string& path, PlannedFile file) {
  using Kind = PlannedFile::Kind;
  const std::string normal = path_in_release(path);
  if (normal.empty()) {
    if (file.kind == Kind::Directory) return;
    throw Error("the release's root cannot be a file");
  }
  // First all checks, so that a refused file leaves the plan as it was.
  std::vector<std::string> missing_parents;
  for (size_t slash = normal.find('/'); slash != std::string::npos;
       slash = normal.find('/', slash + 1)) {
    const std::string parent = normal.substr(0, slash);
    const PlannedFile* planned = find(parent);
    if (planned == nullptr)
      missing_parents.push_back(parent);
    else if (planned->kind != Kind::Directory)
      throw Error(normal + " would lie in " + parent + ", which is " +
                  (planned->kind == Kind::Link ? "a link" : "a file"));
  }
  for (const std::string& parent : missing_parents)
    files_.emplace(parent, PlannedFile{});
  const auto planned = files_.find(normal);
  if (planned != files_.end() && planned->second.kind == Kind::Directory &&
      file.kind == Kind::Directory) {
    if (file.mode) planned->second.mode = file.mode;
    return;
  }
  remove(normal);
  files_.emplace(normal, std::move(file));
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
