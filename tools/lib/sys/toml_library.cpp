// toml++ itself, once: Debian has its compiled form only as a shared library.
#define TOML_IMPLEMENTATION
#include <toml++/toml.h>
