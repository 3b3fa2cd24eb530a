#include "relx/release/release_tar.h"

#include <fmt/core.h>
#include <sys/stat.h>

#include <cerrno>
#include <map>
#include <set>

#include "plan/tree_plan.h"
#include "relx/release/application_plan.h"
#include "sys/error.h"

namespace relmk::relx {

using FileKind = plan::PlannedFile::Kind;

namespace {

// Not set-user-ID and set-group-ID: what is packed is root's, and would be run as root. (relx loses
// them when it copies a file into the release.)
constexpr unsigned kKeptModes = 01777;

class Contents {
 public:
  explicit Contents(const PlannedRelease& release)
      : release_(release), plan_(release.plan), directory_(release.directory) {}

  void add_applications() {
    for (size_t i = 0; i < release_.narrowed.size(); ++i) {
      const ResolvedApplication& application = release_.resolved.applications[i];
      const otp::ApplicationResource& narrowed = release_.narrowed[i];
      if (!is_in_release(release_.config, application)) continue;
      const std::string path = application_path(application.resource);
      const std::string ebin = path + "/ebin/";
      add(ebin + narrowed.name.text() + ".app");
      const std::string appup = ebin + narrowed.name.text() + ".appup";
      std::error_code ignored;
      if (fs::exists(directory_ / appup, ignored)) add(appup);
      for (const Atom module : narrowed.modules)
        add(ebin + module.text() + ".beam");
      add_if_there(path + "/priv");
      if (release_.config.include_src.value_or(false)) {
        add_if_there(path + "/include");
        add_if_there(path + "/src");
      }
    }
  }

  // systools leaves these out.
  void add_erts() {
    static const std::set<std::string> compile_only = {"typer", "dialyzer", "ct_run",
                                                       "yielding_c_fun", "erlc"};
    const std::string bin = "erts-" + release_.resolved.release.erts_version + "/bin";
    for (const std::string& name : plan_.names_in(bin))
      if (compile_only.count(name) == 0) add(bin + "/" + name);
  }

  void add_system_files() {
    const otp::ReleaseResource& release = release_.resolved.release;
    const std::string version = "releases/" + release.version;
    const std::string rel = version + "/" + release.name + ".rel";
    add(rel);
    // release_handler takes it from here when it unpacks NAME.tar.gz.
    add_file("releases/" + release.name + ".rel", directory_ / rel);
    for (const std::string& name : plan_.names_in(version))
      if (fs::path(name).extension() == ".boot") add(version + "/" + name);
    for (const char* name : {"sys.config", "sys.config.src", "vm.args", "vm.args.src"})
      add_if_planned(version + "/" + name);
    add_if_planned("releases/start_erl.data");
    add_if_planned("releases/RELEASES");
    add_if_planned("bin");
    add_relup(version + "/relup");
  }

  void add_overlay() {
    for (const std::string& path : release_.overlay_paths)
      add_if_planned(path);
  }

  std::vector<plan::TarEntry> entries() const {
    std::vector<plan::TarEntry> all;
    for (const auto& [path, entry] : entries_)
      all.push_back(entry);
    return all;
  }

 private:
  void add_if_planned(const std::string& path) {
    if (plan_.find(path) != nullptr) add(path);
  }

  // What is planned, or is there behind a planned link.
  void add_if_there(const std::string& path) {
    std::error_code error;
    if (plan_.find(path) != nullptr ||
        (is_behind_link(path) && fs::exists(directory_ / path, error)))
      add(path);
  }

  bool is_behind_link(const std::string& path) const {
    for (size_t slash = path.find('/'); slash != std::string::npos;
         slash = path.find('/', slash + 1)) {
      const plan::PlannedFile* planned = plan_.find(path.substr(0, slash));
      if (planned != nullptr && planned->kind == FileKind::Link) return true;
    }
    return false;
  }

  // A planned directory holds what is planned below it, a planned file is as it is on disk by now,
  // and a link is what it leads to.
  void add(const std::string& path) {
    const plan::PlannedFile* planned = plan_.find(path);
    if (planned == nullptr || planned->kind == FileKind::Link) return add_linked(path);
    if (planned->kind != FileKind::Directory) return add_file(path, directory_ / path);
    const std::vector<std::string> names = plan_.names_in(path);
    if (names.empty() || planned->mode)
      entries_[path] = {path, directory_ / path, planned->mode.value_or(0755) & kKeptModes};
    for (const std::string& name : names)
      add(path + "/" + name);
  }

  void add_linked(const std::string& path) {
    const fs::path source = directory_ / path;
    std::error_code ignored;
    if (!fs::is_directory(source, ignored)) return add_file(path, source);
    plan::Plan linked;
    plan::plan_tree(linked, path, source);
    for (const auto& [below, file] : linked.below(path)) {
      if (file.kind != FileKind::Directory)
        add_file(below, file.source);
      else if (linked.below(below).empty())
        add_file(below, source / fs::path(below.substr(path.size() + 1)));
    }
    if (linked.below(path).empty()) add_file(path, source);
  }

  void add_file(const std::string& path, const fs::path& source) {
    struct stat status {};
    if (::stat(source.c_str(), &status) != 0)
      throw sys::system_error(source, "cannot be packed", errno);
    entries_[path] = {path, source, status.st_mode & kKeptModes};
  }

  // The one that make-relup left in the version's directory.
  void add_relup(const std::string& path) {
    std::error_code error;
    if (fs::exists(directory_ / path, error)) add_file(path, directory_ / path);
  }

  const PlannedRelease& release_;
  const plan::Plan& plan_;
  const fs::path& directory_;
  std::map<std::string, plan::TarEntry> entries_;
};

}  // namespace

std::vector<plan::TarEntry> release_tar_entries(const PlannedRelease& release) {
  Contents contents(release);
  contents.add_applications();
  contents.add_erts();
  contents.add_system_files();
  contents.add_overlay();
  return contents.entries();
}

fs::path release_tar_path(const PlannedRelease& release) {
  const otp::ReleaseResource& resource = release.resolved.release;
  return release.directory / fmt::format("{}-{}.tar.gz", resource.name, resource.version);
}

}  // namespace relmk::relx
