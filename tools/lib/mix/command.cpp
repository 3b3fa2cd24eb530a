#include "mix/command.h"

#include <fmt/format.h>

#include "mix/release_tar.h"
#include "plan/assemble.h"
#include "plan/tar.h"
#include "sys/error.h"

namespace relmk::mix {
namespace {

[[noreturn]] void refuse(const fs::path& file, const std::string& option) {
  throw Error(file.string(), option + " has no meaning for a Mix project")
      .with_hint("say it in mix.exs, in releases:");
}

plan::Assembly assemble(const PlannedRelease& release) {
  plan::AssemblyRequest request;
  request.output_dir = release.directory.parent_path();
  request.name = release.directory.filename().string();
  request.version = release.release.version;
  return plan::assemble(release.plan, request);
}

void write_tar(const PlannedRelease& release, const sys::Environment& environment) {
  sys::make_directories(release.release.tar_directory);
  plan::write_tar_gz(tar_path(release), tar_entries(release), plan::archive_time(environment));
}

}  // namespace

Request request_of(const relx::ReleaseRequest& request) {
  Request out;
  out.file = request.config.file;
  out.name = request.name;
  out.version = request.version;
  out.tools_dir = request.tools_dir;
  out.environment = request.config.environment;
  if (!request.config.profiles.empty()) refuse(out.file, "--profile");
  if (!request.lib_dirs.empty()) refuse(out.file, "--lib-dir");
  if (request.mode) refuse(out.file, "--mode");
  for (const Term& term : request.terms) {
    if (term.is_tagged("output_dir", 2)) {
      out.output_dir = term[1].to_utf8();
    } else {
      std::string option = term[0].atom_text();
      for (char& c : option)
        if (c == '_') c = '-';
      refuse(out.file, "--" + option);
    }
  }
  return out;
}

void assemble_release(const Request& request) {
  const PlannedRelease release = plan_release(request);
  const plan::Assembly done = assemble(release);
  std::error_code ignored;
  const bool packs =
      release.release.makes_tar && (done.changed || !fs::exists(tar_path(release), ignored));
  if (packs) write_tar(release, request.environment);
  if (release.release.quiet || !(done.changed || packs)) return;
  fmt::print("{}: {} {}, {} applications, {} files written, {} kept\n", release.directory.string(),
             release.release.name, release.release.version, release.release.applications.size(),
             done.written, done.kept);
  if (packs) fmt::print("{}\n", tar_path(release).string());
}

Terms relx_terms(const fs::path& file, const sys::Environment& environment) {
  Request request;
  request.environment = environment;
  request.file = file;
  Terms terms;
  for (const std::string& name : release_names(request)) {
    request.name = name;
    const Answer release = read_release(request);
    const Term id = Term::tuple({Term::atom(name), Term::string(release.version)});
    Terms applications;
    for (const BootScriptChoice& script : release.boot_scripts) {
      if (script.name != "start") continue;
      for (const auto& [application, type] : script.applications)
        applications.push_back(Term::tuple({application, Term::atom(otp::start_type_text(type))}));
    }
    if (terms.empty()) terms.push_back(Term::tuple({Term::atom("default_release"), id}));
    terms.push_back(Term::tuple({Term::atom("release"), id, Term::list(std::move(applications))}));
  }
  terms.push_back(Term::tuple({Term::atom("extended_start_script"), Term::boolean(true)}));
  return terms;
}

fs::path make_tar(const Request& request) {
  const PlannedRelease release = plan_release(request);
  assemble(release);
  write_tar(release, request.environment);
  return tar_path(release);
}

}  // namespace relmk::mix
