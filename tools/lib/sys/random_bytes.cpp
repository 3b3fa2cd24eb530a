#include "sys/random_bytes.h"

#include <sys/random.h>

#include <cerrno>

#include "sys/error.h"

namespace relmk::sys {

void fill_with_random(unsigned char* bytes, size_t size) {
  for (size_t filled = 0; filled < size;) {
    const ssize_t more = ::getrandom(bytes + filled, size - filled, 0);
    if (more < 0 && errno != EINTR) throw system_error("", "no random numbers", errno);
    if (more > 0) filled += static_cast<size_t>(more);
  }
}

}  // namespace relmk::sys
