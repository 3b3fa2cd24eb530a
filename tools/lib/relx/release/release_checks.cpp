#include "relx/release/release_checks.h"

#include <fmt/core.h>

#include <algorithm>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "beam/source_check.h"
#include "beam/xref.h"
#include "relx/release/application_plan.h"
#include "relx/release/xref_ignores.h"
#include "sys/error.h"
#include "sys/output.h"
#include "sys/workers.h"
#include "term/print.h"

namespace relmk::relx {
namespace {

// Those that the checks give, printed at once when the checks end: there may be one for each
// module.
class Warnings {
 public:
  ~Warnings() { sys::write_to_stderr(text_); }
  void give(const std::string& file, const std::string& message) {
    text_ += sys::warning_line(file, {}, message);
  }
  bool any() const { return !text_.empty(); }

 private:
  std::string text_;
};

fs::path ebin_of(const otp::ApplicationResource& resource) {
  return resource.directory / "ebin";
}

Error module_not_found(const otp::ApplicationResource& resource, Atom module) {
  return Error(resource.file, fmt::format("{}: Module not found: {}", resource.name.text(),
                                          term::print_atom(module)))
      .with_hint("it is listed in `modules`, but " + ebin_of(resource).string() +
                 " does not hold it");
}

void tell_of_modules(const otp::ApplicationResource& resource,
                     const std::vector<beam::SourceProblem>& problems, Warnings& warnings) {
  for (const beam::SourceProblem& problem : problems) {
    const std::string module = term::print_atom(problem.module);
    switch (problem.kind) {
      case beam::SourceProblem::Kind::ModuleNotFound:
        throw module_not_found(resource, problem.module);
      case beam::SourceProblem::Kind::SourceNotFound:
        warnings.give(resource.file, "Source code not found: " + module + ".erl");
        break;
      case beam::SourceProblem::Kind::OutOfDate:
        warnings.give(resource.file, "Object code (" + module + ") out of date");
        break;
    }
  }
}

void check_modules(const PlannedRelease& release, Warnings& warnings) {
  const RelxConfig& config = release.config;
  const auto& applications = release.resolved.applications;
  const bool wants_sources = config.src_tests && config.include_src.value_or(true);
  std::vector<std::vector<beam::SourceProblem>> problems(applications.size());
  sys::for_each_parallel(applications.size(), [&](size_t i) {
    if (!is_in_release(config, applications[i])) return;
    const fs::path ebin = ebin_of(applications[i].resource);
    const std::vector<Atom>& modules = release.narrowed[i].modules;
    problems[i] = wants_sources && !applications[i].is_system
                      ? beam::source_problems(ebin, modules)
                      : beam::missing_modules(ebin, modules);
  });
  for (size_t i = 0; i < applications.size(); ++i)
    tell_of_modules(applications[i].resource, problems[i], warnings);
}

std::vector<fs::path> beams_in(const fs::path& ebin) {
  std::vector<fs::path> beams;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(ebin, ignored)) {
    if (entry.path().extension() == ".beam") beams.push_back(entry.path());
  }
  std::sort(beams.begin(), beams.end());
  return beams;
}

// Calls from the applications that `is_caller` picks, to anything in the release or in ERTS.
template <typename Pick>
beam::XrefScope scope_of(const PlannedRelease& release, Pick is_caller) {
  beam::XrefScope scope;
  for (const ResolvedApplication& application : release.resolved.applications) {
    const fs::path ebin = ebin_of(application.resource);
    scope.directories.push_back(ebin);
    if (!is_caller(application)) continue;
    const std::vector<fs::path> beams = beams_in(ebin);
    scope.callers.insert(scope.callers.end(), beams.begin(), beams.end());
  }
  scope.preloaded = release.preloaded;
  if (fs::is_directory(release.erts_ebin)) scope.directories.push_back(release.erts_ebin);
  return scope;
}

void check_calls(const PlannedRelease& release, Warnings& warnings) {
  const beam::XrefScope scope = scope_of(
      release, [](const ResolvedApplication& application) { return application.is_project; });
  if (scope.callers.empty()) return;
  std::vector<beam::Call> calls = beam::undefined_calls(scope);
  if (release.config.xref_ignores) {
    calls = without_ignored(std::move(calls), *release.config.xref_ignores, scope.callers);
  }
  if (calls.empty()) return;
  const std::string& file = release.config.file;
  warnings.give(file, "There are missing function calls in the release.");
  warnings.give(file, "Make sure all applications needed at runtime are included in the release.");
  for (const beam::Call& call : calls) {
    warnings.give(file, fmt::format("{} calls undefined function {}", call.caller.text(),
                                    call.callee.text()));
  }
}

void check_references(const PlannedRelease& release, Warnings& warnings) {
  const std::vector<Atom>& names = *release.config.exref;
  const beam::XrefScope scope = scope_of(release, [&](const ResolvedApplication& application) {
    return names.empty() ||
           std::find(names.begin(), names.end(), application.resource.name) != names.end();
  });
  for (const beam::FunctionName& function : beam::undefined_functions(scope)) {
    warnings.give(release.config.file, "Undefined function " + function.text());
  }
}

// Without sasl there is no release_handler to upgrade the release: systools says so too.
void check_sasl(const PlannedRelease& release, Warnings& warnings) {
  const std::vector<otp::ReleaseApplication>& applications = release.resolved.release.applications;
  const bool has_sasl =
      std::any_of(applications.begin(), applications.end(),
                  [](const otp::ReleaseApplication& a) { return a.name.text() == "sasl"; });
  if (has_sasl) return;
  warnings.give(release.config.file, "Missing application sasl. Can not upgrade with this release");
}

// Of an application that is started, all that it needs is to be started, too: else it waits for
// ever. For an optional one it does not wait.
void check_start_types(const PlannedRelease& release, Warnings& warnings) {
  const auto only_loads = [](const otp::ReleaseApplication& entry) {
    return entry.type == otp::StartType::Load || entry.type == otp::StartType::None;
  };
  std::unordered_map<std::string, const otp::ReleaseApplication*> not_started;
  for (const otp::ReleaseApplication& entry : release.resolved.release.applications)
    if (only_loads(entry)) not_started.emplace(entry.name.text(), &entry);
  for (size_t i = 0; i < release.narrowed.size(); ++i) {
    const otp::ReleaseApplication& entry = release.resolved.release.applications[i];
    if (only_loads(entry)) continue;
    const std::vector<Atom>& optional = release.narrowed[i].optional_applications;
    for (const Atom need : release.narrowed[i].applications) {
      const auto found = not_started.find(need.text());
      if (found == not_started.end()) continue;
      if (std::find(optional.begin(), optional.end(), need) != optional.end()) continue;
      warnings.give(
          release.config.file,
          fmt::format("{} needs {}, which is of type {} in this release: a node that boots "
                      "waits for it for ever",
                      entry.name.text(), need.text(),
                      found->second->type == otp::StartType::Load ? "load" : "none"));
    }
  }
}

// Scripts that the start script sources are an overlay's to bring. What a build's hook adds is not
// planned, but there once it was added.
void check_scripts(const PlannedRelease& release, Warnings& warnings) {
  const RelxConfig& config = release.config;
  if (!config.generate_start_script || !config.extended_start_script) return;
  const auto check = [&](const char* kind, const std::string& script) {
    const std::string path = fs::path("bin/" + script).lexically_normal().string();
    std::error_code ignored;
    if (release.plan.find(path) != nullptr || fs::exists(release.directory / path, ignored)) return;
    warnings.give(config.file, fmt::format("the {} {} is not in the release: no overlay brings {}",
                                           kind, script, path));
  };
  for (const auto& [phase, hooks] : config.hooks)
    for (const Term& hook : hooks)
      if (hook.is_tagged("custom", 2) && hook[1].is_string()) check("hook", hook[1].to_utf8());
  for (const auto& [name, script] : config.extensions)
    check("extension", script);
}

}  // namespace

