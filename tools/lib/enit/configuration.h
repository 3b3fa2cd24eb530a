// The configuration of a release, merged from its files key by key, and where each value stands.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "enit/specification.h"

namespace relmk::enit {

struct Setting {
  Term value;
  std::string file;
  Position at;
};

// {extension, Name, [{applications, [App]}]}.
struct Extension {
  Atom name{""};
  NamedApplications applications;
};

// Of one application, by key.
using Section = std::map<std::string, Setting>;

struct Configuration {
  std::map<std::string, Section> sections;  // by application; that of `node` too
  std::vector<Extension> extensions;        // in the order of the files
};

// Reads .config files (file:consult's terms, {App, [{Key, Value}]}. each) and .toml files. Of a key
// that several have the last one counts, and its value is taken whole. A file that has vanished is
// passed over; what is wrong is added to the faults.
Configuration read_configuration(const std::vector<fs::path>& files, Faults& faults);

// Takes in what one .toml file says: a table for each application, [extension.NAME] with
// `applications`. What TOML has no word for is a table of one of these keys: { atom = "up" },
// { tuple = [1, 2] }, { binary = "bytes" }, { map = { key = 1 } }, { term = "{up,<<1>>}" }.
void read_toml_configuration(const std::string& file, Configuration& out, Faults& faults);

// [{App, [{Key, Value}]}], but for the section `node`.
Term application_configuration(const Configuration& configuration);

// The applications that the release starts by name: its own, then those of extensions.
std::vector<NamedApplications> named_applications(const Specification& release,
                                                  const Configuration& configuration);

}  // namespace relmk::enit
