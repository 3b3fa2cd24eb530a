// The instant by which something must be done, so that nothing waits for ever.
#pragma once

#include <chrono>
#include <limits>
#include <optional>

namespace relmk::node {

class Deadline {
 public:
  using Clock = std::chrono::steady_clock;

  static Deadline after(std::chrono::milliseconds time) {
    return Deadline(Clock::now() + time, time);
  }
  static Deadline never() { return Deadline(Clock::time_point::max(), {}); }

  // The same with more time; error messages still name what was given at first.
  Deadline later(Clock::duration time) const {
    return is_never() ? *this : Deadline(at_ + time, given_);
  }

  bool is_never() const { return at_ == Clock::time_point::max(); }
  bool passed() const { return !is_never() && Clock::now() >= at_; }
  // What is left, for poll(): milliseconds rounded up, 0 when it has passed, -1 for never().
  int poll_timeout() const {
    if (is_never()) return -1;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(at_ - Clock::now()).count();
    if (left <= 0) return 0;
    return left > std::numeric_limits<int>::max() ? std::numeric_limits<int>::max()
                                                  : static_cast<int>(left);
  }
  // The time that was given at first, for error messages.
  std::chrono::milliseconds given() const { return given_; }

 private:
  Deadline(Clock::time_point at, std::chrono::milliseconds given) : at_(at), given_(given) {}
  Clock::time_point at_;
  std::chrono::milliseconds given_;
};

// What had come when a deadline passed is looked at for a while yet (this process may have been
// stopped meanwhile), but not for as long as a peer sends more.
class LastLook {
 public:
  explicit LastLook(const Deadline& deadline) : deadline_(deadline) {}

  // Whether kTime has passed since this was asked for the first time after the deadline.
  bool is_over() {
    if (!end_ && deadline_.passed()) end_ = Deadline::after(kTime);
    return end_ && end_->passed();
  }

 private:
  static constexpr std::chrono::milliseconds kTime{1000};
  Deadline deadline_;
  std::optional<Deadline> end_;
};

}  // namespace relmk::node
