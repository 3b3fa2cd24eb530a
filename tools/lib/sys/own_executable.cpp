#include "sys/own_executable.h"

#include <sys/auxv.h>

#include <system_error>

namespace relmk::sys {

fs::path own_executable() {
  std::error_code error;
  fs::path self = fs::read_symlink("/proc/self/exe", error);
  if (error) self = fs::absolute(reinterpret_cast<const char*>(::getauxval(AT_EXECFN)), error);
  return self;
}

}  // namespace relmk::sys
