#include "enit/kept.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "otp/application/code_path.h"
#include "sys/error.h"

namespace relmk::enit {
namespace {

// NAME-VSN, from which code:lib_dir/1 finds NAME. A directory's own name counts, be it that of the
// application or not.
std::string kept_name(const otp::ApplicationResource& application) {
  const std::string own = application.directory.filename().string();
  if (own.ends_with("-" + application.version)) return own;
  return otp::library_name(own).name + "-" + application.version;
}

bool is_left_out(const std::string& name) {
  return name == "src" || name == "doc" || name == "examples" || name == "c_src" || name == "test";
}

// The same file, or a copy of it.
bool is_same(const fs::path& a, const fs::path& b) {
  struct stat x = {}, y = {};
  if (::stat(a.c_str(), &x) != 0 || ::stat(b.c_str(), &y) != 0) return false;
  if (x.st_dev == y.st_dev && x.st_ino == y.st_ino) return true;
  return x.st_size == y.st_size && x.st_mtim.tv_sec == y.st_mtim.tv_sec;
}

void keep_link(const fs::path& from, const fs::path& to) {
  fs::path target = fs::read_symlink(from);
  if (target.is_relative()) target = from.parent_path() / target;
  fs::create_symlink(target, to);
}

void keep_file(const fs::path& from, const fs::path& to) {
  if (::link(from.c_str(), to.c_str()) == 0) return;
  if (errno != EXDEV && errno != EPERM && errno != EMLINK && errno != EACCES) {
    throw sys::system_error(from.string(), "cannot be kept as " + to.string(), errno);
  }
  sys::copy_regular_file(from, to);
}

void keep_tree(const fs::path& from, const fs::path& to, bool is_top) {
  sys::make_directories(to);
  for (const fs::directory_entry& entry : fs::directory_iterator(from)) {
    const std::string name = entry.path().filename().string();
    if (is_top && is_left_out(name)) continue;
    const fs::path target = to / name;
    if (entry.is_symlink()) {
      keep_link(entry.path(), target);
    } else if (entry.is_directory()) {
      keep_tree(entry.path(), target, false);
    } else if (entry.is_regular_file()) {
      keep_file(entry.path(), target);
    }
  }
}

bool is_kept(const otp::ApplicationResource& application, const fs::path& kept) {
  const fs::path app = application.name.text() + ".app";
  if (!is_same(application.directory / "ebin" / app, kept / "ebin" / app)) return false;
  return std::all_of(application.modules.begin(), application.modules.end(),
                     [&](const Atom& module) {
                       const fs::path beam = module.text() + ".beam";
                       return is_same(application.directory / "ebin" / beam, kept / "ebin" / beam);
                     });
}

}  // namespace

otp::ApplicationResource keep(const otp::ApplicationResource& application, const State& state) {
  const fs::path kept = state.libraries() / kept_name(application);
  state.make_directory(state.libraries());
  if (application.directory != kept && !is_kept(application, kept)) {
    const fs::path fresh = kept.string() + ".new";
    sys::remove_tree(fresh);
    try {
      std::error_code ignored;
      const fs::path from = fs::canonical(application.directory, ignored);
      keep_tree(from.empty() ? application.directory : from, fresh, true);
    } catch (const fs::filesystem_error& error) {
      throw Error(application.directory.string(), std::string("cannot be kept: ") + error.what());
    }
    sys::remove_tree(kept);
    fs::rename(fresh, kept);
  }
  otp::ApplicationResource moved = application;
  moved.directory = kept;
  moved.ebin = (kept / "ebin").string();
  moved.file = (kept / "ebin" / (application.name.text() + ".app")).string();
  return moved;
}

void forget_others(const State& state, const std::vector<fs::path>& kept) {
  std::error_code error;
  std::vector<fs::path> old;
  for (fs::directory_iterator at(state.libraries(), error), end; !error && at != end;
       at.increment(error)) {
    if (std::find(kept.begin(), kept.end(), at->path()) == kept.end()) old.push_back(at->path());
  }
  for (const fs::path& path : old)
    sys::remove_tree(path);
}

}  // namespace relmk::enit
