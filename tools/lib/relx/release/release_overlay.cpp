#include "relx/release/release_overlay.h"

#include "relx/overlay/overlay.h"
#include "relx/overlay/overlay_vars.h"

namespace relmk::relx {

namespace {

// As relx shows a file to templates: its path, `false` for none, `undefined` where nothing is said.
Term file_term(const FileChoice& choice) {
  if (choice.path) return Term::string(fs::absolute(*choice.path).native());
  return Term::atom(choice.none ? "false" : "undefined");
}

PredefinedVariables variables_of(const RelxConfig& config, const ResolvedRelease& release,
                                 const fs::path& directory, const otp::Installation& otp) {
  PredefinedVariables variables;
  variables.release_name = release.release.name;
  variables.release_version = release.release.version;
  variables.erts_version = release.release.erts_version;
  variables.erts_dir = otp.root;
  variables.output_dir = directory;
  variables.root_dir = config.root_dir;
  variables.config_file = config.file;
  variables.lib_dirs = config.lib_dirs;
  for (const ConfiguredRelease& configured : config.releases) {
    if (configured.name.text() != variables.release_name ||
        configured.version != variables.release_version)
      continue;
    for (const Goal& goal : configured.goals)
      variables.goals.push_back(goal.name.text());
  }
  for (const ResolvedApplication& application : release.applications)
    variables.applications.emplace_back(application.resource.name.text(),
                                        application.resource.directory);
  Terms overrides;
  for (const auto& [name, value] : config.overrides) {
    variables.overridden.push_back(name.text());
    overrides.push_back(Term::tuple({Term(name), value}));
  }
  variables.overrides = Term::list(std::move(overrides));
  variables.vm_args = file_term(config.vm_args);
  variables.sys_config = file_term(config.sys_config);
  if (config.default_release) {
    const auto& [name, version] = *config.default_release;
    variables.default_release_name = name.text();
    variables.default_release_version = version.value_or(variables.release_version);
  }
  return variables;
}

}  // namespace

std::vector<std::string> plan_overlay(plan::Plan& plan, const RelxConfig& config,
                                      const ResolvedRelease& release, const fs::path& directory,
                                      const otp::Installation& otp) {
  const std::vector<OverlayAction> actions = parse_overlay(config.overlay, config.file);
  if (actions.empty()) return {};
  const VariableSets sets = predefined_variables(variables_of(config, release, directory, otp));
  const Term defined =
      add_overlay_vars(sets.current, config.overlay_vars, config.overlay_vars_values,
                       {config.root_dir, config.file, {}});
  Terms variables = defined.elements();
  const Terms& documented = sets.documented.elements();
  variables.insert(variables.end(), documented.begin(), documented.end());

  OverlayTarget target;
  target.root_dir = config.root_dir;
  target.first_root_dir = config.root_dir_is_given ? config.root_dir : config.config_dir;
  target.output_dir = directory;
  target.dev_mode = config.mode == Mode::Dev;
  target.variables = Term::list(std::move(variables));
  target.config_file = config.file;
  return apply_overlay(plan, actions, target);
}

}  // namespace relmk::relx
