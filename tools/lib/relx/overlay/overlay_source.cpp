#include "relx/overlay/overlay_source.h"

#include <algorithm>
#include <system_error>

#include "sys/error.h"
#include "sys/wildcard.h"

namespace relmk::relx {

using FileKind = plan::PlannedFile::Kind;

namespace {

constexpr int kMaxLinks = 40;  // as the kernel has it

// `path` below `directory`, both normal; nullopt when it is not there.
std::optional<std::string> path_below(const fs::path& path, const fs::path& directory) {
  const std::string text = path.lexically_normal().native();
  std::string prefix = directory.lexically_normal().native();
  if (!prefix.empty() && prefix.back() == '/') prefix.pop_back();
  if (text.compare(0, prefix.size(), prefix) != 0) return std::nullopt;
  if (text.size() == prefix.size()) return "";
  if (text[prefix.size()] != '/') return std::nullopt;
  return text.substr(prefix.size() + 1);
}

}  // namespace

std::optional<std::string> OverlaySources::path_in_output(const fs::path& absolute) const {
  const auto below = path_below(absolute, output_dir_);
  if (!below) return std::nullopt;
  return plan::path_in_release(*below);
}

bool OverlaySources::holds_output(const fs::path& absolute) const {
  return path_below(fs::weakly_canonical(output_dir_), fs::weakly_canonical(absolute)).has_value();
}

OverlaySource OverlaySources::find(const std::string& absolute) const {
  return follow(absolute, kMaxLinks);
}

OverlaySource OverlaySources::follow(const fs::path& absolute, int links) const {
  if (links == 0) throw Error(absolute.native() + ": links lead in a circle");
  const auto path = path_in_output(absolute);
  if (!path) return {false, false, absolute};
  if (path->empty()) return {true, false, {}};
  // The first link on the way is what decides.
  for (size_t slash = path->find('/');; slash = path->find('/', slash + 1)) {
    const std::string prefix = path->substr(0, slash);
    const plan::PlannedFile* planned = plan_.find(prefix);
    if (planned == nullptr) return {false, false, absolute};
    if (planned->kind == FileKind::Link) {
      const fs::path target = (output_dir_ / prefix).parent_path() / planned->source;
      OverlaySource source =
          follow(slash == std::string::npos ? target : target / path->substr(slash + 1), links - 1);
      source.through_link = true;
      return source;
    }
    if (slash == std::string::npos) return {true, false, *path};
  }
}

bool OverlaySources::exists(const std::string& absolute) const {
  const OverlaySource source = find(absolute);
  std::error_code error;
  return source.planned || fs::exists(source.path, error);
}

bool OverlaySources::is_directory(const std::string& absolute) const {
  const OverlaySource source = find(absolute);
  std::error_code error;
  if (!source.planned) return fs::is_directory(source.path, error);
  return source.path.empty() || plan_.find(source.path.native())->kind == FileKind::Directory;
}

std::vector<std::string> OverlaySources::names_in(const fs::path& absolute) const {
  const OverlaySource source = find(absolute.native());
  if (source.planned) return plan_.names_in(source.path.native());
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(source.path, error))
    names.push_back(entry.path().filename().native());
  return names;
}

std::vector<std::string> OverlaySources::matches(const std::string& pattern,
                                                 const fs::path& root) const {
  std::vector<fs::path> found;
  if (const auto planned_pattern = path_in_output(root / pattern)) {
    const sys::WildcardNames planned{
        [this](const fs::path& path) { return names_in(output_dir_ / path); },
        [this](const fs::path& path) { return exists((output_dir_ / path).native()); }};
    for (const fs::path& path : sys::wildcard(*planned_pattern, planned))
      found.push_back(output_dir_ / path);
  }
  if (found.empty()) found = sys::wildcard(pattern, root);
  std::vector<std::string> names;
  for (const fs::path& path : found)
    names.push_back(path.native());
  return names;
}

}  // namespace relmk::relx
