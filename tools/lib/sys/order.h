// Sorting that is compiled once, for all types: each std::sort() is a few kilobytes of a tool.
#pragma once

#include <cstddef>
#include <functional>
#include <utility>
#include <vector>

namespace relmk::sys {

// The numbers below `count` in the order that `comes_before` tells of two of them; those of which
// neither does stay as they were.
std::vector<size_t> order(size_t count, const std::function<bool(size_t, size_t)>& comes_before);

template <typename Element, typename Before>
void put_in_order(std::vector<Element>& all, Before comes_before) {
  std::vector<Element> ordered;
  ordered.reserve(all.size());
  for (const size_t i :
       order(all.size(), [&](size_t a, size_t b) { return comes_before(all[a], all[b]); })) {
    ordered.push_back(std::move(all[i]));
  }
  all = std::move(ordered);
}

}  // namespace relmk::sys
