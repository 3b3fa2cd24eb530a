#include "plan/tree_plan.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>
#include <vector>

#include "sys/error.h"

namespace relmk::plan {
namespace {

class TreePlan {
 public:
  TreePlan(Plan& plan, const PlanFile& each) : plan_(plan), each_(each) {}

  void add_level(const std::string& path, const fs::path& source) {
    enter(source);
    plan_.add(path, {PlannedFile::Kind::Directory, {}, {}, {}});
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(source, error)) {
      const std::string below = path + "/" + entry.path().filename().string();
      std::error_code broken;
      if (entry.is_directory(broken)) {
        add_level(below, entry.path());
      } else if (entry.is_regular_file(broken)) {
        PlannedFile file{PlannedFile::Kind::Copy, entry.path(), {}, {}};
        if (!each_ || each_(below, file)) plan_.add(below, std::move(file));
      } else if (broken || !entry.exists(broken)) {
        sys::warn(entry.path(), {}, "Unable to copy from here: a link that leads nowhere");
      } else {
        sys::warn(entry.path(), {}, "Unable to copy from here: neither a file nor a directory");
      }
    }
    if (error) throw Error(source, "cannot read directory: " + error.message());
    above_.pop_back();
  }

 private:
  // A directory that is one of those above it was come to by a link.
  void enter(const fs::path& source) {
    struct stat status {};
    if (::stat(source.c_str(), &status) != 0)
      throw sys::system_error(source, "cannot read directory", errno);
    const std::pair identity(status.st_dev, status.st_ino);
    if (std::find(above_.begin(), above_.end(), identity) != above_.end())
      throw Error(source, "Unable to copy from here: links lead in a circle");
    above_.push_back(identity);
  }

  Plan& plan_;
  const PlanFile& each_;
  std::vector<std::pair<dev_t, ino_t>> above_;
};

}  // namespace

void plan_tree(Plan& plan, const std::string& path, const fs::path& source, const PlanFile& each) {
  TreePlan(plan, each).add_level(path, source);
}

}  // namespace relmk::plan
