#include "sys/temporary_directory.h"

#include <stdlib.h>

#include <cerrno>
#include <system_error>

#include "sys/error.h"

namespace relmk::sys {

TemporaryDirectory::TemporaryDirectory(const std::string& prefix) {
  std::string name = (fs::temp_directory_path() / (prefix + ".XXXXXX")).string();
  if (::mkdtemp(name.data()) == nullptr) throw system_error(name, "cannot make a directory", errno);
  path_ = fs::canonical(name);
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

}  // namespace relmk::sys
