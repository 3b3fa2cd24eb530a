#include "start/cookie_source.h"

#include <sys/stat.h>

#include <cerrno>
#include <vector>

#include "sys/error.h"

namespace relmk::start {
namespace {

// The part of auth's check that keeps a cookie from other users.
void check_attributes(const fs::path& file) {
  struct stat info {};
  if (::stat(file.c_str(), &info) != 0) {
    throw sys::system_error(file.string(), "cannot read the cookie", errno);
  }
  if (!S_ISREG(info.st_mode)) throw Error(file.string(), "a cookie file must be a regular file");
  if ((info.st_mode & 077) != 0) {
    throw Error(file.string(), "the cookie file must be accessible by its owner only")
        .with_hint("chmod 400 " + file.string());
  }
}

}  // namespace

std::string read_cookie_file(const fs::path& file) {
  check_attributes(file);
  std::string cookie = sys::read_file(file);
  const size_t end = cookie.find_last_not_of("\r\n ");
  // Spaces before the first newline belong to the cookie.
  const size_t line_end = cookie.find_first_of("\r\n");
  cookie.erase(std::max(end == std::string::npos ? 0 : end + 1, std::min(line_end, cookie.size())));
  if (cookie.empty()) throw Error(file.string(), "the cookie is empty");
  for (const char c : cookie) {
    if (c < ' ' || c > '~')
      throw Error(file.string(), "the cookie has characters it must not have");
  }
  return cookie;
}

std::optional<FoundCookie> user_cookie(const sys::Environment& environment) {
  const fs::path home = sys::variable(environment, "HOME");
  fs::path config = sys::variable(environment, "XDG_CONFIG_HOME");
  if (config.empty() && !home.empty()) config = home / ".config";
  std::vector<fs::path> places;
  if (!home.empty()) places.push_back(home / ".erlang.cookie");
  if (!config.empty()) places.push_back(config / "erlang" / ".erlang.cookie");
  for (const fs::path& file : places) {
    std::error_code error;
    if (fs::exists(fs::symlink_status(file, error))) {
      return FoundCookie{read_cookie_file(file), file.string()};
    }
  }
  return std::nullopt;
}

}  // namespace relmk::start
