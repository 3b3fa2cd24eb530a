#include "relx/release/release_tar.h"

#include <fmt/core.h>
#include <sys/stat.h>

#include <cerrno>
#include <map>
#include <set>

#include "relx/release/application_plan.h"
#include "sys/error.h"
#include "term/consult.h"

namespace relmk::relx {

using Kind = plan::PlannedFile::Kind;

namespace {

// Not set-user-ID and set-group-ID: what is packed is root's, and would be run as root. (relx loses
// them when it copies a file into the release.)
constexpr unsigned kept_modes = 01777;

constexpr int max_depth = 64;  // of directories; links that lead in a circle end here

class Contents {
 public:
  explicit Contents(const PlannedRelease& release)
      : release_(release), plan_(release.plan), directory_(release.directory) {}

  void add_applications() {
    for (const ResolvedApplication& application : release_.resolved.applications) {
      if (!is_in_release(release_.config, application)) continue;
      const std::string path = application_path(application.resource);
      const otp::ApplicationResource narrowed =
          narrowed_resource(release_.config, application, directory_);
      const std::string ebin = path + "/ebin/";
      add(ebin + narrowed.name.text() + ".app");
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
    for (const std::string& name : planned_children(bin))
      if (compile_only.count(name) == 0) add(bin + "/" + name);
  }

  void add_system_files() {
    const otp::ReleaseResource& release = release_.resolved.release;
    const std::string version = "releases/" + release.version;
    const std::string rel = version + "/" + release.name + ".rel";
    add(rel);
    // release_handler takes it from here when it unpacks NAME.tar.gz.
    add_file("releases/" + release.name + ".rel", directory_ / rel);
    for (const std::string& name : planned_children(version))
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
  std::vector<std::string> planned_children(const std::string& path) const {
    std::vector<std::string> names;
    const std::string prefix = path + "/";
    for (auto it = plan_.files().lower_bound(prefix);
         it != plan_.files().end() && it->first.compare(0, prefix.size(), prefix) == 0; ++it) {
      const std::string name = it->first.substr(prefix.size());
      if (name.find('/') == std::string::npos) names.push_back(name);
    }
    return names;
  }

  void add_if_planned(const std::string& path) {
    if (plan_.find(path) != nullptr) add(path);
  }

  void add_if_there(const std::string& path) {
    std::error_code error;
    if (plan_.find(path) != nullptr || fs::exists(directory_ / path, error)) add(path);
  }

  // A planned directory holds what is planned below it. Everything else is as it is on disk:
  // planned files, and all that a planned link leads to.
  void add(const std::string& path) {
    const plan::PlannedFile* planned = plan_.find(path);
    if (planned == nullptr || planned->kind != Kind::Directory)
      return add_from_disk(path, directory_ / path, max_depth);
    const std::vector<std::string> names = planned_children(path);
    if (names.empty() || planned->mode)
      entries_[path] = {path, directory_ / path, planned->mode.value_or(0755) & kept_modes};
    for (const std::string& name : names)
      add(path + "/" + name);
  }

  void add_from_disk(const std::string& path, const fs::path& source, int depth) {
    if (depth == 0) throw Error(source, "links lead in a circle");
    if (!fs::is_directory(source)) return add_file(path, source);
    bool is_empty = true;
    for (const auto& entry : fs::directory_iterator(source)) {
      is_empty = false;
      std::error_code error;
      if (fs::exists(entry.path(), error))
        add_from_disk(path + "/" + entry.path().filename().native(), entry.path(), depth - 1);
      else
        sys::warn(entry.path(), {}, "cannot be packed: a link that leads nowhere");
    }
    if (is_empty) add_file(path, source);
  }

  void add_file(const std::string& path, const fs::path& source) {
    struct stat status {};
    if (::stat(source.c_str(), &status) != 0)
      throw sys::system_error(source, "cannot be packed", errno);
    entries_[path] = {path, source, status.st_mode & kept_modes};
  }

  // One that make-relup left in the version's directory, or in the current one as systools finds
  // it, when that leads to this version.
  void add_relup(const std::string& path) {
    const fs::path own = directory_ / path;
    std::error_code error;
    if (fs::exists(own, error))
      add_file(path, own);
    else if (fs::exists("relup", error) &&
             relup_version("relup") == release_.resolved.release.version)
      add_file(path, "relup");
  }

  static std::string relup_version(const fs::path& file) {
    const Terms terms = term::consult_file(file);
    const bool is_one = terms.size() == 1 && terms[0].is_tuple(3) && terms[0][0].is_string();
    if (!is_one) throw Error(file, "is no relup: {Version, UpFrom, DownTo} is expected");
    return terms[0][0].to_utf8();
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
