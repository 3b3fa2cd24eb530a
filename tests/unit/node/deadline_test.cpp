#include "node/distribution/deadline.h"

#include "catch.h"

namespace node_deadline_test {

using relmk::node::Deadline;
using std::chrono::hours;
using std::chrono::milliseconds;

TEST_CASE("deadline: one that is over leaves nothing to wait") {
  const Deadline deadline = Deadline::after(milliseconds(0));
  CHECK(deadline.passed());
  CHECK(deadline.poll_timeout() == 0);
  CHECK(Deadline::after(milliseconds(-5)).passed());
}

TEST_CASE("deadline: poll waits for what is left, at most as long as it can") {
  const Deadline deadline = Deadline::after(hours(1));
  CHECK_FALSE(deadline.passed());
  CHECK(deadline.poll_timeout() > 0);
  CHECK(deadline.poll_timeout() <= 3600000);
  CHECK(Deadline::after(hours(24 * 365)).poll_timeout() == std::numeric_limits<int>::max());
}

TEST_CASE("deadline: never is never, and cannot be later") {
  CHECK(Deadline::never().is_never());
  CHECK_FALSE(Deadline::never().passed());
  CHECK(Deadline::never().poll_timeout() == -1);
  CHECK(Deadline::never().later(hours(1)).is_never());
}

TEST_CASE("deadline: more time is no change of what was given") {
  const Deadline deadline = Deadline::after(milliseconds(0)).later(hours(1));
  CHECK_FALSE(deadline.passed());
  CHECK(deadline.given() == milliseconds(0));
}

}  // namespace node_deadline_test
