#include "enit/kept.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "otp/application/code_path.h"
#include "sys/error.h"
#include "term/consult.h"
#include "term/print.h"

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

// The entries of a directory that are kept of it.
std::vector<fs::directory_entry> kept_entries(const fs::path& directory, bool is_top) {
  std::vector<fs::directory_entry> entries;
  for (const fs::directory_entry& entry : fs::directory_iterator(directory)) {
    if (!is_top || !is_left_out(entry.path().filename().string())) entries.push_back(entry);
  }
  return entries;
}

// Who may look into the directory may look into what is kept of it, whatever our umask: the node
// may run as another user.
fs::perms kept_permissions(const fs::path& from) {
  return (fs::status(from).permissions() & fs::perms::all) | fs::perms::owner_all;
}

void keep_tree(const fs::path& from, const fs::path& to, bool is_top) {
  sys::make_directories(to);
  for (const fs::directory_entry& entry : kept_entries(from, is_top)) {
    const fs::path target = to / entry.path().filename();
    if (entry.is_symlink()) {
      keep_link(entry.path(), target);
    } else if (entry.is_directory()) {
      keep_tree(entry.path(), target, false);
    } else if (entry.is_regular_file()) {
      keep_file(entry.path(), target);
    }
  }
  fs::permissions(to, kept_permissions(from));
}

// Whether what keep_tree() would put there is there, and nothing else. What a link points to is not
// compared.
bool is_tree_kept(const fs::path& from, const fs::path& to, bool is_top) {
  const std::vector<fs::directory_entry> entries = kept_entries(from, is_top);
  std::error_code error;
  const fs::directory_iterator there(to, error);
  if (error || std::distance(begin(there), end(there)) != std::ssize(entries) ||
      (fs::status(to).permissions() & fs::perms::all) != kept_permissions(from)) {
    return false;
  }
  return std::all_of(entries.begin(), entries.end(), [&](const fs::directory_entry& entry) {
    const fs::path target = to / entry.path().filename();
    if (entry.is_symlink()) return fs::is_symlink(target);
    if (entry.is_directory()) return is_tree_kept(entry.path(), target, false);
    return !entry.is_regular_file() || is_same(entry.path(), target);
  });
}

// The file that notes them: two terms, [{Application, Version, Directory}] of each.
constexpr const char* kGenerations = "applications";

Term term_of(const std::vector<Applied::Application>& applications) {
  Terms all;
  for (const Applied::Application& app : applications) {
    all.push_back(Term::tuple({app.name, Term::string(app.version), Term::string(app.directory)}));
  }
  return Term::list(std::move(all));
}

std::vector<Applied::Application> applications_of(const Term& term) {
  std::vector<Applied::Application> all;
  for (const Term& app : term.elements()) {
    if (!app.is_tuple(3) || !app[0].is_atom()) throw Error("expected {App, Version, Directory}");
    all.push_back({app[0].as_atom(), text_of(app[1]).value_or(""), text_of(app[2]).value_or("")});
  }
  return all;
}

// The same applications in the same versions.
bool is_same_set(const std::vector<Applied::Application>& a,
                 const std::vector<Applied::Application>& b) {
  return a.size() == b.size() && std::all_of(a.begin(), a.end(), [&](const auto& app) {
           return std::any_of(b.begin(), b.end(), [&](const auto& other) {
             return app.name == other.name && app.version == other.version;
           });
         });
}

const Applied::Application* find(const std::vector<Applied::Application>& all, const Atom& name) {
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const auto& app) { return app.name == name; });
  return found == all.end() ? nullptr : &*found;
}

void write_generations(const State& state, const Generations& generations) {
  sys::write_file(state.file(kGenerations),
                  fmt::format("{}.\n{}.\n", term::print_plain(term_of(generations.current)),
                              term::print_plain(term_of(generations.previous))));
}

}  // namespace

bool is_kept(const otp::ApplicationResource& application, const fs::path& directory) {
  const fs::path app = application.name.text() + ".app";
  if (!is_same(application.directory / "ebin" / app, directory / "ebin" / app)) return false;
  return std::all_of(
      application.modules.begin(), application.modules.end(), [&](const Atom& module) {
        const fs::path beam = module.text() + ".beam";
        return is_same(application.directory / "ebin" / beam, directory / "ebin" / beam);
      });
}

otp::ApplicationResource keep(const otp::ApplicationResource& application, const State& state) {
  const fs::path kept = state.libraries() / kept_name(application);
  state.make_directory(state.libraries());
  try {
    std::error_code ignored;
    const fs::path canonical = fs::canonical(application.directory, ignored);
    const fs::path& from = canonical.empty() ? application.directory : canonical;
    if (application.directory != kept && !is_tree_kept(from, kept, true)) {
      const fs::path fresh = kept.string() + ".new";
      sys::remove_tree(fresh);
      keep_tree(from, fresh, true);
      sys::remove_tree(kept);
      fs::rename(fresh, kept);
    }
  } catch (const fs::filesystem_error& error) {
    throw Error(application.directory.string(), std::string("cannot be kept: ") + error.what());
  }
  otp::ApplicationResource moved = application;
  moved.directory = kept;
  moved.ebin = (kept / "ebin").string();
  moved.file = (kept / "ebin" / (application.name.text() + ".app")).string();
  return moved;
}

Generations read_generations(const State& state) {
  Generations generations;
  try {
    const Terms terms = term::consult_file(state.file(kGenerations));
    if (terms.size() != 2) return generations;
    generations.current = applications_of(terms[0]);
    generations.previous = applications_of(terms[1]);
  } catch (const Error&) {
    return {};  // the first start, or a file of another version
  }
  return generations;
}

Generations with_running(Generations noted, const std::vector<Applied::Application>& running) {
  const bool has_other_versions =
      std::any_of(running.begin(), running.end(), [&](const Applied::Application& app) {
        const Applied::Application* before = find(noted.current, app.name);
        return before != nullptr && before->version != app.version;
      });
  if (has_other_versions) return {running, std::move(noted.current)};
  if (!noted.previous.empty()) {
    std::erase_if(noted.previous, [&](const Applied::Application& app) {
      return find(noted.current, app.name) != nullptr && find(running, app.name) == nullptr;
    });
    for (const Applied::Application& app : running) {
      if (find(noted.current, app.name) == nullptr && find(noted.previous, app.name) == nullptr)
        noted.previous.push_back(app);
    }
  }
  noted.current = running;
  return noted;
}

void note_running(const State& state, const std::vector<Applied::Application>& running) {
  write_generations(state, with_running(read_generations(state), running));
}

void note_update(const State& state, const std::vector<Applied::Application>& current) {
  Generations generations = read_generations(state);
  if (!is_same_set(generations.current, current)) {
    generations.previous = std::move(generations.current);
    generations.current = current;
  }
  write_generations(state, generations);
}

void forget_others(const State& state) {
  const Generations generations = read_generations(state);
  const auto is_of = [](const fs::path& path, const std::vector<Applied::Application>& all) {
    return std::any_of(all.begin(), all.end(),
                       [&](const auto& app) { return app.directory == path; });
  };
  std::error_code error;
  std::vector<fs::path> old;
  for (fs::directory_iterator at(state.libraries(), error), end; !error && at != end;
       at.increment(error)) {
    if (!is_of(at->path(), generations.current) && !is_of(at->path(), generations.previous)) {
      old.push_back(at->path());
    }
  }
  for (const fs::path& path : old)
    sys::remove_tree(path);
}

}  // namespace relmk::enit
