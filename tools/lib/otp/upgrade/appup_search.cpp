#include "otp/upgrade/appup_search.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdint>

#include "otp/application/code_path.h"
#include "otp/upgrade/made_appup.h"
#include "sys/error.h"
#include "sys/words.h"
#include "term/print.h"

namespace relmk::otp {
namespace {

constexpr std::string_view kMade = "%% -*- coding: utf-8 -*- made by make-appup, ";
constexpr std::string_view kEntries = ": entries of ";

// FNV-1a, 64 bits: tells whether somebody has edited what was made.
std::string digest(std::string_view text) {
  uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : text)
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return fmt::format("{:016x}", hash);
}

// The versions whose entries were made, of a text that is as it was written; else none.
std::vector<std::string> made_versions(std::string_view text) {
  std::vector<std::string> versions;
  const size_t end = text.find('\n');
  if (!text.starts_with(kMade) || end == text.npos) return versions;
  const std::string_view line = text.substr(kMade.size(), end - kMade.size());
  const size_t colon = line.find(kEntries);
  if (colon == line.npos || line.substr(0, colon) != digest(text.substr(end + 1))) return versions;
  for (const std::string_view word : sys::parts(line.substr(colon + kEntries.size()), ' '))
    versions.emplace_back(word);
  return versions;
}

std::string text_of(const std::string& file) {
  std::error_code ignored;
  return fs::exists(file, ignored) ? sys::read_file(file) : std::string();
}

// The last entry of each of these versions is the made one.
Term without(const Term& entries, const std::vector<std::string>& versions) {
  Terms left = entries.elements();
  for (const std::string& version : versions) {
    const Term wanted = Term::string(version);
    const auto made = std::find_if(left.rbegin(), left.rend(), [&](const Term& entry) {
      return entry.is_tuple(2) && entry[0] == wanted;
    });
    if (made != left.rend()) left.erase(std::next(made).base());
  }
  return Term::list(std::move(left));
}

[[noreturn]] void refuse(const MadeAppup& appup) {
  std::vector<std::string> messages;
  const ModuleFault* first = nullptr;
  for (const ModuleFault& fault : appup.faults) {
    if (!fault.is_refused) continue;
    if (!first) first = &fault;
    messages.push_back(fault.message);
  }
  throw Error(first->file, sys::joined(messages, "; ")).with_hint(first->hint);
}

}  // namespace

std::string marked_as_made(const std::vector<std::string>& versions, const std::string& text) {
  return fmt::format("{}{}{}{}\n{}", kMade, digest(text), kEntries, sys::joined(versions, " "),
                     text);
}

bool is_made_appup(const fs::path& file) {
  std::error_code ignored;
  return fs::is_regular_file(file, ignored) && !made_versions(sys::read_file(file)).empty();
}

fs::path written_appup_file(const fs::path& directory, const Atom& name, const std::string& from,
                            const std::string& to) {
  return directory / name.text() / fmt::format("{}-{}.appup", from, to);
}

Appup written_entries(const std::string& file) {
  const std::string text = text_of(file);
  if (text.empty()) return {file, Term(), Term(), Term()};
  Appup appup = read_appup(file);
  const std::vector<std::string> made = made_versions(text);
  appup.up = without(appup.up, made);
  appup.down = without(appup.down, made);
  return appup;
}

std::string merged_appup_text(const std::string& written, const ApplicationResource& newer,
                              const Terms& up, const Terms& down) {
  const Appup appup = written_entries(written);
  const auto all = [](const Term& entries, const Terms& made) {
    Terms elements = entries.elements();
    elements.insert(elements.end(), made.begin(), made.end());
    return Term::list(std::move(elements));
  };
  std::vector<std::string> versions;
  for (const Terms& made : {up, down}) {
    for (const Term& entry : made) {
      const std::string version = entry[0].to_utf8();
      if (std::find(versions.begin(), versions.end(), version) == versions.end())
        versions.push_back(version);
    }
  }
  const Term term =
      Term::tuple({Term::string(newer.version), all(appup.up, up), all(appup.down, down)});
  return marked_as_made(versions, term::print_pretty(term, {.unicode = true}) + ".\n");
}

FoundAppup find_appup(const ApplicationResource& older, const ApplicationResource& newer,
                      const AppupSources& sources) {
  using Source = ApplicationChange::Source;
  FoundAppup found;
  const auto take = [&](const Appup& appup, Source source) {
    const auto up = find_appup_script(appup, UpgradeDirection::Up, older.version);
    const auto down = find_appup_script(appup, UpgradeDirection::Down, older.version);
    if (up) found.up = *up;
    if (down) found.down = *down;
    if (up || down) {
      found.source = source;
      found.file = appup.file;
    }
    return std::pair(up.has_value(), down.has_value());
  };
  std::error_code ignored;
  const fs::path written =
      written_appup_file(sources.directory, newer.name, older.version, newer.version);
  if (!sources.directory.empty() && fs::exists(written, ignored)) {
    const auto [up, down] = take(read_appup(written.string()), Source::Directory);
    if (up && down) return found;
    throw Error(written.string(), no_appup_entry(newer, older.version, written.string()));
  }
  const std::string file = join_filename(newer.ebin, newer.name.text() + ".appup");
  const auto [up, down] = take(written_entries(file), Source::Ebin);
  if (up && down) return found;
  if (!sources.made) {
    if (!fs::exists(file, ignored)) throw Error(file, "Could not open file " + file);
    throw Error(file, no_appup_entry(newer, older.version, file));
  }
  const MadeAppup made = make_appup(older.ebin, newer.ebin);
  if (made.is_refused()) refuse(made);
  for (const ModuleFault& fault : made.faults)
    found.warnings.push_back(fault.text());
  if (!up) found.up = made.up;
  if (!down) found.down = made.down;
  if (!up && !down) found.source = Source::Made;
  found.made_up = !up;
  found.made_down = !down;
  return found;
}

}  // namespace relmk::otp
