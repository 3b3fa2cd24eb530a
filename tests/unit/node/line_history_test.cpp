#include "node/console/line_history.h"

#include "catch.h"

namespace node_line_history_test {

using namespace relmk::node;

TEST_CASE("line history: goes back to what was typed") {
  LineHistory history;
  history.add(U"one");
  history.add(U"two");
  history.add(U"two");
  CHECK(history.size() == 2);
  history.begin();
  CHECK_FALSE(history.after());
  CHECK(history.before(U"typed") == U"two");
  CHECK(history.before(U"two") == U"one");
  CHECK_FALSE(history.before(U"one"));
  CHECK(history.after() == U"two");
  CHECK(history.after() == U"typed");
  CHECK_FALSE(history.after());
}

TEST_CASE("line history: finds") {
  LineHistory history;
  for (const char32_t* line : {U"lists:map", U"io:nl", U"lists:nth"})
    history.add(line);
  CHECK(history.find_before(U"lists", 3) == 2u);
  CHECK(history.find_before(U"lists", 2) == 0u);
  CHECK_FALSE(history.find_before(U"lists", 0));
  CHECK(history.find_after(U"lists", 0) == 2u);
  CHECK_FALSE(history.find_after(U"lists", 2));
}

TEST_CASE("line history: keeps a thousand") {
  LineHistory history;
  for (char32_t c = 1; c <= 1500; ++c)
    history.add(std::u32string(1, c));
  CHECK(history.size() == 1000);
  CHECK(history.entry(0) == std::u32string(1, 501));
}

}  // namespace node_line_history_test
