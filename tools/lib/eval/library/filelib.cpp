// Module filelib.
#include <sys/stat.h>
#include <time.h>

#include <cerrno>

#include "eval/library/filename.h"
#include "eval/library/support.h"
#include "sys/utf8.h"
#include "sys/wildcard.h"
#include "term/character_data.h"

namespace relmk::eval {
namespace filelib_module {
namespace {

// The status of what a name leads to, links followed; nullopt where there is nothing.
std::optional<struct stat> status_of(const Term& name) {
  const std::optional<std::string> path = file_name(name);
  if (!path) leave_to_vm("filelib with a malformed file name");
  struct stat status {};
  if (::stat(path->c_str(), &status) != 0) return {};
  return status;
}

Term is_dir(Evaluator&, const Terms& a) {
  const auto status = status_of(a[0]);
  return Term::boolean(status && S_ISDIR(status->st_mode));
}

Term is_file(Evaluator&, const Terms& a) {
  const auto status = status_of(a[0]);
  return Term::boolean(status && (S_ISREG(status->st_mode) || S_ISDIR(status->st_mode)));
}

Term is_regular(Evaluator&, const Terms& a) {
  const auto status = status_of(a[0]);
  return Term::boolean(status && S_ISREG(status->st_mode));
}

Term file_size(Evaluator&, const Terms& a) {
  const auto status = status_of(a[0]);
  return status ? static_cast<int64_t>(status->st_size) : 0;
}

Term last_modified(Evaluator&, const Terms& a) {
  const auto status = status_of(a[0]);
  if (!status) return 0;
  struct tm t {};
  ::localtime_r(&status->st_mtim.tv_sec, &t);
  return Term::tuple({Term::tuple({t.tm_year + 1900, t.tm_mon + 1, t.tm_mday}),
                      Term::tuple({t.tm_hour, t.tm_min, t.tm_sec})});
}

bool is_directory(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

// 0, or the errno of what failed last.
int make_path(const std::u32string& name) {
  const std::string path = native_bytes(name);
  if (name == U"/" || is_directory(path)) return 0;
  const std::u32string parent = directory_of(name);
  if (parent == name) return EINVAL;
  make_path(parent);
  if (::mkdir(path.c_str(), 0777) == 0) return 0;
  const int error = errno;
  return error == EEXIST && is_directory(path) ? 0 : error;
}

std::u32string plain_name(const Term& term) {
  const std::optional<std::u32string> text = term::chardata(term);
  if (!text || text->find(U'\0') != std::u32string::npos) {
    leave_to_vm("filelib with a malformed file name");
  }
  return *text;
}

Term ensure_dir(Evaluator&, const Terms& a) {
  const int error = make_path(directory_of(plain_name(a[0])));
  return error == 0 ? Term::atom("ok") : posix_error(error);
}

Term ensure_path(Evaluator&, const Terms& a) {
  const int error = make_path(plain_name(a[0]));
  return error == 0 ? Term::atom("ok") : posix_error(error);
}

// Patterns whose results depend on how filelib puts paths together.
bool is_odd_pattern(const std::u32string& pattern) {
  return pattern.empty() || pattern.find(U"//") != std::u32string::npos ||
         pattern.ends_with(U'/') || pattern.starts_with(U"./") ||
         pattern.find(U"/./") != std::u32string::npos ||
         pattern.find(U"..") != std::u32string::npos;
}

Term wildcard_in(const Term& pattern, const std::string& directory) {
  if (!pattern.is_list()) leave_to_vm("filelib:wildcard of something that is no string");
  const std::u32string text = plain_name(pattern);
  Terms found;
  const bool special = text.find_first_of(U"*?[]{}\\") != std::u32string::npos;
  if (is_odd_pattern(text)) leave_to_vm("filelib:wildcard of an odd pattern");
  if (!special) {
    const fs::path path = fs::path(directory) / native_bytes(text);
    struct stat status {};
    if (!text.empty() && ::lstat(path.c_str(), &status) == 0)
      found.push_back(term::character_list(text));
    return Term::list(std::move(found));
  }
  try {
    for (const fs::path& path : sys::wildcard(native_bytes(text), directory))
      found.push_back(native_string(path.string()));
  } catch (const Error&) {
    leave_to_vm("filelib:wildcard of a bad pattern");
  }
  return Term::list(std::move(found));
}

Term wildcard_1(Evaluator&, const Terms& a) {
  return wildcard_in(a[0], ".");
}

Term wildcard_2(Evaluator&, const Terms& a) {
  if (!a[1].is_list()) leave_to_vm("filelib:wildcard/2");
  return wildcard_in(a[0], native_bytes(plain_name(a[1])));
}

constexpr LibraryFunction kFunctions[] = {
    {"ensure_dir", 1, ensure_dir},
    {"ensure_path", 1, ensure_path, 25},
    {"file_size", 1, file_size},
    {"is_dir", 1, is_dir},
    {"is_file", 1, is_file},
    {"is_regular", 1, is_regular},
    {"last_modified", 1, last_modified},
    {"wildcard", 1, wildcard_1},
    {"wildcard", 2, wildcard_2},
};

}  // namespace
}  // namespace filelib_module

LibraryTable filelib_functions() {
  return filelib_module::kFunctions;
}

}  // namespace relmk::eval
