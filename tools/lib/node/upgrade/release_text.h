// How terms and errors read within a message of the commands for releases.
#pragma once

#include <string>

#include "sys/error.h"
#include "term/print.h"

namespace relmk::node {

inline std::string quoted(const std::string& text) {
  return term::print_pretty(Term::string(text));
}

inline std::string shown(const Term& reason) {
  return term::print_plain(reason, true);
}

// Without the hint, to stand within another message.
inline std::string reason_of(const Error& error) {
  if (error.file().empty()) return error.message();
  return Error(error.file(), error.position(), error.message()).text();
}

}  // namespace relmk::node
