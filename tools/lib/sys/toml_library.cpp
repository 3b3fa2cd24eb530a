// toml++ itself, once: Debian has its compiled form only as a shared library.
// TOML_ASSERT (meson.build) does nothing: malformed text makes some of toml++'s assertions false,
// and the code after them tells the error. Where NDEBUG is set, clang would take them for true.
#undef NDEBUG
#define TOML_IMPLEMENTATION
#include <toml++/toml.h>
