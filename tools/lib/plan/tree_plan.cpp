#include "plan/tree_plan.h"

#include <system_error>

#include "sys/error.h"

namespace relmk::plan {
namespace {

constexpr int kDeepest = 64;  // levels; a link that leads in a circle ends here

void plan_level(Plan& plan, const std::string& path, const fs::path& source, const PlanFile& each,
                int levels) {
  if (levels == 0) throw Error(source, "Unable to copy from here: links lead in a circle");
  plan.add(path, {PlannedFile::Kind::Directory, {}, {}, {}});
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(source, error)) {
    const std::string below = path + "/" + entry.path().filename().string();
    std::error_code broken;
    if (entry.is_directory(broken)) {
      plan_level(plan, below, entry.path(), each, levels - 1);
    } else if (entry.is_regular_file(broken)) {
      PlannedFile file{PlannedFile::Kind::Copy, entry.path(), {}, {}};
      if (!each || each(below, file)) plan.add(below, std::move(file));
    } else if (broken || !entry.exists(broken)) {
      sys::warn(entry.path(), {}, "Unable to copy from here: a link that leads nowhere");
    }
  }
  if (error) throw Error(source, "cannot read directory: " + error.message());
}

}  // namespace

void plan_tree(Plan& plan, const std::string& path, const fs::path& source, const PlanFile& each) {
  plan_level(plan, path, source, each, kDeepest);
}

}  // namespace relmk::plan
