// `enit list`.
#pragma once

#include <chrono>
#include <string>

#include "enit/places.h"
#include "sys/environment.h"

namespace relmk::enit {

// A line for each release, `* NAME VSN [NODE] (running)`, by name; all nodes are asked at once, and
// each has until `timeout` to answer. `no releases` where there are none. Of a release that can't
// be read the line says why.
std::string list_text(const Places& places, std::chrono::milliseconds timeout,
                      const sys::Environment& environment);

}  // namespace relmk::enit