void check_release(const PlannedRelease& release) {
  const RelxConfig& config = release.config;
  Warnings warnings;
  check_sasl(release, warnings);
  check_start_types(release, warnings);
  check_modules(release, warnings);
  if (config.exref) check_references(release, warnings);
  if (config.warnings_as_errors && warnings.any()) {
    throw Error(config.file, "warnings being treated as errors");
  }
  check_scripts(release, warnings);
  if (config.check_for_undefined_functions) check_calls(release, warnings);
}

plan::Assembly assemble_checked(const PlannedRelease& release, std::chrono::seconds lock_wait,
                                bool keeps_changes) {
  const otp::ReleaseResource& resource = release.resolved.release;
  plan::AssemblyRequest request;
  request.output_dir = release.directory.parent_path();
  request.name = resource.name;
  request.version = resource.version;
  request.before_change = [&] { check_release(release); };
  request.nodetool = own_tools_dir() / "nodetool";
  request.lock_wait = lock_wait;
  request.keeps_changes = keeps_changes;
  for (const char* name : {"sys.config", "vm.args"}) {
    const std::string path =
        plan::path_in_release(fmt::format("releases/{}/{}", resource.version, name));
    request.derived.emplace(path + ".src", path);
  }
  plan::Assembly done = plan::assemble(release.plan, request);
  if (!done.changed && release.config.warnings_as_errors) check_release(release);
  return done;
}

}  // namespace relmk::relx
