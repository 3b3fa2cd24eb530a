#include "plan/tree_plan.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <utility>
#include <vector>

#include "sys/directory.h"
#include "sys/error.h"

namespace relmk::plan {
namespace {

class TreePlan {
 public:
  TreePlan(Plan& plan, const PlanFile& each) : plan_(plan), each_(each) {}

  void add_level(const std::string& path, const std::string& source) {
    using Type = sys::DirectoryEntry::Type;
    enter(source);
    plan_.add(path, {PlannedFile::Kind::Directory, {}, {}, {}});
    for (const sys::DirectoryEntry& entry : sys::entries_in(source)) {
      std::string from = source + "/" + entry.name;
      const std::string below = path + "/" + entry.name;
      if (entry.type == Type::Directory) {
        add_level(below, from);
      } else if (entry.type == Type::File) {
        PlannedFile file{PlannedFile::Kind::Copy, std::move(from), {}, {}};
        if (!each_ || each_(below, file)) plan_.add(below, std::move(file));
      } else if (!entry.is_there) {
        sys::warn(from, {}, "Unable to copy from here: a link that leads nowhere");
      } else {
        sys::warn(from, {}, "Unable to copy from here: neither a file nor a directory");
      }
    }
    above_.pop_back();
  }

 private:
  // A directory that is one of those above it was come to by a link.
  void enter(const std::string& source) {
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
  TreePlan(plan, each).add_level(path, source.native());
}

}  // namespace relmk::plan
