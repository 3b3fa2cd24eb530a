// make-tar: assembles a release and packs it into DIR/REL/REL-VSN.tar.gz.

#include "mix/command.h"
#include "plan/tar.h"
#include "relx/release/release_checks.h"
#include "relx/release/release_hook.h"
#include "relx/release/release_options.h"
#include "relx/release/release_plan.h"
#include "relx/release/release_tar.h"
#include "sys/output.h"
#include "sys/tool.h"

using namespace relmk;

int main(int argc, char** argv) {
  sys::CommandLine line("make-tar",
                        "Assembles a release and packs it into DIR/REL/REL-VSN.tar.gz.");
  relx::ReleaseRequest request;
  request.config.environment = sys::process_environment();
  relx::add_release_options(line, request);

  return sys::run_tool(line, argc, argv, [&] {
    if (mix::is_mix_project(request.config.file)) {
      mix::make_tar(mix::request_of(request));
      return 0;
    }
    const relx::PlannedRelease release = relx::plan_release(request);
    relx::write_config_copies(release, request);
    // Its lock is held until the tarball is there. What a hook has changed since is packed so.
    const plan::Assembly assembled = relx::assemble_checked(
        release, std::chrono::seconds(request.lock_wait), request.hook.empty());
    relx::run_release_hook(release, request.hook, request.config.environment);
    const fs::path tar = relx::release_tar_path(release);
    plan::write_tar_gz(tar, relx::with_hook_files(release, relx::release_tar_entries(release)),
                       plan::archive_time(request.config.environment),
                       [&] { sys::print_at_once(tar.string()); });
    return 0;
  });
}
