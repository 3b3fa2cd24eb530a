// Release resource files, NAME.rel (sasl's rel(4)).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sys/files.h"
#include "term/term.h"

namespace relmk::otp {

enum class StartType { Permanent, Transient, Temporary, Load, None };

// The atom's text, and back; nullopt for any other word.
const char* start_type_text(StartType type);
std::optional<StartType> start_type(std::string_view text);

struct ReleaseApplication {
  Atom name{""};
  std::string version;
  std::optional<StartType> type;                           // absent: permanent
  std::optional<std::vector<Atom>> included_applications;  // absent: all those of the .app
  Position at{};                                           // in the .rel, for errors
};

struct ReleaseResource {
  std::string name;
  std::string version;
  std::string erts_version;
  std::vector<ReleaseApplication> applications;
};

// Reads and checks NAME.rel as systools_make does: form, names, start types, and that kernel and
// stdlib are there and permanent. Throws Error with a position and systools' words.
ReleaseResource read_release_resource(const std::string& file);
ReleaseResource release_resource(const Term& term, const std::string& file);

// Throws Error, at `at` unless the application has a place of its own, where kernel or stdlib is
// not there or not permanent.
void check_mandatory_applications(const ReleaseResource& release, const std::string& file,
                                  Position at);

// Whether the release lacks sasl, without which it cannot be upgraded (systools warns).
bool lacks_sasl(const ReleaseResource& release);

// {release, {Name, Vsn}, {erts, Vsn}, Applications}, only what is present in the tuples.
Term release_resource_term(const ReleaseResource& release);

}  // namespace relmk::otp
