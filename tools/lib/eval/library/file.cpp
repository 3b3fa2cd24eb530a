// Module file. A name that is none gives {error, badarg} in all of it.
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>

#include "eval/evaluate/evaluator.h"
#include "eval/library/support.h"
#include "sys/files.h"
#include "sys/utf8.h"
#include "term/character_data.h"
#include "term/consult.h"

namespace relmk::eval {
namespace file_module {
namespace {

Term done() {
  return Term::atom("ok");
}

Term status_result(int result) {
  return result == 0 ? done() : posix_error(errno);
}

// 0 when a file can be opened for reading, else the errno that file:open/2 gives.
int reading_error(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return errno;
  struct stat status {};
  const bool known = ::fstat(fd, &status) == 0;
  ::close(fd);
  if (known && S_ISDIR(status.st_mode)) return EISDIR;
  if (known && !S_ISREG(status.st_mode)) leave_to_vm("file with a device");
  return 0;
}

Term read_file_1(Evaluator&, const Terms& a) {
  const std::optional<std::string> path = file_name(a[0]);
  if (!path) return error_tuple("badarg");
  if (const int error = reading_error(*path)) return posix_error(error);
  try {
    return ok(Term::binary(relmk::sys::read_file(*path)));
  } catch (const Error&) {
    leave_to_vm("file:read_file/1 that fails");
  }
}

Term consult(Evaluator&, const Terms& a) {
  const std::optional<std::string> path = file_name(a[0]);
  if (!path) return error_tuple("badarg");
  if (const int error = reading_error(*path)) return posix_error(error);
  try {
    return ok(Term::list(term::consult_file(*path)));
  } catch (const Error&) {
    leave_to_vm("file:consult/1 of a malformed file");
  }
}

Term script(Evaluator& evaluator, const Terms& a) {
  const std::optional<std::string> path = file_name(a[0]);
  if (!path) return error_tuple("badarg");
  if (const int error = reading_error(*path)) return posix_error(error);
  Bindings bindings;
  if (a.size() == 2) {
    for (const Term& pair : list_elements(a[1])) {
      if (!pair.is_tuple(2) || !pair[0].is_atom()) leave_to_vm("file:script/2 with odd bindings");
      bindings.add(pair[0].as_atom(), pair[1]);
    }
  }
  const std::optional<Term> value = evaluator.evaluate_nested(*path, bindings);
  if (!value) leave_to_vm("a script within a script that fails");
  return ok(*value);
}

Term get_cwd(Evaluator&, const Terms&) {
  return ok(native_string(fs::current_path().string()));
}

Term set_cwd(Evaluator&, const Terms& a) {
  const std::optional<std::string> path = file_name(a[0]);
  if (!path || a[0].is_binary()) leave_to_vm("file:set_cwd/1");
  return status_result(::chdir(path->c_str()));
}

// In the directory's own order, as OTP gives them.
Term list_dir(Evaluator&, const Terms& a) {
  const std::optional<std::string> path = file_name(a[0]);
  if (!path) return error_tuple("badarg");
  DIR* directory = ::opendir(path->c_str());
  if (directory == nullptr) return posix_error(errno);
  std::vector<std::string> names;
  while (const dirent* entry = ::readdir(directory)) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(name);
  }
  ::closedir(directory);
  Terms all;
  for (const std::string& name : names)
    all.push_back(native_string(name));
  return ok(Term::list(std::move(all)));
}

Term read_link(Evaluator&, const Terms& a) {
  const std::optional<std::string> path = file_name(a[0]);
  if (!path) return error_tuple("badarg");
  char target[4096];
  const ssize_t size = ::readlink(path->c_str(), target, sizeof target);
  if (size < 0) return posix_error(errno);
  return ok(native_string({target, static_cast<size_t>(size)}));
}

Term write_file_2(Evaluator&, const Terms& a) {
  const std::optional<std::string> path = file_name(a[0]);
  const std::optional<std::string> bytes = term::iodata(a[1]);
  if (!path || !bytes) return error_tuple("badarg");
  const int fd = ::open(path->c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (fd < 0) return posix_error(errno);
  std::string_view rest = *bytes;
  while (!rest.empty()) {
    const ssize_t n = ::write(fd, rest.data(), rest.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      const int error = errno;
      ::close(fd);
      return posix_error(error);
    }
    rest.remove_prefix(static_cast<size_t>(n));
  }
  return status_result(::close(fd));
}

Term copy(Evaluator& e, const Terms& a) {
  const bool are_names = file_name(a[0]) && file_name(a[1]);
  if (!are_names || *file_name(a[0]) == *file_name(a[1])) leave_to_vm("file:copy/2 of odd names");
  Term from = read_file_1(e, {a[0]});
  if (!from.is_tagged("ok", 2)) return from;
  Term to = write_file_2(e, {a[1], from[1]});
  return to.is_atom("ok") ? ok(static_cast<int64_t>(from[1].bytes().size())) : to;
}

template <int (*Operation)(const char*)>
Term on_path(Evaluator&, const Terms& a) {
  const std::optional<std::string> path = file_name(a[0]);
  if (!path) return error_tuple("badarg");
  return status_result(Operation(path->c_str()));
}

int make_directory(const char* path) {
  return ::mkdir(path, 0777);
}

template <int (*Operation)(const char*, const char*)>
Term on_paths(Evaluator&, const Terms& a) {
  const std::optional<std::string> from = file_name(a[0]);
  const std::optional<std::string> to = file_name(a[1]);
  if (!from || !to) return error_tuple("badarg");
  return status_result(Operation(from->c_str(), to->c_str()));
}

Term local_time(time_t at) {
  struct tm t {};
  ::localtime_r(&at, &t);
  return Term::tuple({Term::tuple({t.tm_year + 1900, t.tm_mon + 1, t.tm_mday}),
                      Term::tuple({t.tm_hour, t.tm_min, t.tm_sec})});
}

Term file_type(mode_t mode) {
  if (S_ISREG(mode)) return Term::atom("regular");
  if (S_ISDIR(mode)) return Term::atom("directory");
  if (S_ISLNK(mode)) return Term::atom("symlink");
  if (S_ISCHR(mode) || S_ISBLK(mode)) return Term::atom("device");
  return Term::atom("other");
}

// #file_info{}
Term file_info(const Term& name, bool follow) {
  const std::optional<std::string> path = file_name(name);
  if (!path) return error_tuple("badarg");
  struct stat s {};
  if ((follow ? ::stat(path->c_str(), &s) : ::lstat(path->c_str(), &s)) != 0) {
    return posix_error(errno);
  }
  const bool readable = ::access(path->c_str(), R_OK) == 0;
  const bool writable = ::access(path->c_str(), W_OK) == 0;
  const char* access = readable && writable ? "read_write"
                       : readable           ? "read"
                       : writable           ? "write"
                                            : "none";
  const auto number = [](auto value) { return Term(static_cast<int64_t>(value)); };
  return ok(
      Term::tuple({Term::atom("file_info"), number(s.st_size), file_type(s.st_mode),
                   Term::atom(access), local_time(s.st_atime), local_time(s.st_mtime),
                   local_time(s.st_ctime), number(s.st_mode), number(s.st_nlink), number(s.st_dev),
                   number(s.st_rdev), number(s.st_ino), number(s.st_uid), number(s.st_gid)}));
}

Term read_file_info(Evaluator&, const Terms& a) {
  return file_info(a[0], true);
}
Term read_link_info(Evaluator&, const Terms& a) {
  return file_info(a[0], false);
}

constexpr LibraryFunction kFunctions[] = {
    {"consult", 1, consult},
    {"copy", 2, copy},
    {"del_dir", 1, on_path<::rmdir>},
    {"delete", 1, on_path<::unlink>},
    {"get_cwd", 0, get_cwd},
    {"list_dir", 1, list_dir},
    {"list_dir_all", 1, list_dir},
    {"make_dir", 1, on_path<make_directory>},
    {"make_symlink", 2, on_paths<::symlink>},
    {"read_file", 1, read_file_1},
    {"read_file_info", 1, read_file_info},
    {"read_link", 1, read_link},
    {"read_link_info", 1, read_link_info},
    {"rename", 2, on_paths<::rename>},
    {"script", 1, script},
    {"script", 2, script},
    {"set_cwd", 1, set_cwd},
    {"write_file", 2, write_file_2},
};

}  // namespace
}  // namespace file_module

LibraryTable file_functions() {
  return file_module::kFunctions;
}

}  // namespace relmk::eval
