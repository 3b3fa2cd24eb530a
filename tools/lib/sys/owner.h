// The owner of files: what root makes for another user shall belong to that user.
#pragma once

#include "sys/files.h"

namespace relmk::sys {

// Where root runs this: gives `path`, and all below it where it is a directory, the owner and the
// group of the directory `like`. No link is followed. Does nothing for another user, or where
// `path` is not there. Throws Error.
void give_to_owner_of(const fs::path& path, const fs::path& like);

}  // namespace relmk::sys
