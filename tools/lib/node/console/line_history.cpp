#include "node/console/line_history.h"

#include <algorithm>

namespace relmk::node {
namespace {

constexpr size_t kMostEntries = 1000;

}  // namespace

void LineHistory::add(std::u32string line) {
  if (!entries_.empty() && entries_.back() == line) return;
  entries_.push_back(std::move(line));
  if (entries_.size() > kMostEntries) entries_.pop_front();
  begin();
}

std::optional<std::u32string> LineHistory::before(const std::u32string& typed) {
  if (at_ == 0) return std::nullopt;
  go_to(at_ - 1, typed);
  return entries_[at_];
}

std::optional<std::u32string> LineHistory::after() {
  if (at_ == entries_.size()) return std::nullopt;
  return ++at_ == entries_.size() ? typed_ : entries_[at_];
}

std::optional<size_t> LineHistory::find_before(std::u32string_view text, size_t from) const {
  for (size_t i = std::min(from, entries_.size()); i-- > 0;) {
    if (entries_[i].find(text) != std::u32string::npos) return i;
  }
  return std::nullopt;
}

std::optional<size_t> LineHistory::find_after(std::u32string_view text, size_t from) const {
  for (size_t i = from + 1; i < entries_.size(); ++i) {
    if (entries_[i].find(text) != std::u32string::npos) return i;
  }
  return std::nullopt;
}

void LineHistory::go_to(size_t number, const std::u32string& typed) {
  if (at_ == entries_.size()) typed_ = typed;
  at_ = number;
}

}  // namespace relmk::node
