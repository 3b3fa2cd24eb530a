// Drops debug chunks, as beam_lib:strip_release/2 does for relx.
#include "beam/strip.h"
#include "sys/tool.h"

using namespace relmk;

int main(int argc, char** argv) {
  sys::CommandLine line("strip-beams",
                        "Strips BEAM files of what only a debugger needs, and compresses them.");
  std::vector<fs::path> paths;
  beam::StripOptions options;
  line.option("PATH", paths, "BEAM files, or directories: every *.beam below; links are left alone",
              {.is_required = true});
  line.option("--keep", options.kept, "Chunks to keep besides those that the VM needs",
              {.value = "CHUNK", .shows_default = true, .one_each = true});

  return sys::run_tool(line, argc, argv, [&] {
    std::vector<fs::path> files;
    for (const fs::path& path : paths) {
      if (fs::is_directory(path)) {
        const std::vector<fs::path> below = beam::beam_files_below(path);
        files.insert(files.end(), below.begin(), below.end());
      } else if (!fs::is_symlink(path)) {
        files.push_back(path);
      }
    }
    beam::strip_beam_files(files, options);
    return 0;
  });
}
