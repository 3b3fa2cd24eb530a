#include "mix/command.h"

#include <fmt/core.h>

#include "mix/release_tar.h"
#include "plan/assemble.h"
#include "plan/tar.h"
#include "relx/release/release_hook.h"
#include "sys/error.h"
#include "sys/output.h"

namespace relmk::mix {
namespace {

[[noreturn]] void refuse(const fs::path& file, const std::string& option,
                         const std::string& hint = "say it in mix.exs, in releases:") {
  throw Error(file.string(), option + " has no meaning for a Mix project").with_hint(hint);
}

// What stands for relx's modes in a Mix project.
std::string hint_for_mode(const Term& mode) {
  if (mode.is_atom("minimal")) return "include_erts: false, in mix.exs, in releases:";
  return "MIX_ENV=" + mode.atom_text();
}

plan::Assembly assemble(const PlannedRelease& release, const Request& said, bool keeps_changes) {
  plan::AssemblyRequest request;
  request.output_dir = release.directory.parent_path();
  request.name = release.directory.filename().string();
  request.version = release.release.version;
  request.nodetool = said.tools_dir / "nodetool";
  request.lock_wait = said.lock_wait;
  request.keeps_changes = keeps_changes;
  return plan::assemble(release.plan, request);
}

// Its path is printed before it takes the old one's place.
void write_tar(const PlannedRelease& release, const sys::Environment& environment, bool is_quiet) {
  sys::make_directories(release.release.tar_directory);
  plan::write_tar_gz(tar_path(release), tar_entries(release), plan::archive_time(environment), [&] {
    if (!is_quiet) sys::print_at_once(tar_path(release).string());
  });
}

Request request_for_terms(const relx::ConfigRequest& config) {
  Request request;
  request.environment = config.environment;
  request.file = config.file;
  request.elixir_wait = std::chrono::seconds(config.elixir_wait);
  return request;
}

// As terms of relx; the first is the default one.
void add_release(Terms& terms, const ReleaseList::Release& release, Terms applications) {
  const Term id = Term::tuple({Term::atom(release.name), Term::string(release.version)});
  if (terms.empty()) terms.push_back(Term::tuple({Term::atom("default_release"), id}));
  terms.push_back(Term::tuple({Term::atom("release"), id, Term::list(std::move(applications))}));
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
  if (request.mode) refuse(out.file, "--mode", hint_for_mode(*request.mode));
  if (!request.config_copies.empty()) refuse(out.file, "--write-config", "relx-config prints it");
  if (!request.node_types.empty()) refuse(out.file, "--node-type");
  out.hook = request.hook;
  out.elixir_wait = std::chrono::seconds(request.config.elixir_wait);
  out.lock_wait = std::chrono::seconds(request.lock_wait);
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
  const plan::Assembly done = assemble(release, request, false);
  relx::run_hook(request.hook, request.environment);
  std::error_code ignored;
  const bool packs =
      release.release.makes_tar && (done.changed || !fs::exists(tar_path(release), ignored));
  if (!release.release.quiet && (done.changed || packs))
    fmt::print("{}: {} {}, {} applications, {} files written, {} kept\n",
               release.directory.string(), release.release.name, release.release.version,
               release.release.applications.size(), done.written, done.kept);
  if (packs) write_tar(release, request.environment, release.release.quiet);
}

Terms relx_terms(const relx::ConfigRequest& config) {
  Request request = request_for_terms(config);
  Terms terms;
  for (const ReleaseList::Release& listed : list_releases(request)) {
    request.name = listed.name;
    const Answer release = read_release(request);
    Terms applications;
    for (const BootScriptChoice& script : release.boot_scripts) {
      if (script.name != "start") continue;
      for (const auto& [application, type] : script.applications)
        applications.push_back(Term::tuple({application, Term::atom(otp::start_type_text(type))}));
    }
    add_release(terms, {listed.name, release.version}, std::move(applications));
  }
  terms.push_back(Term::tuple({Term::atom("extended_start_script"), Term::boolean(true)}));
  return terms;
}

Terms release_terms(const relx::ConfigRequest& config) {
  Terms terms;
  for (const ReleaseList::Release& listed : list_releases(request_for_terms(config)))
    add_release(terms, listed, {});
  terms.push_back(Term::tuple({Term::atom("extended_start_script"), Term::boolean(true)}));
  return terms;
}

void make_tar(const Request& request) {
  const PlannedRelease release = plan_release(request);
  // Its lock is held until the tarball is there. What a hook has changed since is packed so.
  const plan::Assembly assembled = assemble(release, request, request.hook.empty());
  relx::run_hook(request.hook, request.environment);
  write_tar(release, request.environment, false);
}

}  // namespace relmk::mix
