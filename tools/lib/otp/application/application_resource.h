// Application resource files, NAME.app (kernel's app(4)).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sys/files.h"
#include "term/term.h"

namespace relmk::otp {

struct ApplicationResource {
  Atom name{""};
  std::string version;  // vsn
  std::string description;
  std::string id;
  std::vector<Atom> modules;
  std::vector<Atom> registered;
  std::vector<Atom> applications;  // the optional ones too, in the file's order
  std::vector<Atom> included_applications;
  std::vector<Atom> optional_applications;
  std::vector<std::string> runtime_dependencies;
  std::optional<Term> mod;           // {Module, Arguments}
  std::optional<Term> start_phases;  // [{Phase, Arguments}]
  Term env;                          // [{Key, Value}]
  Term max_time;                     // maxT: milliseconds or infinity
  Term max_processes;                // maxP
  Term term;                         // {application, Name, Properties} as read
  fs::path directory;  // the application's own, above ebin; empty when read from no file
  std::string file;    // the .app itself
  std::string ebin;    // where the .app stands, as a boot script names it
};

// Reads and checks NAME.app as systools_make does (mandatory keys, types of values): its first
// term, whatever follows. Throws Error with the position and systools' words.
ApplicationResource read_application_resource(const std::string& file);

// The same for a term that is already read; `file` is for errors and `directory`.
ApplicationResource application_resource(const Term& term, const std::string& file);

}  // namespace relmk::otp
