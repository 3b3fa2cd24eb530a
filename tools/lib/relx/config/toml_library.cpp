// toml++, compiled here, and declared only wherever else its header is included
// (TOML_HEADER_ONLY=0).
#define TOML_IMPLEMENTATION
#include <toml++/toml.h>
