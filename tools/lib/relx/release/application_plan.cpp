#include "relx/release/application_plan.h"

#include <algorithm>
#include <optional>
#include <set>
#include <system_error>
#include <vector>

#include "plan/tree_plan.h"
#include "sys/error.h"
#include "term/print.h"

namespace relmk::relx {
namespace {

const std::vector<Atom>* excluded_modules(const RelxConfig& config, Atom application) {
  for (const auto& [name, modules] : config.exclude_modules) {
    if (name == application) return &modules;
  }
  return nullptr;
}

// lists:keyreplace for {Key, List} in an application's properties, with `removed` taken out of
// List.
void remove_from_property(Terms& properties, std::string_view key,
                          const std::vector<Atom>& removed) {
  for (Term& property : properties) {
    if (!property.is_tagged(key, 2) || !property[1].is_proper_list()) continue;
    Terms kept;
    for (const Term& element : property[1].elements()) {
      const bool is_removed = element.is_atom() && std::find(removed.begin(), removed.end(),
                                                             element.as_atom()) != removed.end();
      if (!is_removed) kept.push_back(element);
    }
    property = Term::tuple({property[0], Term::list(kept)}, property.position());
    return;
  }
}

Term narrowed_term(const RelxConfig& config, const otp::ApplicationResource& resource) {
  Terms properties = resource.term[2].elements();
  for (const char* key : {"applications", "included_applications", "optional_applications"}) {
    remove_from_property(properties, key, config.exclude_apps);
  }
  if (const auto* modules = excluded_modules(config, resource.name)) {
    remove_from_property(properties, "modules", *modules);
  }
  return Term::tuple({resource.term[0], resource.term[1], Term::list(properties)},
                     resource.term.position());
}

bool is_beam(const std::string& path) {
  return path.size() > 5 && path.compare(path.size() - 5, 5, ".beam") == 0;
}

struct ApplicationFiles {
  const RelxConfig& config;
  const ResolvedApplication& application;
  const otp::ApplicationResource& narrowed;
  std::string path;
  std::string app_path;             // of the .app in the release
  std::set<std::string> left_out;   // paths of excluded modules
  std::optional<std::string> text;  // of the .app, where it is not the source's

  ApplicationFiles(const RelxConfig& c, const ResolvedApplication& a,
                   const otp::ApplicationResource& n)
      : config(c), application(a), narrowed(n), path(application_path(a.resource)) {
    const std::string name = a.resource.name.text();
    app_path = path + "/ebin/" + name + ".app";
    if (const auto* modules = excluded_modules(c, a.resource.name)) {
      for (const Atom module : *modules)
        left_out.insert(path + "/ebin/" + module.text() + ".beam");
    }
    if (!(n.term == a.resource.term)) text = term::print_pretty(n.term) + ".\n";
  }

  // The .app as it must be, excluded modules not at all, the rest as it was to be.
  bool adjust(const std::string& at, plan::PlannedFile& file) const {
    if (left_out.count(at) != 0) return false;
    if (text && at == app_path) file = {plan::PlannedFile::Kind::Content, {}, *text, {}};
    return true;
  }
};

void plan_copies(plan::Plan& plan, const ApplicationFiles& files) {
  std::vector<std::string> directories = {"ebin", "include", "priv"};
  if (files.config.include_src.value_or(true)) {
    directories.insert(directories.end(), {"src", "lib", "c_src"});
  }
  const std::string ebin = files.path + "/ebin/";
  for (const std::string& name : directories) {
    const fs::path source = files.application.resource.directory / name;
    std::error_code ignored;
    if (!fs::is_directory(source, ignored)) continue;
    plan::plan_tree(plan, files.path + "/" + name, source,
                    [&](const std::string& at, plan::PlannedFile& file) {
                      const bool in_ebin =
                          at.rfind(ebin, 0) == 0 && at.find('/', ebin.size()) == std::string::npos;
                      if (files.config.strip_debug_info && in_ebin && is_beam(at)) {
                        file.kind = plan::PlannedFile::Kind::Strip;
                        file.content = files.config.kept_chunks;
                      }
                      return files.adjust(at, file);
                    });
  }
}

plan::PlannedFile link_to(const fs::path& source) {
  return {plan::PlannedFile::Kind::Link, source, {}, {}};
}

// A link to the whole directory; where the .app differs, links to all that is in it but that.
void plan_links(plan::Plan& plan, const ApplicationFiles& files) {
  const fs::path& source = files.application.resource.directory;
  if (!files.text && files.left_out.empty()) {
    plan.add(files.path, link_to(source));
    return;
  }
  for (const auto& entry : fs::directory_iterator(source)) {
    const std::string name = entry.path().filename().string();
    if (name != "ebin") plan.add(files.path + "/" + name, link_to(entry.path()));
  }
  for (const auto& entry : fs::directory_iterator(source / "ebin")) {
    const std::string at = files.path + "/ebin/" + entry.path().filename().string();
    plan::PlannedFile file = link_to(entry.path());
    if (files.adjust(at, file)) plan.add(at, std::move(file));
  }
}

}  // namespace

std::string application_path(const otp::ApplicationResource& resource) {
  return plan::path_in_release("lib/" + resource.name.text() + "-" + resource.version);
}

bool is_in_release(const RelxConfig& config, const ResolvedApplication& application) {
  const bool* all = std::get_if<bool>(&config.system_libs);
  return all == nullptr || *all || !application.is_system;
}

otp::ApplicationResource narrowed_resource(const RelxConfig& config,
                                           const ResolvedApplication& application,
                                           const fs::path& release_dir) {
  const otp::ApplicationResource& resource = application.resource;
  const bool is_whole =
      config.exclude_apps.empty() && excluded_modules(config, resource.name) == nullptr;
  otp::ApplicationResource narrowed =
      is_whole ? resource
               : otp::application_resource(narrowed_term(config, resource), resource.file);
  if (is_in_release(config, application)) {
    narrowed.directory = release_dir / application_path(resource);
    narrowed.ebin = (narrowed.directory / "ebin").string();
  }
  return narrowed;
}

void plan_application(plan::Plan& plan, const RelxConfig& config,
                      const ResolvedApplication& application,
                      const otp::ApplicationResource& narrowed) {
  if (!is_in_release(config, application)) return;
  const ApplicationFiles files(config, application, narrowed);
  if (config.mode == Mode::Dev) {
    plan_links(plan, files);
  } else {
    plan_copies(plan, files);
  }
}

}  // namespace relmk::relx
