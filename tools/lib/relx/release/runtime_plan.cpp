#include "relx/release/runtime_plan.h"

#include <fmt/core.h>

#include <algorithm>
#include <functional>
#include <system_error>
#include <unordered_map>
#include <utility>
#include <vector>

#include "otp/boot/boot_script.h"
#include "otp/release/releases_file.h"
#include "plan/tree_plan.h"
#include "relx/release/application_plan.h"
#include "relx/release/elixir_protocols.h"
#include "start/sys_config.h"
#include "start/vm_args.h"
#include "sys/error.h"
#include "sys/workers.h"
#include "term/print.h"

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
  throw Error(config.file, choice.at,
              fmt::format("The {} file specified for this release ({}) does not exist!", name,
                          choice.path->string()));
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
  } else if (is_file(release_dir / at) && sys::read_file(release_dir / at) != file.default_text) {
    plan.add(at, {plan::PlannedFile::Kind::Copy, release_dir / at, {}, {}});
  } else {
    plan.add(at, content(file.default_text));
  }
}

// kernel and stdlib first; the rest on the code path only.
otp::ReleaseResource start_clean_release(const otp::ReleaseResource& release) {
  otp::ReleaseResource clean{"start_clean", "1.0", release.erts_version, {}};
  for (const char* name : {"kernel", "stdlib"}) {
    for (const otp::ReleaseApplication& application : release.applications) {
      if (application.name.text() == name) clean.applications.push_back(application);
    }
  }
  for (const otp::ReleaseApplication& application : release.applications) {
    const std::string& name = application.name.text();
    if (name == "kernel" || name == "stdlib") continue;
    clean.applications.push_back({application.name, application.version, otp::StartType::None, {}});
  }
  return clean;
}

otp::ReleaseResource no_dot_erlang_release(const otp::ReleaseResource& release) {
  otp::ReleaseResource bare{"no_dot_erlang", "1.0", release.erts_version, {}};
  for (const char* name : {"kernel", "stdlib"}) {
    for (const otp::ReleaseApplication& application : release.applications) {
      if (application.name.text() == name) bare.applications.push_back(application);
    }
  }
  return bare;
}

class BootFiles {
 public:
  BootFiles(plan::Plan& plan, const RelxConfig& config,
            const otp::ReleaseApplications& applications, const otp::Installation& otp,
            const otp::BootTemplate& boot, std::string first_directory)
      : plan_(plan),
        config_(config),
        all_(applications),
        otp_(boot),
        first_directory_(std::move(first_directory)) {
    for (const otp::ApplicationResource& resource : all_.resources)
      resources_.emplace(resource.name.text(), &resource);
    options_.variables = {{"SYSTEM_LIB_DIR", otp.lib.string()}};
    directory_ = plan::path_in_release("releases/" + applications.release.version) + "/";
  }

  // Plans all of them. Each is computed by itself, on as many threads as there are processors.
  void add_all() {
    want_release();
    want("start_clean", start_clean_release(all_.release), options_);
    want_no_dot_erlang();
    for (const Atom type : config_.node_types) {
      check_node_type(type);
      want(type.text(), otp::node_type_release(all_, type), options_);
    }
    std::vector<std::string> contents(wanted_.size());
    sys::for_each_parallel(wanted_.size(), [&](size_t i) { contents[i] = wanted_[i].compute(); });
    for (size_t i = 0; i < wanted_.size(); ++i)
      plan_.add(wanted_[i].path, content(std::move(contents[i])));
    plan_.add("bin/no_dot_erlang.boot", *plan_.find(directory_ + "no_dot_erlang.boot"));
  }

 private:
  struct Wanted {
    std::string path;
    std::function<std::string()> compute;
  };

  void want_release() {
    wanted_.push_back({directory_ + plan::path_in_release(all_.release.name) + ".rel", [this] {
                         const Term release = otp::release_resource_term(all_.release);
                         return term::print_pretty(release) + ". ";
                       }});
    const Term script = script_of(all_, options_);
    wanted_.push_back({directory_ + "start.script", [script] { return otp::script_text(script); }});
    wanted_.push_back(
        {directory_ + "start.boot", [this, script] { return otp::boot_bytes(script, otp_); }});
  }

  void want_no_dot_erlang() {
    otp::BootScriptOptions options = options_;
    options.no_dot_erlang = true;
    want("no_dot_erlang", no_dot_erlang_release(all_.release), options);
  }

  void check_node_type(Atom type) const {
    const bool is_known = std::any_of(
        all_.resources.begin(), all_.resources.end(),
        [&](const otp::ApplicationResource& resource) { return resource.name == type; });
    if (is_known) return;
    throw Error(config_.file, config_.node_types_at,
                fmt::format("node type {} is no application of release {}",
                            term::print_plain(Term(type)), all_.release.name));
  }

  Term script_of(const otp::ReleaseApplications& applications,
                 const otp::BootScriptOptions& options) const {
    return with_first_directory(otp::boot_script(applications, otp_, options), first_directory_);
  }

  void want(const std::string& name, otp::ReleaseResource release,
            const otp::BootScriptOptions& options) {
    wanted_.push_back(
        {directory_ + plan::path_in_release(name) + ".boot",
         [this, release = std::move(release), options] { return boot_file(release, options); }});
  }

  std::string boot_file(const otp::ReleaseResource& release,
                        const otp::BootScriptOptions& options) const {
    std::vector<otp::ApplicationResource> resources;
    for (const otp::ReleaseApplication& application : release.applications) {
      resources.push_back(*resources_.at(application.name.text()));
    }
    const otp::ReleaseApplications applications = otp::release_applications(
        release, config_.file, std::move(resources), otp::Repetitions::Ignored);
    return otp::boot_bytes(script_of(applications, options), otp_);
  }

  plan::Plan& plan_;
  const RelxConfig& config_;
  const otp::ReleaseApplications& all_;
  std::unordered_map<std::string, const otp::ApplicationResource*> resources_;  // all_'s, by name
  const otp::BootTemplate& otp_;
  const std::string first_directory_;
  otp::BootScriptOptions options_;
  std::string directory_;
  std::vector<Wanted> wanted_;
};

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

void plan_boot_files(plan::Plan& plan, const RelxConfig& config,
                     const otp::ReleaseApplications& applications, const otp::Installation& otp,
                     const otp::BootTemplate& boot, const std::string& first_directory) {
  BootFiles(plan, config, applications, otp, boot, first_directory).add_all();
  plan_releases_file(plan, config, applications.release);
  plan.add("releases/start_erl.data",
           content(otp::start_erl_data_text(
               {applications.release.erts_version, applications.release.version})));
}

}  // namespace relmk::relx
