// make-tar: assembles a release and packs it into DIR/REL/REL-VSN.tar.gz.

#include <fmt/format.h>

#include "relx/release_checks.h"
#include "relx/release_options.h"
#include "relx/release_plan.h"
#include "relx/release_tar.h"
#include "relx/tar.h"
#include "sys/tool.h"

using namespace relmk;

int main(int argc, char** argv) {
  CLI::App app("Assembles a release and packs it into DIR/REL/REL-VSN.tar.gz.", "make-tar");
  ReleaseRequest request;
  add_release_options(app, request);

  return run_tool(app, argc, argv, [&] {
    const PlannedRelease release = plan_release(request);
    assemble_checked(release);
    const fs::path tar = release_tar_path(release);
    write_tar_gz(tar, release_tar_entries(release), archive_time());
    fmt::print("{}\n", tar.string());
    return 0;
  });
}
