#include "relx/release/elixir_protocols.h"

#include <algorithm>
#include <system_error>
#include <vector>

#include "plan/tree_plan.h"

namespace relmk::relx {
namespace {

// Each directory of consolidated protocols that belongs to the release's applications, once.
std::vector<fs::path> consolidated_directories(const ResolvedRelease& resolved) {
  std::vector<fs::path> found;
  for (const ResolvedApplication& application : resolved.applications) {
    if (application.is_system) continue;
    const fs::path& directory = application.resource.directory;
    for (const fs::path& path :
         {directory / "consolidated", directory.parent_path().parent_path() / "consolidated"}) {
      std::error_code ignored;
      const bool is_new = std::find(found.begin(), found.end(), path) == found.end();
      if (is_new && fs::is_directory(path, ignored)) found.push_back(path);
    }
  }
  return found;
}

}  // namespace

std::string plan_consolidated_protocols(plan::Plan& plan, const RelxConfig& config,
                                        const ResolvedRelease& resolved) {
  const std::string at =
      plan::path_in_release("releases/" + resolved.release.version) + "/consolidated";
  const std::vector<fs::path> directories = consolidated_directories(resolved);
  for (const fs::path& directory : directories) {
    plan::plan_tree(plan, at, directory, [&](const std::string&, plan::PlannedFile& file) {
      if (config.mode == Mode::Dev) {
        file.kind = plan::PlannedFile::Kind::Link;
      } else if (config.strip_debug_info) {
        file.kind = plan::PlannedFile::Kind::Strip;
        file.content = config.kept_chunks;
      }
      return true;
    });
  }
  return directories.empty() ? "" : "$ROOT/" + at;
}

Term with_first_directory(const Term& script, const std::string& directory) {
  if (directory.empty()) return script;
  Terms instructions = script[2].elements();
  for (Term& instruction : instructions) {
    if (!instruction.is_tagged("path", 2)) continue;
    Terms path = {Term::string(directory)};
    path.insert(path.end(), instruction[1].elements().begin(), instruction[1].elements().end());
    instruction = Term::tuple({instruction[0], Term::list(path)});
  }
  return Term::tuple({script[0], script[1], Term::list(instructions)});
}

}  // namespace relmk::relx
