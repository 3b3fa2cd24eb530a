#include "relx/config/version.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <tuple>
#include <vector>

#include "otp/application/print_line.h"
#include "sys/error.h"
#include "sys/subprocess.h"

namespace relmk::relx {
namespace {

constexpr const char* kUnknownVersion = "0.0.0";

std::string trim_trailing_newlines(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r'))
    text.pop_back();
  return text;
}

// Runs what a version asks, in one directory.
struct VersionCommands {
  const fs::path& directory;
  const ScriptLimits& limits;

  // The output of a command that ended with 0, else nullopt. Throws Error for one that took more
  // than its limits.
  std::optional<std::string> output_of(std::vector<std::string> argv) const {
    const std::string name =
        argv[0] == "git" ? "git, which a version asks," : "a version's command";
    sys::Command command;
    command.argv = std::move(argv);
    command.directory = directory;
    command.limit = limits.time.limit;
    command.most_memory = limits.memory.bytes;
    command.name = name;
    sys::Finished done;
    try {
      done = sys::run_command(command);
    } catch (const sys::TooMuchOutput&) {
      throw;
    } catch (const Error&) {
      return {};
    }
    if (done.killed) throw sys::too_slow(name, limits.time);
    if (done.outgrown) throw sys::too_large(name, limits.memory);
    if (done.code != 0) return {};
    return trim_trailing_newlines(std::move(done.output));
  }
};

// The last tag without its leading v; after it, `+build.COMMITS.refHASH` where HEAD is not the tag.
std::optional<std::string> version_of_tag(const VersionCommands& commands) {
  const auto tag = commands.output_of({"git", "describe", "--abbrev=0", "--tags"});
  const auto hash = commands.output_of({"git", "log", "-n", "1", "--pretty=format:%h"});
  if (!tag || !hash) return {};
  const auto count = commands.output_of({"git", "rev-list", "--count", *tag + "..HEAD"});
  if (!count) return {};
  const std::string version = tag->substr(std::min(tag->find_first_not_of('v'), tag->size()));
  return *count == "0" ? version : fmt::format("{}+build.{}.ref{}", version, *count, *hash);
}

std::optional<std::string> version_in_file(const std::string& name, const fs::path& directory) {
  try {
    const std::string text = sys::read_file(directory / name);
    const size_t first = std::min(text.find_first_not_of('\n'), text.size());
    return trim_trailing_newlines(text.substr(first));
  } catch (const Error&) {
    return {};
  }
}

std::optional<std::string> version_by_form(const Term& form, const VersionCommands& commands) {
  const bool is_word = form.is_atom() || form.is_string();
  const std::string word = form.is_atom() ? form.atom_text() : is_word ? form.to_utf8() : "";
  if (word == "git" || word == "semver" || form.is_tagged("semver", 2)) {
    return version_of_tag(commands);
  }
  if (form.is_tagged("git", 2) && form[1].is_atom("short")) {
    return commands.output_of({"git", "rev-parse", "--short", "HEAD"});
  }
  if (form.is_tagged("git", 2) && form[1].is_atom("long")) {
    return commands.output_of({"git", "rev-parse", "HEAD"});
  }
  if (form.is_tagged("file", 2) && form[1].is_string()) {
    return version_in_file(form[1].to_utf8(), commands.directory);
  }
  if (form.is_tagged("cmd", 2) && form[1].is_string()) {
    // A shell is what this form is for: its users write pipes.
    return commands.output_of({"/bin/sh", "-c", form[1].to_utf8()});
  }
  if (form.is_string()) return word;
  throw Error("malformed release version: " + otp::print_line(form))
      .with_hint(
          "a version is \"1.0.0\", git, semver, {git, short | long}, {file, \"PATH\"} or "
          "{cmd, \"COMMAND\"}");
}

struct ParsedVersion {
  long long major = 0, minor = 0, patch = 0;
  std::string pre_release;  // its first part
  std::string last_part;    // and its last, where it has several
  auto operator<=>(const ParsedVersion&) const = default;
};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_of_word(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
}

// The longest part at the front of `rest` whose characters are all of a kind, taken from it.
template <class Kind>
std::string_view take(std::string_view& rest, Kind is_of_kind) {
  const auto end = std::find_if_not(rest.begin(), rest.end(), is_of_kind);
  const std::string_view taken = rest.substr(0, static_cast<size_t>(end - rest.begin()));
  rest.remove_prefix(taken.size());
  return taken;
}

bool take_character(std::string_view& rest, char c) {
  if (!rest.starts_with(c)) return false;
  rest.remove_prefix(1);
  return true;
}

// A number without leading zeros; 0 where it has more than 18 digits.
std::optional<long long> take_number(std::string_view& rest) {
  const std::string_view digits = take(rest, is_digit);
  if (digits.empty() || (digits.size() > 1 && digits[0] == '0')) return {};
  return digits.size() > 18 ? 0 : std::stoll(std::string(digits));
}

// As rlx_util:parse_vsn, which reads over the parts between and over +BUILD.
std::optional<ParsedVersion> parse_version(const std::string& text) {
  std::string_view rest = text;
  ParsedVersion out;
  for (long long* number : {&out.major, &out.minor, &out.patch}) {
    if (number != &out.major && !take_character(rest, '.')) break;
    const auto value = take_number(rest);
    if (!value) return std::nullopt;
    *number = *value;
  }
  if (take_character(rest, '-')) {
    out.pre_release = take(rest, is_of_word);
    if (out.pre_release.empty()) return std::nullopt;
    while (take_character(rest, '.')) {
      out.last_part = take(rest, is_of_word);
      if (out.last_part.empty()) return std::nullopt;
    }
  }
  if (take_character(rest, '+')) {
    const auto is_of_build = [](char c) { return is_of_word(c) || c == '.'; };
    if (take(rest, is_of_build).empty()) return std::nullopt;
  }
  if (!rest.empty()) return std::nullopt;
  return out;
}

}  // namespace

ScriptLimits script_limits(const sys::Environment& environment) {
  return {sys::time_limit(environment, "RELMK_SCRIPT_TIMEOUT", std::chrono::seconds(300)),
          sys::memory_limit(environment, "RELMK_SCRIPT_MEMORY", 1024 * sys::kMebibyte)};
}

std::string resolve_version(const Term& form, const fs::path& directory, const std::string& file,
                            const ScriptLimits& limits, Position around) {
  const Position at = form.position() ? form.position() : around;
  std::optional<std::string> version;
  try {
    version = version_by_form(form, {directory, limits});
  } catch (Error& error) {
    if (error.position()) throw;
    throw Error(file, at, error.message()).with_hint(error.hint());
  }
  if (!version || version->empty()) {
    sys::warn(file, at,
              fmt::format("no version by {}: taking {}", otp::print_line(form), kUnknownVersion));
    return kUnknownVersion;
  }
  if (version->find('/') != std::string::npos || *version == ".." || *version == "." ||
      version->find('\n') != std::string::npos || version->find('\0') != std::string::npos) {
    throw Error(file, at, "a version names a directory, which this cannot: " + *version);
  }
  return *version;
}

Terms resolve_release_versions(const Terms& terms, const fs::path& directory,
                               const std::string& file, const ScriptLimits& limits) {
  const auto resolved = [&](const Term& form, Position around) {
    return Term::string(resolve_version(form, directory, file, limits, around));
  };
  // {Name, Vsn}, {Name, Vsn, {extend, Base}} or {Name, Vsn, {extend, {Base, BaseVsn}}}
  const auto resolved_name = [&](const Term& name) {
    Terms parts = name.elements();
    parts[1] = resolved(parts[1], name.position());
    if (parts.size() == 3 && parts[2].is_tagged("extend", 2) && parts[2][1].is_tuple(2)) {
      const Term base = Term::tuple({parts[2][1][0], resolved(parts[2][1][1], name.position())});
      parts[2] = Term::tuple({parts[2][0], base}, parts[2].position());
    }
    return Term::tuple(parts, name.position());
  };
  Terms out;
  out.reserve(terms.size());
  for (const Term& term : terms) {
    if (term.is_tagged("release") && term.elements().size() >= 3 &&
        (term[1].is_tuple(2) || term[1].is_tuple(3))) {
      Terms parts = term.elements();
      parts[1] = resolved_name(parts[1]);
      out.push_back(Term::tuple(parts, term.position()));
    } else {
      out.push_back(term);
    }
  }
  return out;
}

bool is_ordered_version(const std::string& version) {
  return parse_version(version).has_value();
}

int compare_versions(const std::string& a, const std::string& b) {
  const ParsedVersion x = parse_version(a).value_or(ParsedVersion{});
  const ParsedVersion y = parse_version(b).value_or(ParsedVersion{});
  const auto order = [](auto&& left, auto&& right) {
    return left < right ? -1 : right < left ? 1 : 0;
  };
  if (const int by =
          order(std::tie(x.major, x.minor, x.patch), std::tie(y.major, y.minor, y.patch)))
    return by;
  // A pre-release goes before the release itself.
  if (x.pre_release.empty() != y.pre_release.empty()) return x.pre_release.empty() ? 1 : -1;
  if (const int by = order(x.pre_release, y.pre_release)) return by;
  return order(x.last_part, y.last_part);
}

}  // namespace relmk::relx
