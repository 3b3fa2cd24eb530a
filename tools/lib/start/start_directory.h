// Where the files go that are made for a node: into the release where that can be written to, else
// to a directory that is this user's alone.
#pragma once

#include "start/node_name.h"
#include "start/release_place.h"
#include "sys/environment.h"
#include "sys/files.h"

namespace relmk::start {

// A directory (not a link to one) of this user.
bool belongs_to_us(const fs::path& path);

// A directory that this user can make files in.
bool is_writable_directory(const fs::path& path);

class StartDirectory {
 public:
  StartDirectory(const ReleasePlace& release, const sys::Environment& environment)
      : release_(release), environment_(environment) {}

  // Where a generated file goes that the user may look at: RELX_OUT_FILE_PATH, else `beside`, else
  // runtime(). Throws Error.
  fs::path output(const fs::path& beside) const;

  // A directory that only this user can enter, for what concerns one node. Makes it. Throws Error.
  fs::path of_node(const NodeName& node) const;

  // This user's directory for running nodes of the release, for a release that is read-only: in
  // XDG_RUNTIME_DIR, else as unchanging() has it. Makes it. Throws Error, with a hint, where none
  // can be made.
  fs::path runtime() const;

  // The first there is, or can be made, of /run/NAME, $TMPDIR/NAME-UID, /dev/shm/NAME-UID: the same
  // for all sessions of a user. Makes nothing. Of a place that another user has taken, the next
  // one; the first where none will do.
  fs::path unchanging() const;

 private:
  const ReleasePlace& release_;
  const sys::Environment& environment_;
};

// Makes a directory that only this user can enter. Throws Error.
void make_private_directory(const fs::path& path);

}  // namespace relmk::start
