#include "node/upgrade/release_image.h"

#include <algorithm>

#include "term/consult.h"

namespace relmk::node {
namespace {

otp::ReleaseResource resource_of(const std::string& file, const std::string& text) {
  const Terms terms = term::consult_text(file, text);
  if (terms.size() != 1) throw Error(file, "is no release resource file: it holds not one term");
  return otp::release_resource(terms.front(), file);
}

// Of several versions in a tarball of which none is the one asked for.
std::string versions_within(const Tarball& tarball, const std::string& name) {
  std::string found;
  for (const TarMember& member : tarball.members()) {
    const fs::path path(member.path);
    if (path.filename() != name + ".rel" || path.parent_path().parent_path() != "releases")
      continue;
    found += (found.empty() ? "" : ", ") + path.parent_path().filename().string();
  }
  return found;
}

}  // namespace

std::string library_path(const otp::ReleaseApplication& application) {
  return "lib/" + application.name.text() + "-" + application.version;
}

std::optional<fs::path> ReleaseImage::find_package(const fs::path& root, const std::string& name,
                                                   const std::string& version) {
  const fs::path releases = root / "releases";
  const std::string file = name + "-" + version + ".tar.gz";
  for (const fs::path& package :
       {releases / file, releases / version / file, releases / version / (name + ".tar.gz")}) {
    std::error_code error;
    if (fs::exists(package, error)) return package;
  }
  return std::nullopt;
}

std::optional<ReleaseImage> ReleaseImage::unpacked(const fs::path& root, const std::string& name,
                                                   const std::string& version,
                                                   const fs::path& system_libraries) {
  ReleaseImage image;
  image.root_ = root;
  const fs::path file = root / "releases" / version / (name + ".rel");
  std::error_code error;
  if (!fs::exists(file, error)) return std::nullopt;
  image.resource_ = resource_of(file, sys::read_file(file));
  if (image.resource_.version != version) return std::nullopt;
  for (const otp::ReleaseApplication& application : image.resource_.applications) {
    const std::string path = library_path(application);
    if (!fs::exists(root / path / "ebin", error) &&
        !fs::exists(system_libraries / fs::path(path).filename(), error)) {
      return std::nullopt;
    }
  }
  return image;
}

ReleaseImage ReleaseImage::packed(const fs::path& root, const std::string& name,
                                  const std::string& version, const fs::path& package) {
  check_digest(package);
  ReleaseImage image;
  image.root_ = root;
  image.package_ = package;
  image.tarball_ = std::make_shared<const Tarball>(package);
  const std::string by_version = "releases/" + version + "/" + name + ".rel";
  const TarMember* file = image.tarball_->find(by_version);
  // systools:make_tar leaves one here, of whatever version.
  if (file == nullptr) file = image.tarball_->find("releases/" + name + ".rel");
  const std::string hint = "the tarball of version " + version + " is meant to be in its place";
  if (file == nullptr || file->kind != TarMember::Kind::File) {
    const std::string others = versions_within(*image.tarball_, name);
    throw Error(package, others.empty()
                             ? "holds no " + by_version + ": it is no tarball of this release"
                             : "holds version " + others + ", not " + version)
        .with_hint(hint);
  }
  image.resource_ = resource_of(package.string() + ":" + file->path, std::string(file->content));
  if (image.resource_.name != name || image.resource_.version != version) {
    throw Error(package, "holds " + image.resource_.name + " " + image.resource_.version +
                             ", not " + name + " " + version)
        .with_hint(hint);
  }
  return image;
}

std::optional<std::string> ReleaseImage::read(const std::string& path) const {
  if (tarball_) {
    const TarMember* member = tarball_->find(path);
    // The systools of old put it one level up.
    if (member == nullptr && path == version_path(name() + ".rel")) {
      member = tarball_->find("releases/" + name() + ".rel");
    }
    if (member == nullptr || member->kind != TarMember::Kind::File) return std::nullopt;
    return std::string(member->content);
  }
  std::error_code error;
  if (!fs::is_regular_file(root_ / path, error)) return std::nullopt;
  return sys::read_file(root_ / path);
}

bool ReleaseImage::holds(const std::string& path) const {
  if (!tarball_) {
    std::error_code error;
    return fs::exists(root_ / path, error);
  }
  return std::any_of(tarball_->members().begin(), tarball_->members().end(),
                     [&](const TarMember& member) {
                       return member.path == path || member.path.starts_with(path + "/");
                     });
}

std::string ReleaseImage::version_path(const std::string& file) const {
  return "releases/" + version() + "/" + file;
}

std::string ReleaseImage::shown(const std::string& path) const {
  return tarball_ ? package_.string() + ":" + path : (root_ / path).string();
}

}  // namespace relmk::node
