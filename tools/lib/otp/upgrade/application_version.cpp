#include "otp/upgrade/application_version.h"

#include <fmt/core.h>

#include <optional>
#include <utility>

#include "sys/error.h"
#include "sys/wildcard.h"
#include "term/print.h"

namespace relmk::otp {
namespace {

beam::BeamFile read_module(const ApplicationVersion& version, const Atom& name) {
  const auto file = version.files.find(name.text());
  if (file == version.files.end()) {
    throw Error(version.resource.file, fmt::format("{}: its module {} has no file {}.beam",
                                                   print_atom(version.resource.name, true),
                                                   print_atom(name, true), name.text()));
  }
  return beam::BeamFile(file->second);
}

}  // namespace

ApplicationVersion read_version(const fs::path& given) {
  std::error_code ignored;
  const fs::path ebin = fs::is_directory(given / "ebin", ignored) ? given / "ebin" : given;
  if (!fs::is_directory(ebin, ignored)) throw Error(given.string(), "no such directory");
  const std::vector<fs::path> found = sys::wildcard("*.app", ebin);
  if (found.size() != 1) {
    throw Error(ebin.string(), found.empty() ? "no application resource file in it"
                                             : "more than one application resource file in it");
  }
  ApplicationVersion version{read_application_resource((ebin / found.front()).string()), {}};
  for (const fs::path& beam : sys::wildcard("*.beam", ebin))
    version.files.emplace(beam.stem().string(), (ebin / beam).string());
  return version;
}

// Of modules that are equal as files are, no more is read.
std::vector<ModulePair> read_modules(const ApplicationVersion& from, const ApplicationVersion& to) {
  std::map<std::string, std::pair<std::optional<beam::BeamFile>, std::optional<beam::BeamFile>>>
      all;
  for (const Atom& name : from.resource.modules)
    all[name.text()].first = read_module(from, name);
  for (const Atom& name : to.resource.modules)
    all[name.text()].second = read_module(to, name);
  std::vector<ModulePair> modules;
  for (const auto& [name, files] : all) {
    const auto& [old, now] = files;
    ModulePair pair;
    pair.name = Atom(name);
    if (!old || !now || old->md5() != now->md5()) {
      if (old) pair.from = std::make_shared<beam::ModuleCode>(*old);
      if (now) pair.to = std::make_shared<beam::ModuleCode>(*now);
      pair.change = !old                                      ? ModuleChange::Added
                    : !now                                    ? ModuleChange::Deleted
                    : executes_the_same(*pair.from, *pair.to) ? ModuleChange::Same
                                                              : ModuleChange::Changed;
    }
    modules.push_back(std::move(pair));
  }
  return modules;
}

}  // namespace relmk::otp
