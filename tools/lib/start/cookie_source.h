// Where the cookie comes from when neither the environment nor vm.args has one: the user's own, as
// kernel's auth finds it.
#pragma once

#include <optional>
#include <string>

#include "sys/environment.h"
#include "sys/files.h"

namespace relmk::start {

struct FoundCookie {
  std::string value;   // never to be printed
  std::string source;  // `RELX_COOKIE`, or a file
};

// A file that holds a cookie and maybe newlines and spaces after it. Throws Error, never with the
// content, as auth does: for other characters, and where others than the owner have access.
std::string read_cookie_file(const fs::path& file);

// ~/.erlang.cookie, else erlang/.erlang.cookie below $XDG_CONFIG_HOME (~/.config); nullopt where
// there is none. None is made. Throws as read_cookie_file does: the VM, too, refuses such a file.
std::optional<FoundCookie> user_cookie(const sys::Environment& environment);

}  // namespace relmk::start
