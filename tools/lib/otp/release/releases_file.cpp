#include "otp/release/releases_file.h"

#include "sys/error.h"
#include "sys/files.h"
#include "sys/words.h"
#include "term/consult.h"
#include "term/print.h"

namespace relmk::otp {
namespace {

Term library_term(const InstalledRelease::Library& library) {
  return Term::tuple(
      {library.name, Term::string(library.version), Term::string(library.directory)});
}

Term release_term(const InstalledRelease& release) {
  Terms libraries;
  for (const auto& library : release.libraries)
    libraries.push_back(library_term(library));
  return Term::tuple({Term::atom("release"), Term::string(release.name),
                      Term::string(release.version), Term::string(release.erts_version),
                      Term::list(std::move(libraries)), Term::atom(release.status)});
}

bool is_library(const Term& term) {
  return term.is_tuple(3) && term[0].is_atom() && term[1].is_string() && term[2].is_string();
}

InstalledRelease installed_release(const std::string& file, const Term& term) {
  if (!term.is_tagged("release", 6) || !term[1].is_string() || !term[2].is_string() ||
      !term[3].is_string() || !term[4].is_proper_list() || !term[5].is_atom()) {
    throw Error(file, term.position(),
                "expected {release, Name, Vsn, ErtsVsn, [{App, Vsn, Dir}], Status}");
  }
  InstalledRelease release{
      term[1].to_utf8(), term[2].to_utf8(), term[3].to_utf8(), {}, term[5].atom_text()};
  for (const Term& library : term[4].elements()) {
    if (!is_library(library)) {
      throw Error(file, library.position(), "expected {App, Vsn, Dir}");
    }
    release.libraries.push_back({library[0].as_atom(), library[1].to_utf8(), library[2].to_utf8()});
  }
  return release;
}

}  // namespace

// A current release is written as unpacked: after a restart it will not be the current one.
std::string releases_text(const std::vector<InstalledRelease>& releases) {
  Terms terms;
  for (InstalledRelease release : releases) {
    if (release.status == "current") release.status = "unpacked";
    terms.push_back(release_term(release));
  }
  term::PrintOptions options;
  options.unicode = true;
  return "%% coding: utf-8\n" + term::print_pretty(Term::list(std::move(terms)), options) + ".\n";
}

std::vector<InstalledRelease> read_releases(const std::string& file) {
  const Terms terms = term::consult_file(file);
  if (terms.size() != 1 || !terms[0].is_proper_list()) {
    throw Error(file, terms.empty() ? Position{} : terms[0].position(),
                "expected one list of releases");
  }
  std::vector<InstalledRelease> releases;
  for (const Term& term : terms[0].elements())
    releases.push_back(installed_release(file, term));
  return releases;
}

std::string start_erl_data_text(const StartErlData& start) {
  return start.erts_version + " " + start.release_version;
}

StartErlData read_start_erl_data(const fs::path& file) {
  const std::string text = sys::read_file(file);
  const std::vector<std::string_view> words = sys::words(text);
  if (words.size() != 2)
    throw Error(file.string(), "expected an ERTS version and a release version");
  return {std::string(words[0]), std::string(words[1])};
}

}  // namespace relmk::otp
