#include "start/cookie_flags.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace relmk::start {
namespace {

constexpr const char* kKept = "RELX_COOKIE_FLAGS";
constexpr std::array<std::string_view, 3> kWords = {"cookie", "-args_file", kDetached};

bool holds_flags(const std::string& variable) {
  constexpr std::string_view kVersioned = "ERL_OTP";
  return variable == "ERL_FLAGS" || variable == "ERL_AFLAGS" || variable == "ERL_ZFLAGS" ||
         (variable.starts_with(kVersioned) && variable.ends_with("_FLAGS"));
}

bool is_taken_out(const VmFlag& flag) {
  return flag.name.text == "-setcookie" || flag.name.text == kDetached;
}

bool may_hold_any(const std::string& text) {
  return std::any_of(kWords.begin(), kWords.end(),
                     [&](std::string_view word) { return text.find(word) != std::string::npos; });
}

}  // namespace

CookieFlags find_cookie_flags(const Environment& environment, const fs::path& directory) {
  CookieFlags found;
  for (const auto& [variable, text] : environment) {
    if (variable != kKept && !holds_flags(variable)) continue;
    if (!may_hold_any(text)) continue;
    std::vector<VmFlag> flags = read_environment_flags(variable, text, directory);
    const auto taken = std::stable_partition(
        flags.begin(), flags.end(), [](const VmFlag& flag) { return !is_taken_out(flag); });
    if (taken == flags.end()) continue;
    found.flags.insert(found.flags.end(), std::make_move_iterator(taken),
                       std::make_move_iterator(flags.end()));
    flags.erase(taken, flags.end());
    if (variable != kKept) found.changes[variable] = vm_args_text(flags);
  }
  if (!found.changes.empty()) found.changes[kKept] = vm_args_text(found.flags);
  return found;
}

}  // namespace relmk::start
