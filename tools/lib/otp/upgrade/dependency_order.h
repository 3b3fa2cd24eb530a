// The order of things that depend on each other: for the instructions of an upgrade, and for the
// modules of a made appup.
#pragma once

#include <cstddef>
#include <vector>

namespace relmk::otp {

// needs[i] are the numbers of those that i depends on (itself and repetitions may be among them).
using Dependencies = std::vector<std::vector<size_t>>;

// Everything that hangs together directly or through others, whichever way the dependencies point,
// makes one group; groups are in the order of their first members. Within a group each comes before
// what it depends on; of those that the dependencies leave open, the one with the lowest number
// first; a circle is kept together, in the order of numbers.
std::vector<std::vector<size_t>> dependency_groups(const Dependencies& needs);

// The same dependencies without those that close a circle. Which ones these are depends on the
// numbers alone.
Dependencies without_circles(const Dependencies& needs);

}  // namespace relmk::otp
