// What nearly every unit includes, compiled once (meson's cpp_pch; `-Db_pch=false` does without).
// Each file still includes what it uses.
#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>
