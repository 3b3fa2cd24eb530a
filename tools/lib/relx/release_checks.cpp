#include "relx/release_checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "beam/source_check.h"
#include "beam/xref.h"
#include "relx/application_plan.h"
#include "relx/xref_ignores.h"
#include "sys/error.h"
#include "term/print.h"

namespace relmk {
namespace {

fs::path ebin_of(const ApplicationResource& resource) {
  return resource.directory / "ebin";
}

// The modules that the release will hold of an application.
std::vector<Atom> modules_of(const RelxConfig& config, const ApplicationResource& resource) {
  std::vector<Atom> modules = resource.modules;
  for (const auto& [name, excluded] : config.exclude_modules) {
    if (name != resource.name) continue;
    std::erase_if(modules, [&, &left_out = excluded](Atom module) {
      return std::find(left_out.begin(), left_out.end(), module) != left_out.end();
    });
  }
  return modules;
}

Error module_not_found(const ApplicationResource& resource, Atom module) {
  return Error(resource.file,
               fmt::format("{}: Module not found: {}", resource.name.text(), print_atom(module)))
      .with_hint("it is listed in `modules`, but " + ebin_of(resource).string() +
                 " does not hold it");
}

void check_modules(const ApplicationResource& resource, const std::vector<Atom>& modules) {
  for (const Atom module : modules) {
    if (!fs::exists(ebin_of(resource) / (module.text() + ".beam"))) {
      throw module_not_found(resource, module);
    }
  }
}

void check_sources(const ApplicationResource& resource, const std::vector<Atom>& modules) {
  for (const SourceProblem& problem : source_problems(ebin_of(resource), modules)) {
    const std::string module = print_atom(problem.module);
    switch (problem.kind) {
      case SourceProblem::Kind::ModuleNotFound:
        throw module_not_found(resource, problem.module);
      case SourceProblem::Kind::SourceNotFound:
        warn(resource.file, {}, "Source code not found: " + module + ".erl");
        break;
      case SourceProblem::Kind::OutOfDate:
        warn(resource.file, {}, "Object code (" + module + ") out of date");
        break;
    }
  }
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
XrefScope scope_of(const PlannedRelease& release, Pick is_caller) {
  XrefScope scope;
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

void check_calls(const PlannedRelease& release) {
  const XrefScope scope = scope_of(
      release, [](const ResolvedApplication& application) { return application.is_project; });
  if (scope.callers.empty()) return;
  std::vector<Call> calls = undefined_calls(scope);
  if (release.config.xref_ignores) {
    calls = without_ignored(std::move(calls), *release.config.xref_ignores, scope.callers);
  }
  if (calls.empty()) return;
  const std::string& file = release.config.file;
  warn(file, {}, "There are missing function calls in the release.");
  warn(file, {}, "Make sure all applications needed at runtime are included in the release.");
  for (const Call& call : calls) {
    warn(file, {},
         fmt::format("{} calls undefined function {}", call.caller.text(), call.callee.text()));
  }
}

void check_references(const PlannedRelease& release) {
  const std::vector<Atom>& names = *release.config.exref;
  const XrefScope scope = scope_of(release, [&](const ResolvedApplication& application) {
    return names.empty() ||
           std::find(names.begin(), names.end(), application.resource.name) != names.end();
  });
  for (const FunctionName& function : undefined_functions(scope)) {
    warn(release.config.file, {}, "Undefined function " + function.text());
  }
}

// Without sasl there is no release_handler to upgrade the release: systools says so too.
void check_sasl(const PlannedRelease& release) {
  const std::vector<ReleaseApplication>& applications = release.resolved.release.applications;
  const bool has_sasl =
      std::any_of(applications.begin(), applications.end(),
                  [](const ReleaseApplication& a) { return a.name.text() == "sasl"; });
  if (has_sasl) return;
  warn(release.config.file, {}, "Missing application sasl. Can not upgrade with this release");
}

}  // namespace

void check_release(const PlannedRelease& release) {
  const RelxConfig& config = release.config;
  const int before = warning_count();
  check_sasl(release);
  const bool wants_sources = config.src_tests && config.include_src.value_or(true);
  for (const ResolvedApplication& application : release.resolved.applications) {
    if (!is_in_release(config, application)) continue;
    const std::vector<Atom> modules = modules_of(config, application.resource);
    if (wants_sources && !application.is_system) {
      check_sources(application.resource, modules);
    } else {
      check_modules(application.resource, modules);
    }
  }
  if (config.exref) check_references(release);
  if (config.warnings_as_errors && warning_count() > before) {
    throw Error(config.file, "warnings being treated as errors");
  }
  if (config.check_for_undefined_functions) check_calls(release);
}

Assembly assemble_checked(const PlannedRelease& release) {
  const ReleaseResource& resource = release.resolved.release;
  const Assembly done = assemble(release.plan, {release.directory.parent_path(), resource.name,
                                                resource.version, [&] { check_release(release); }});
  if (!done.changed && release.config.warnings_as_errors) check_release(release);
  return done;
}

}  // namespace relmk
