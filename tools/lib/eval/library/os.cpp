// Module os.
#include <fmt/core.h>
#include <sys/time.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "eval/evaluate/handover.h"
#include "eval/library/support.h"
#include "sys/subprocess.h"
#include "sys/utf8.h"
#include "term/character_data.h"

extern char** environ;

namespace relmk::eval {
namespace os_module {
namespace {

std::string variable_name(const Term& term) {
  const bool is_flat = term.is_list() && std::all_of(term.elements().begin(), term.elements().end(),
                                                     [](const Term& c) { return c.is_integer(); });
  const std::optional<std::u32string> name = is_flat ? term::chardata(term) : std::nullopt;
  if (!name || name->find(U'\0') != std::u32string::npos ||
      name->find(U'=') != std::u32string::npos) {
    leave_to_vm("an environment variable with an odd name");
  }
  return native_bytes(*name);
}

Term getenv_0(Evaluator&, const Terms&) {
  Terms all;
  for (char** entry = environ; *entry != nullptr; ++entry)
    all.push_back(native_string(*entry));
  return Term::list(std::move(all));
}

Term getenv_1(Evaluator&, const Terms& a) {
  const char* value = std::getenv(variable_name(a[0]).c_str());
  return value == nullptr ? Term::boolean(false) : native_string(value);
}

Term getenv_2(Evaluator&, const Terms& a) {
  const char* value = std::getenv(variable_name(a[0]).c_str());
  return value == nullptr ? a[1] : native_string(value);
}

// As in a VM, what comes later in this process sees it.
Term putenv(Evaluator&, const Terms& a) {
  const std::string name = variable_name(a[0]);
  const std::optional<std::u32string> value = term::chardata(a[1]);
  if (name.empty() || !value || value->find(U'\0') != std::u32string::npos) {
    leave_to_vm("os:putenv/2 with odd arguments");
  }
  ::setenv(name.c_str(), native_bytes(*value).c_str(), 1);
  return Term::boolean(true);
}

Term unsetenv(Evaluator&, const Terms& a) {
  ::unsetenv(variable_name(a[0]).c_str());
  return Term::boolean(true);
}

Term type(Evaluator&, const Terms&) {
  return Term::tuple({Term::atom("unix"), Term::atom("linux")});
}

Term version(Evaluator&, const Terms&) {
  struct utsname name {};
  int parts[3] = {0, 0, 0};
  if (::uname(&name) != 0 ||
      std::sscanf(name.release, "%d.%d.%d", &parts[0], &parts[1], &parts[2]) != 3) {
    leave_to_vm("os:version/0");
  }
  return Term::tuple({parts[0], parts[1], parts[2]});
}

// Text as unicode:characters_to_list/1 takes what a command printed: UTF-8, or bytes where it is
// none.
Term printed_text(const std::string& bytes) {
  for (std::string_view rest = bytes; !rest.empty();) {
    const sys::Utf8Character c = sys::utf8_character(rest);
    if (c.size > 0) {
      rest.remove_prefix(c.size);
      continue;
    }
    return term::character_list(sys::latin1_code_points(bytes));
  }
  return Term::string(bytes);
}

// The shell reads the command from its stdin, as that of os:cmd does, so that $0, $1 and the words
// of syntax errors are the same.
Term cmd(Evaluator& evaluator, const Terms& a) {
  const std::optional<std::u32string> text =
      a[0].is_atom() ? sys::code_points(a[0].atom_text()) : term::chardata(a[0]);
  if (!text || text->find(U'\0') != std::u32string::npos) leave_to_vm("os:cmd/1");
  sys::Command command;
  command.argv = {"/bin/sh", "-s", "unix:cmd"};
  command.joins_errors = true;
  command.input = "(" + native_bytes(*text) + "\n) </dev/null\n";
  command.name = "a command of os:cmd/1";
  return printed_text(run_within_limits(std::move(command), evaluator.options()).output);
}

bool is_executable(const std::string& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored) && ::access(path.c_str(), X_OK) == 0;
}

Term find_executable(Evaluator&, const Terms& a) {
  const std::optional<std::u32string> text = term::chardata(a[0]);
  if (!text || a[0].is_binary()) leave_to_vm("os:find_executable/1");
  const std::string name = native_bytes(*text);
  const char* path_variable = std::getenv("PATH");
  std::string path = path_variable == nullptr ? "" : path_variable;
  if (a.size() == 2) path = native_bytes(term::chardata(a[1]).value_or(U""));
  if (name.find('/') != std::string::npos) {
    if (!name.starts_with('/')) leave_to_vm("os:find_executable/1 of a relative path");
    return is_executable(name) ? native_string(name) : Term::boolean(false);
  }
  for (size_t at = 0; at <= path.size();) {
    const size_t colon = std::min(path.find(':', at), path.size());
    const std::string directory = path.substr(at, colon - at);
    if (!directory.starts_with('/')) leave_to_vm("os:find_executable/1 with a relative PATH");
    const std::string full = (fs::path(directory) / name).string();
    if (is_executable(full)) return native_string(full);
    at = colon + 1;
  }
  return Term::boolean(false);
}

Term timestamp(Evaluator&, const Terms&) {
  struct timeval now {};
  ::gettimeofday(&now, nullptr);
  return Term::tuple({static_cast<int64_t>(now.tv_sec / 1'000'000),
                      static_cast<int64_t>(now.tv_sec % 1'000'000),
                      static_cast<int64_t>(now.tv_usec)});
}

Term system_time(Evaluator&, const Terms& a) {
  struct timeval now {};
  ::gettimeofday(&now, nullptr);
  const int64_t microseconds = static_cast<int64_t>(now.tv_sec) * 1'000'000 + now.tv_usec;
  if (a.empty() || a[0].is_atom("nanosecond")) return microseconds * 1000;
  if (a[0].is_atom("second")) return microseconds / 1'000'000;
  if (a[0].is_atom("millisecond")) return microseconds / 1000;
  if (a[0].is_atom("microsecond")) return microseconds;
  leave_to_vm("os:system_time/1");
}

Term getpid(Evaluator&, const Terms&) {
  return Term::string(std::to_string(::getpid()));
}

constexpr LibraryFunction kFunctions[] = {
    {"cmd", 1, cmd},
    {"find_executable", 1, find_executable},
    {"find_executable", 2, find_executable},
    {"getenv", 0, getenv_0},
    {"getenv", 1, getenv_1},
    {"getenv", 2, getenv_2},
    {"getpid", 0, getpid},
    {"putenv", 2, putenv},
    {"system_time", 0, system_time},
    {"system_time", 1, system_time},
    {"timestamp", 0, timestamp},
    {"type", 0, type},
    {"unsetenv", 1, unsetenv},
    {"version", 0, version},
};

}  // namespace
}  // namespace os_module

LibraryTable os_functions() {
  return os_module::kFunctions;
}

}  // namespace relmk::eval
