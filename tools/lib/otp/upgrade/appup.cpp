#define PCRE2_CODE_UNIT_WIDTH 8
#include "otp/upgrade/appup.h"

#include <fmt/core.h>
#include <pcre2.h>

#include <memory>

#include "otp/application/print_line.h"
#include "sys/error.h"
#include "term/consult.h"

namespace relmk::otp {
namespace {

constexpr const char* kForm =
    "an appup file holds {Vsn, [{UpFromVsn, Instructions}], [{DownToVsn, Instructions}]}.";

PCRE2_SPTR bytes_of(const std::string& text) {
  return reinterpret_cast<PCRE2_SPTR>(text.data());
}

// Whether re:run(Version, Pattern, [unicode, {capture, first, list}]) gives all of the version.
bool matches_whole(const std::string& version, const Term& entry, const std::string& file) {
  const std::string& pattern = entry[0].bytes();
  int error = 0;
  PCRE2_SIZE at = 0;
  const std::unique_ptr<pcre2_code, decltype(&pcre2_code_free)> code(
      pcre2_compile(bytes_of(pattern), pattern.size(), PCRE2_UTF, &error, &at, nullptr),
      pcre2_code_free);
  if (!code) {
    char words[256] = "";
    pcre2_get_error_message(error, reinterpret_cast<PCRE2_UCHAR*>(words), sizeof words);
    throw Error(file, entry.position(),
                "Bad regular expression " + print_line(entry[0]) + ": " + words);
  }
  const std::unique_ptr<pcre2_match_data, decltype(&pcre2_match_data_free)> match(
      pcre2_match_data_create_from_pattern(code.get(), nullptr), pcre2_match_data_free);
  const int count =
      pcre2_match(code.get(), bytes_of(version), version.size(), 0, 0, match.get(), nullptr);
  if (count < 0) return false;
  const PCRE2_SIZE* offsets = pcre2_get_ovector_pointer(match.get());
  return offsets[0] == 0 && offsets[1] == version.size();
}

}  // namespace

Appup read_appup(const std::string& file) {
  std::error_code ignored;
  if (!fs::exists(file, ignored)) throw Error(file, "Could not open file " + file);
  std::optional<Term> term;
  try {
    term = term::consult_first_term(file);
  } catch (const Error& error) {
    // What the scanner refuses, systools cannot read; what the parser refuses, it cannot parse.
    const std::string& why = error.message();
    const bool is_parsed = why.starts_with("syntax error") || why.starts_with("bad term");
    throw Error(file, error.position(),
                fmt::format("Could not {} file {}: {}", is_parsed ? "parse" : "read", file, why))
        .with_hint(error.hint());
  }
  if (!term) throw Error(file, "Could not read file " + file + ": no Erlang term in it");
  if (!term->is_tuple(3) || !(*term)[1].is_proper_list() || !(*term)[2].is_proper_list()) {
    throw Error(file, term->position(), "Could not parse file " + file + ": not an appup")
        .with_hint(kForm);
  }
  return {file, (*term)[0], (*term)[1], (*term)[2]};
}

std::optional<Term> find_appup_script(const Appup& appup, UpgradeDirection direction,
                                      const std::string& version) {
  const Term& entries = direction == UpgradeDirection::Up ? appup.up : appup.down;
  const Term wanted = Term::string(version);
  for (const Term& entry : entries.elements()) {
    if (!entry.is_tuple(2)) continue;
    if (entry[0] == wanted) return entry[1];
    if (entry[0].is_binary() && matches_whole(version, entry, appup.file)) return entry[1];
  }
  return std::nullopt;
}

}  // namespace relmk::otp
