#include "relx/release/release_plan.h"

#include <algorithm>
#include <cstdlib>
#include <sstream>
#include <system_error>
#include <utility>

#include "otp/release/release_applications.h"
#include "relx/config/version.h"
#include "relx/release/application_plan.h"
#include "relx/release/boot_files.h"
#include "relx/release/elixir_protocols.h"
#include "relx/release/release_overlay.h"
#include "relx/release/runtime_plan.h"
#include "relx/release/start_plan.h"
#include "relx/start_script/start_script.h"
#include "sys/error.h"
#include "sys/memory.h"
#include "sys/output.h"
#include "sys/own_executable.h"
#include "sys/words.h"
#include "sys/workers.h"

namespace relmk::relx {
namespace {

// The directory's absolute path: a link that is planned to it is followed from the release's
// directory, not from the current one.
fs::path absolute_directory(const fs::path& path) {
  const fs::path absolute = fs::absolute(path);
  const bool climbs = std::find(absolute.begin(), absolute.end(), "..") != absolute.end();
  std::error_code ignored;
  const fs::path way = climbs ? fs::weakly_canonical(absolute, ignored) : fs::path();
  return way.empty() ? absolute.lexically_normal() : way;
}

ApplicationSources application_sources(const ReleaseRequest& request, const ConfigSource& source,
                                       const RelxConfig& config, const otp::Installation& otp) {
  ApplicationSources sources;
  sources.otp = &otp;
  sources.project_apps = source.project_apps;
  if (!source.is_rebar) sources.project_root = fs::current_path();
  sources.build_dirs = source.build_dirs;
  if (source.is_rebar) {
    const std::vector<std::string>& profiles = request.config.profiles;
    sources.compile_command = profiles.empty()
                                  ? "rebar3 compile"
                                  : "rebar3 as " + sys::joined(profiles, ",") + " compile";
  }
  sources.lib_dirs = request.lib_dirs;
  sources.lib_dirs.insert(sources.lib_dirs.end(), config.lib_dirs.begin(), config.lib_dirs.end());
  // The code server searches these before OTP's own.
  for (const std::string& directory :
       sys::listed_directories(request.config.environment, "ERL_LIBS"))
    sources.lib_dirs.emplace_back(directory);
  for (fs::path& directory : sources.lib_dirs)
    directory = absolute_directory(directory);
  return sources;
}

// A release is a directory of that name, and relmk keeps .relmk beside it.
void check_release_name(const ConfiguredRelease& release, const std::string& file) {
  const std::string& name = release.name.text();
  if (name.empty() || name == "." || name == ".." || name == ".relmk" ||
      name.find_first_of(std::string_view("/\n\0", 3)) != std::string::npos)
    throw Error(file, release.at, "a release names a directory, which this cannot: " + name);
}

// A mode of the command line stands for those of the file: in front, so that what the file says
// explicitly still goes over what the mode expands to.
Terms with_mode(const Terms& terms, const std::optional<Term>& mode, bool in_front) {
  if (!mode) return terms;
  Terms out;
  if (in_front) out.push_back(Term::tuple({Term::atom("mode"), *mode}));
  std::copy_if(terms.begin(), terms.end(), std::back_inserter(out), [](const Term& term) {
    return !term.is_tagged("mode") && !term.is_tagged("dev_mode");
  });
  return out;
}

void plan_start_script(plan::Plan& plan, const RelxConfig& config,
                       const otp::ReleaseResource& release, const fs::path& tools_dir) {
  const bool has_nodetool = config.extended_start_script || config.include_nodetool;
  if (!config.generate_start_script) return;
  const StartScript script = {
      release.name, release.version,   release.erts_version, config.extended_start_script,
      config.hooks, config.extensions, config.commands,      config.commands_at};
  for (StartScriptFile& file : start_script_files(script, config.file)) {
    plan.add(file.path, {plan::PlannedFile::Kind::Content, {}, std::move(file.content), file.mode});
  }
  std::error_code ignored;
  const fs::path nodetool = tools_dir / "nodetool";
  if (has_nodetool && fs::is_regular_file(nodetool, ignored)) {
    plan.add("bin/nodetool", {plan::PlannedFile::Kind::Copy, nodetool, {}, 0755});
  }
}

// A start script that an overlay brings, as Kazoo's does, has what relx 3 gave it: a copy by the
// name of the version, and start_clean.boot beside it.
void complete_own_start_script(plan::Plan& plan, const otp::ReleaseResource& release) {
  const auto copy = [&](const std::string& from, const std::string& to) {
    const plan::PlannedFile* file = plan.find(from);
    if (file == nullptr || file->kind == plan::PlannedFile::Kind::Directory) return;
    if (plan.find(to) == nullptr) plan.add(to, plan::PlannedFile(*file));
  };
  const std::string script = "bin/" + release.name;
  if (plan.find(script) == nullptr) return;
  copy(script, script + "-" + release.version);
  copy("releases/" + release.version + "/start_clean.boot", "bin/start_clean.boot");
}

void take_memory_for(size_t applications, std::optional<Mode> mode) {
  // Bytes, for an application of usual size. Where there are many, most are smaller.
  constexpr size_t kUsualMemory = 48 << 10;
  constexpr size_t kMemoryOfLink = 16 << 10;
  constexpr size_t kMost = 60;
  sys::take_more_memory(std::min(applications, kMost) *
                        (mode == Mode::Dev ? kMemoryOfLink : kUsualMemory));
}

// Lists their directories, on several threads.
void plan_applications(PlannedRelease& out) {
  const std::vector<ResolvedApplication>& applications = out.resolved.applications;
  out.narrowed.resize(applications.size());
  std::vector<plan::Plan> plans(applications.size());
  sys::for_each_parallel(applications.size(), [&](size_t i) {
    out.narrowed[i] = narrowed_resource(out.config, applications[i], out.directory);
    plan_application(plans[i], out.config, applications[i], out.narrowed[i]);
  });
  for (plan::Plan& plan : plans)
    out.plan.add_all(std::move(plan));
}

}  // namespace

void write_config_copies(const PlannedRelease& release, const ReleaseRequest& request) {
  for (const fs::path& file : request.config_copies) {
    const bool exists = sys::is_regular_output(file);
    if (exists && !is_generated_config(file)) continue;
    const std::string text = generated_config_text(release.terms, release.config.file);
    if (exists && sys::read_file(file) == text) continue;
    if (file.has_parent_path()) sys::make_directories(file.parent_path());
    sys::write_output(file, text);
  }
}

PlannedRelease plan_release(const ReleaseRequest& request) {
  const otp::Installation otp = otp::find_installation(request.config.environment);
  const ConfigSource source = read_config_source(request.config);
  RelxConfig common = default_relx_config(source.file);
  PlannedRelease out;
  out.terms = resolve_release_versions(source.terms, common.root_dir, source.file,
                                       script_limits(request.config.environment));
  apply_relx_terms(common, with_mode(out.terms, request.mode, true));
  apply_relx_terms(common, request.terms);
  ConfiguredRelease chosen = choose_release(common, request.name, request.version);
  check_release_name(chosen, source.file);
  chosen.config = with_mode(chosen.config, request.mode, false);

  out.config = config_of_release(common, chosen);
  out.config.xref_ignores = source.xref_ignores;
  apply_relx_terms(out.config, request.terms);
  for (const Atom type : request.node_types) {
    std::vector<Atom>& types = out.config.node_types;
    if (std::find(types.begin(), types.end(), type) == types.end()) types.push_back(type);
  }
  const RelxConfig& config = out.config;
  out.directory = config.output_dir / plan::path_in_release(chosen.name.text());
  out.resolved = resolve_release(config, chosen, application_sources(request, source, config, otp));
  take_memory_for(out.resolved.applications.size(), config.mode);
  const otp::ReleaseResource& release = out.resolved.release;
  const otp::BootTemplate boot = otp::boot_template(otp);
  out.preloaded = boot.resident;
  out.erts_ebin = otp.lib / ("erts-" + release.erts_version) / "ebin";

  plan_applications(out);
  plan_erts(out.plan, config, release.erts_version, otp);
  plan_start_script(out.plan, config, release, request.tools_dir);
  plan_config_files(out.plan, config, release.version, out.directory,
                    {default_sys_config(), default_vm_args(release.name)});
  const std::string protocols = plan_consolidated_protocols(out.plan, config, out.resolved);
  plan_boot_files(out.plan, {otp::release_applications(release, config.file, out.narrowed,
                                                       otp::repetitions(otp)),
                             boot, otp.lib, protocols, config.node_types, config.node_types_at});
  plan_release_records(out.plan, config, release);
  out.overlay_paths = plan_overlay(out.plan, config, out.resolved, out.directory, otp);
  if (!config.generate_start_script) complete_own_start_script(out.plan, release);
  plan_prepared_start(out.plan, config, release.version);
  check_included_configs(out.plan, config, release.version, out.directory);
  return out;
}

fs::path own_tools_dir() {
  return sys::own_executable().parent_path();
}

}  // namespace relmk::relx
