#include "eval/evaluate/stack.h"

#include "catch.h"
#include "eval/evaluate/failure.h"

namespace eval_stack_test {

using namespace relmk::eval;

namespace {

// Not a loop: what comes back is used.
int deep(int left) {
  check_stack("deep");
  return left == 0 ? 0 : 1 + deep(left - 1);
}

// The same in steps of a kilobyte, of which a stack takes fewer.
int deep_in_large_steps(int left) {
  volatile char step[1024];
  step[0] = static_cast<char>(left);
  check_stack("deep");
  return left == 0 ? 0 : step[0] + deep_in_large_steps(left - 1);
}

}  // namespace

TEST_CASE("stack: takes a hundred thousand nested calls") {
  int depth = 0;
  run_on_large_stack([&] { depth = deep(100000); });
  CHECK(depth == 100000);
}

TEST_CASE("stack: what is thrown there is thrown here") {
  CHECK_THROWS_AS(run_on_large_stack([] { throw Halted(3); }), Halted);
}

TEST_CASE("stack: one that is nearly used up is told, with a name") {
  std::string name;
  try {
    run_on_large_stack([] { deep_in_large_steps(1 << 30); });
  } catch (const UnknownToEvaluator& unknown) {
    name = unknown.name();
  }
  CHECK(name == "deep");
}

}  // namespace eval_stack_test
