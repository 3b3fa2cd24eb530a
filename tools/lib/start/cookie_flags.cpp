#include "start/cookie_flags.h"

#include <algorithm>
#include <iterator>

namespace relmk::start {
namespace {

constexpr const char* kKept = "RELX_COOKIE_FLAGS";

bool holds_flags(const std::string& variable) {
  constexpr std::string_view kVersioned = "ERL_OTP";
  return variable == "ERL_FLAGS" || variable == "ERL_AFLAGS" || variable == "ERL_ZFLAGS" ||
         (variable.starts_with(kVersioned) && variable.ends_with("_FLAGS"));
}

bool is_cookie(const VmFlag& flag) {
  return flag.name.text == "-setcookie";
}

}  // namespace

CookieFlags find_cookie_flags(const Environment& environment, const fs::path& directory) {
  CookieFlags found;
  for (const auto& [variable, text] : environment) {
    if (variable != kKept && !holds_flags(variable)) continue;
    if (text.find("cookie") == std::string::npos && text.find("-args_file") == std::string::npos) {
      continue;
    }
    std::vector<VmFlag> flags = read_environment_flags(variable, text, directory);
    const auto cookies = std::stable_partition(flags.begin(), flags.end(),
                                               [](const VmFlag& flag) { return !is_cookie(flag); });
    if (cookies == flags.end()) continue;
    found.flags.insert(found.flags.end(), std::make_move_iterator(cookies),
                       std::make_move_iterator(flags.end()));
    flags.erase(cookies, flags.end());
    if (variable != kKept) found.changes[variable] = vm_args_text(flags);
  }
  if (!found.changes.empty()) found.changes[kKept] = vm_args_text(found.flags);
  return found;
}

}  // namespace relmk::start
