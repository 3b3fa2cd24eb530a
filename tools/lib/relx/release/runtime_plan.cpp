#include "relx/release/runtime_plan.h"

#include <fmt/core.h>

#include <system_error>
#include <utility>

#include "otp/release/releases_file.h"
#include "plan/tree_plan.h"
#include "start/sys_config.h"
#include "start/vm_args.h"
#include "sys/error.h"

namespace relmk::relx {
namespace {

plan::PlannedFile content(std::string bytes) {
  return {plan::PlannedFile::Kind::Content, {}, std::move(bytes), {}};
}

// Throws Error, which has relx's words for sys.config, for a file from which no node could start.
void check_config_file(const std::string& name, const fs::path& source) {
  const std::string text = sys::read_file(source);
  if (name == "vm.args") return start::validate_vm_args(source.string(), text);
  try {
    start::validate_sys_config(source.string(), text);
  } catch (const Error& error) {
    throw Error(
        error.file(), error.position(),
        fmt::format("The config file ({}) specified for this release could not be opened or "
                    "parsed: {}",
                    source.string(), error.message()))
        .with_hint(error.hint());
  }
}

// A configuration file as the user has it: linked to in dev mode, else copied.
plan::PlannedFile users_file(const RelxConfig& config, const std::string& name,
                             const fs::path& source) {
  check_config_file(name, source);
  const bool link = config.mode == Mode::Dev;
  return {link ? plan::PlannedFile::Kind::Link : plan::PlannedFile::Kind::Copy,
          fs::absolute(source),
          {},
          {}};
}

bool is_file(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored);
}

// Whether others put a file of that name into the release. Beside a .src it is what a start has
// derived from that.
bool is_others_own(const fs::path& path, const std::string& default_text) {
  return is_file(path) && !is_file(path.string() + ".src") && sys::read_file(path) != default_text;
}

// One of the two pairs, sys.config(.src) and vm.args(.src).
struct ConfigFile {
  const char* name;  // "sys.config"
  const char* term;  // "sys_config", and with _src
  const FileChoice& plain;
  const FileChoice& source;
  const std::string& default_text;
};

void require_file(const RelxConfig& config, const FileChoice& choice, const std::string& name) {
  if (is_file(*choice.path)) return;
  std::error_code ignored;
  const bool is_there = fs::exists(*choice.path, ignored);
  throw Error(config.file, choice.at,
              fmt::format("The {} file specified for this release ({}) {}", name,
                          choice.path->string(), is_there ? "is no file" : "does not exist!"));
}

void plan_config_file(plan::Plan& plan, const RelxConfig& config, const std::string& directory,
                      const fs::path& release_dir, const ConfigFile& file) {
  const std::string at = directory + "/" + file.name;
  const std::string name = file.name;
  if (file.source.path) {
    require_file(config, file.source, name + ".src");
    if (file.plain.path) {
      sys::warn(config.file, file.plain.at,
                fmt::format("Both {0}_src and {0} are set, {0} will be ignored", file.term));
    }
    plan.add(at + ".src", users_file(config, name, *file.source.path));
    return;
  }
  if (file.plain.none) return;
  if (file.plain.path) {
    require_file(config, file.plain, name);
    plan.add(at, users_file(config, name, *file.plain.path));
    return;
  }
  const fs::path own = config.root_dir / "config" / file.name;
  const fs::path own_source = own.string() + ".src";
  if (!file.source.none && is_file(own_source)) {
    plan.add(at + ".src", users_file(config, name, own_source));
  } else if (is_file(own)) {
    plan.add(at, users_file(config, name, own));
  } else if (is_others_own(release_dir / at, file.default_text)) {
    plan.add(at, {plan::PlannedFile::Kind::Copy, release_dir / at, {}, {}});
  } else {
    plan.add(at, content(file.default_text));
  }
}

// RELEASES is of no use to release_handler without the system libraries, so relx leaves it out
// then.
void plan_releases_file(plan::Plan& plan, const RelxConfig& config,
                        const otp::ReleaseResource& release) {
  const bool* all = std::get_if<bool>(&config.system_libs);
  if (all != nullptr && !*all) return;
  otp::InstalledRelease installed{
      release.name, release.version, release.erts_version, {}, "permanent"};
  for (const otp::ReleaseApplication& application : release.applications) {
    installed.libraries.push_back({application.name, application.version,
                                   "./lib/" + application.name.text() + "-" + application.version});
  }
  plan.add("releases/RELEASES", content(otp::releases_text({installed})));
}

}  // namespace

void plan_erts(plan::Plan& plan, const RelxConfig& config, const std::string& erts_version,
               const otp::Installation& otp) {
  const bool* included = std::get_if<bool>(&config.include_erts);
  if (included != nullptr && !*included) return;
  const fs::path prefix = included != nullptr ? otp.root : std::get<fs::path>(config.include_erts);
  const fs::path source = prefix / ("erts-" + erts_version) / "bin";
  std::error_code ignored;
  if (!fs::is_directory(source, ignored)) {
    throw Error(config.file,
                fmt::format("Specified version of erts ({}) does not exist under configured "
                            "directory {}",
                            erts_version, prefix.string()));
  }
  const std::string target = plan::path_in_release("erts-" + erts_version + "/bin");
  plan::plan_tree(plan, target, source, [&](const std::string& at, plan::PlannedFile&) {
    // A compile-time tool of OTP's, large and of no use to a release.
    return at != target + "/yielding_c_fun";
  });
  // The installed `erl` has its root written into it; dyn_erl finds it from where it stands.
  if (const plan::PlannedFile* dynamic = plan.find(target + "/dyn_erl")) {
    plan.add(target + "/erl", *dynamic);
  }
}

void plan_config_files(plan::Plan& plan, const RelxConfig& config,
                       const std::string& release_version, const fs::path& release_dir,
                       const DefaultTexts& defaults) {
  const std::string directory = plan::path_in_release("releases/" + release_version);
  plan_config_file(plan, config, directory, release_dir,
                   {"vm.args", "vm_args", config.vm_args, config.vm_args_src, defaults.vm_args});
  plan_config_file(
      plan, config, directory, release_dir,
      {"sys.config", "sys_config", config.sys_config, config.sys_config_src, defaults.sys_config});
}

void plan_release_records(plan::Plan& plan, const RelxConfig& config,
                          const otp::ReleaseResource& release) {
  plan_releases_file(plan, config, release);
  plan.add("releases/start_erl.data",
           content(otp::start_erl_data_text({release.erts_version, release.version})));
}

}  // namespace relmk::relx
