// A file that is written first, and takes its place when all of it is there.
#pragma once

#include <string>
#include <string_view>

#include "sys/descriptor.h"
#include "sys/files.h"

namespace relmk::sys {

// Where the file system can, it has no name until it takes one, so that nothing is left of it when
// this process is killed. Else it has one beside its target, and what killed processes have left
// under such names goes. All of it throws Error: the target, "cannot write", and the system's
// reason.
class NewFile {
 public:
  // Empty, for its owner alone.
  explicit NewFile(fs::path target);
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;
  // A file that has not taken its place is gone then.
  ~NewFile() { drop_name(); }

  const fs::path& target() const { return target_; }
  int descriptor() const { return file_.get(); }
  void write(std::string_view bytes);

  // Removes the name beside the target, so that the file is gone when it is closed.
  void drop_name();

  // Replaces what is there. `mode`: permission bits; the umask is not applied.
  void take_place(unsigned mode);

  // The same, but what was there is kept, for take_back(), as long as this lives.
  void exchange(unsigned mode);
  void take_back();

 private:
  bool create();
  void finish(unsigned mode);
  void take_name();
  [[noreturn]] void fail(int error) const;

  fs::path target_;
  std::string name_;  // its own, while it has one
  Descriptor file_;
  bool is_exchanged_ = false;
};

// Removes what killed processes have left beside a target: files of such names that nobody locks.
void remove_left_over(const fs::path& target);

}  // namespace relmk::sys
