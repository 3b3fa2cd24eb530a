// What the executables' mains include, compiled once for all of them.
#include <CLI/CLI.hpp>
