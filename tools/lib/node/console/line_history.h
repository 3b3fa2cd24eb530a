// Lines that were typed before, gone through from the last one on.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace relmk::node {

class LineHistory {
 public:
  // A thousand are kept. One that is as the one before it is not added.
  void add(std::u32string line);
  // A new line is typed: what is before it is the last entry.
  void begin() { at_ = entries_.size(); }

  // The entry before, or after, the one that is shown; nullopt where there is none. `typed` is what
  // is shown now: after the last entry comes the line that was being typed.
  std::optional<std::u32string> before(const std::u32string& typed);
  std::optional<std::u32string> after();

  // The number of the last entry before `from` that holds the text.
  std::optional<size_t> find_before(std::u32string_view text, size_t from) const;
  // The same of the first one after it.
  std::optional<size_t> find_after(std::u32string_view text, size_t from) const;
  const std::u32string& entry(size_t number) const { return entries_[number]; }
  size_t size() const { return entries_.size(); }
  // From there before() and after() go on.
  void go_to(size_t number, const std::u32string& typed);

 private:
  std::deque<std::u32string> entries_;
  size_t at_ = 0;
  std::u32string typed_;
};

}  // namespace relmk::node
