// Application resource files, NAME.app (kernel's app(4)).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sys/file.h"
#include "term/term.h"

namespace relmk {

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
  Term term;           // {application, Name, Properties} as read
  fs::path directory;  // the application's own, above ebin; empty when read from no file
  fs::path file;       // the .app itself
};

// Reads and checks NAME.app as systools_make does (mandatory keys, types of values). Throws Error
// with the position and systools' vocabulary.
ApplicationResource read_application_resource(const fs::path& file);

// The same for a term that is already read; `file` is for errors.
ApplicationResource application_resource(const Term& term, const fs::path& file);

}  // namespace relmk
