#include "sys/order.h"

#include <string>

#include "catch.h"

namespace sys_order_test {

using namespace relmk::sys;

TEST_CASE("order: what is alike stays as it was") {
  std::vector<std::string> words = {"bb", "a", "ccc", "aa", "b", "c", "aaa"};
  put_in_order(words,
               [](const std::string& a, const std::string& b) { return a.size() < b.size(); });
  CHECK(words == std::vector<std::string>{"a", "b", "c", "bb", "aa", "ccc", "aaa"});
}

TEST_CASE("order: of many, of one, of none") {
  std::vector<int> numbers;
  for (int i = 0; i < 10000; ++i)
    numbers.push_back(i * 7919 % 10007);
  put_in_order(numbers, std::less<>());
  CHECK(std::is_sorted(numbers.begin(), numbers.end()));
  CHECK(order(1, [](size_t, size_t) { return true; }) == std::vector<size_t>{0});
  CHECK(order(0, [](size_t, size_t) { return true; }).empty());
}

}  // namespace sys_order_test
