#include "relx/release/start_plan.h"

#include <fmt/core.h>
#include <sys/stat.h>

#include <optional>
#include <system_error>

#include "relx/start_script/prepared_start.h"
#include "start/environment_substitution.h"
#include "start/sys_config.h"
#include "sys/error.h"

namespace relmk::relx {
namespace {

constexpr unsigned kPermissionBits = 07777;

std::string directory_of(const std::string& version) {
  return plan::path_in_release("releases/" + version) + "/";
}

std::string text_of(const plan::PlannedFile& file) {
  return plan::is_written(file) ? plan::written_bytes(file) : sys::read_file(file.source);
}

// NAME.src, else NAME, as planned.
ConfigText planned_config(const plan::Plan& plan, const std::string& directory,
                          const std::string& name) {
  for (const bool source : {true, false}) {
    const std::string full = name + (source ? ".src" : "");
    if (const plan::PlannedFile* file = plan.find(directory + full))
      return {full, text_of(*file), source};
  }
  return {};
}

std::optional<unsigned> mode_of(const plan::PlannedFile& file) {
  struct stat status = {};
  if (file.mode || plan::is_written(file)) return file.mode;
  if (::stat(file.source.c_str(), &status) != 0) return std::nullopt;
  return status.st_mode & kPermissionBits;
}

}  // namespace

void plan_prepared_start(plan::Plan& plan, const RelxConfig& config, const std::string& version) {
  if (!config.generate_start_script) return;
  const std::string directory = directory_of(version);
  const ConfigText vm_args = planned_config(plan, directory, "vm.args");
  const plan::PlannedFile* file = plan.find(directory + vm_args.name);
  const std::optional<unsigned> mode = vm_args.name.empty() ? std::nullopt : mode_of(*file);
  plan.add(directory + "prepared_start",
           {plan::PlannedFile::Kind::Content,
            {},
            prepared_start(vm_args, planned_config(plan, directory, "sys.config")),
            mode});
}

void check_included_configs(const plan::Plan& plan, const RelxConfig& config,
                            const std::string& version, const fs::path& release_dir) {
  const std::string directory = directory_of(version);
  const ConfigText sys_config = planned_config(plan, directory, "sys.config");
  if (sys_config.name.empty()) return;
  const plan::PlannedFile& file = *plan.find(directory + sys_config.name);
  const std::string shown = file.source.empty() ? config.file : file.source;
  for (const start::IncludedConfig& included : start::included_configs(shown, sys_config.text)) {
    const std::string named = included.path.string();
    if (included.path.is_absolute() || start::find_variable(named, 0)) continue;
    bool found = false;
    for (const std::string& beside : {directory, std::string()}) {
      const std::string path = (fs::path(beside) / included.path).lexically_normal().string();
      std::error_code ignored;
      if (const plan::PlannedFile* other = plan.find(path)) {
        const std::string name = other->source.empty() ? path : other->source;
        start::check_included_config(name, text_of(*other));
        found = true;
      } else if (fs::is_regular_file(release_dir / path, ignored)) {
        found = true;
      }
      if (found) break;
    }
    if (!found) {
      sys::warn(shown, included.at,
                fmt::format("the included configuration {} is not in the release: no node starts "
                            "without it",
                            named));
    }
  }
}

}  // namespace relmk::relx
