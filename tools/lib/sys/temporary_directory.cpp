#include "sys/temporary_directory.h"

#include <stdlib.h>

#include <cerrno>
#include <system_error>

#include "sys/error.h"

namespace relmk::sys {

TemporaryDirectory::TemporaryDirectory(const std::string& prefix) {
  std::string name = (fs::temp_directory_path() / (prefix + ".XXXXXX")).string();
  if (::mkdtemp(name.data()) == nullptr) throw system_error(name, "cannot make a directory", errno);
  // Not by fs::canonical(), which would be two kilobytes of each release's tarball.
  char* const real = ::realpath(name.c_str(), nullptr);
  path_ = real == nullptr ? name.c_str() : real;
  ::free(real);
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

}  // namespace relmk::sys
