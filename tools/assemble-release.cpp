// assemble-release: resolves the applications of a release and lays it out under DIR/REL.

#include <fmt/core.h>

#include "mix/command.h"
#include "plan/assemble.h"
#include "relx/release/release_checks.h"
#include "relx/release/release_hook.h"
#include "relx/release/release_options.h"
#include "relx/release/release_plan.h"
#include "sys/memory.h"
#include "sys/tool.h"

using namespace relmk;

int main(int argc, char** argv) {
  sys::CommandLine line("assemble-release",
                        "Resolves the applications of a release and lays it out under DIR/REL.");
  relx::ReleaseRequest request;
  request.config.environment = sys::process_environment();
  relx::add_release_options(line, request);
  bool dry_run = false;
  line.flag("--dry-run", dry_run, "Print what would be made, and make nothing");

  return sys::run_tool(line, argc, argv, [&] {
    // Bytes, for a small release; plan_release() knows how large it is.
    constexpr size_t kLeastMemory = 1 << 20;
    constexpr size_t kMemoryOfThread = 1 << 20;
    sys::take_memory(kLeastMemory, kMemoryOfThread);
    if (mix::is_mix_project(request.config.file)) {
      const mix::Request project = mix::request_of(request);
      if (dry_run) fmt::print("{}", plan::plan_text(mix::plan_release(project).plan));
      if (!dry_run) mix::assemble_release(project);
      return 0;
    }
    // It is never destroyed, which would take longer than to leave that to the system.
    const auto& release = *new relx::PlannedRelease(relx::plan_release(request));
    if (dry_run) {
      fmt::print("{}", plan::plan_text(release.plan));
      return 0;
    }
    relx::write_config_copies(release, request);
    const plan::Assembly done =
        relx::assemble_checked(release, std::chrono::seconds(request.lock_wait));
    if (done.changed) {
      const otp::ReleaseResource& resource = release.resolved.release;
      fmt::print("{}: {} {}, {} applications, {} files written, {} kept\n",
                 release.directory.string(), resource.name, resource.version,
                 resource.applications.size(), done.written, done.kept);
    }
    relx::run_release_hook(release, request.hook, request.config.environment);
    return 0;
  });
}
