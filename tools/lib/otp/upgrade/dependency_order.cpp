#include "otp/upgrade/dependency_order.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <queue>
#include <set>

namespace relmk::otp {
namespace {

// Tarjan's strongly connected components, without recursion: of[i] is the circle of i.
class Circles {
 public:
  explicit Circles(const Dependencies& needs)
      : needs_(needs), index_(needs.size(), 0), low_(needs.size(), 0), of_(needs.size(), kNone) {
    for (size_t i = 0; i < needs.size(); ++i)
      if (index_[i] == 0) visit(i);
  }
  const std::vector<size_t>& of() const { return of_; }
  size_t count() const { return count_; }

 private:
  static constexpr size_t kNone = static_cast<size_t>(-1);
  struct Visit {
    size_t vertex;
    size_t next;  // which of its dependencies
  };

  void enter(size_t vertex) {
    index_[vertex] = low_[vertex] = ++visited_;
    stack_.push_back(vertex);
    path_.push_back({vertex, 0});
  }
  void leave(size_t vertex) {
    path_.pop_back();
    if (!path_.empty()) {
      const size_t parent = path_.back().vertex;
      low_[parent] = std::min(low_[parent], low_[vertex]);
    }
    if (low_[vertex] != index_[vertex]) return;
    size_t member = kNone;
    do {
      member = stack_.back();
      stack_.pop_back();
      of_[member] = count_;
    } while (member != vertex);
    ++count_;
  }
  void visit(size_t root) {
    for (enter(root); !path_.empty();) {
      Visit& visit = path_.back();
      if (visit.next == needs_[visit.vertex].size()) {
        leave(visit.vertex);
        continue;
      }
      const size_t needed = needs_[visit.vertex][visit.next++];
      if (index_[needed] == 0) {
        enter(needed);
      } else if (of_[needed] == kNone) {
        low_[visit.vertex] = std::min(low_[visit.vertex], index_[needed]);
      }
    }
  }

  const Dependencies& needs_;
  std::vector<size_t> index_;  // in the order of visits, from 1
  std::vector<size_t> low_;
  std::vector<size_t> of_;
  std::vector<size_t> stack_;
  std::vector<Visit> path_;
  size_t visited_ = 0;
  size_t count_ = 0;
};

// The group of each, as its lowest member.
std::vector<size_t> groups_of(const Dependencies& needs) {
  std::vector<size_t> parent(needs.size());
  std::iota(parent.begin(), parent.end(), 0);
  const auto root = [&parent](size_t i) {
    while (parent[i] != i)
      i = parent[i] = parent[parent[i]];
    return i;
  };
  for (size_t i = 0; i < needs.size(); ++i) {
    for (const size_t needed : needs[i]) {
      const auto [low, high] = std::minmax({root(i), root(needed)});
      parent[high] = low;
    }
  }
  for (size_t i = 0; i < needs.size(); ++i)
    parent[i] = root(i);
  return parent;
}

}  // namespace

std::vector<std::vector<size_t>> dependency_groups(const Dependencies& needs) {
  const Circles circles(needs);
  std::vector<std::vector<size_t>> members(circles.count());
  for (size_t i = 0; i < needs.size(); ++i)
    members[circles.of()[i]].push_back(i);

  // How many circles depend on each, and which each depends on.
  std::vector<std::set<size_t>> below(circles.count());
  std::vector<size_t> above(circles.count(), 0);
  for (size_t i = 0; i < needs.size(); ++i) {
    for (const size_t needed : needs[i]) {
      const size_t from = circles.of()[i], to = circles.of()[needed];
      if (from != to && below[from].insert(to).second) ++above[to];
    }
  }

  const std::vector<size_t> group = groups_of(needs);
  std::vector<std::vector<size_t>> ordered(needs.size());  // by the lowest member of the group
  using Ready = std::pair<size_t, size_t>;                 // a circle's lowest member, the circle
  std::priority_queue<Ready, std::vector<Ready>, std::greater<>> ready;
  for (size_t circle = 0; circle < circles.count(); ++circle)
    if (above[circle] == 0) ready.emplace(members[circle].front(), circle);
  while (!ready.empty()) {
    const size_t circle = ready.top().second;
    ready.pop();
    std::vector<size_t>& order = ordered[group[members[circle].front()]];
    order.insert(order.end(), members[circle].begin(), members[circle].end());
    for (const size_t lower : below[circle])
      if (--above[lower] == 0) ready.emplace(members[lower].front(), lower);
  }
  std::erase_if(ordered, [](const std::vector<size_t>& order) { return order.empty(); });
  return ordered;
}

// A walk in the order of numbers: what leads back to one that the walk is still within closes a
// circle.
Dependencies without_circles(const Dependencies& needs) {
  enum class State { New, Within, Done };
  std::vector<State> state(needs.size(), State::New);
  Dependencies kept(needs.size());
  struct Visit {
    size_t vertex;
    std::vector<size_t> needs;  // sorted
    size_t next;
  };
  std::vector<Visit> path;
  const auto enter = [&](size_t vertex) {
    state[vertex] = State::Within;
    std::vector<size_t> sorted = needs[vertex];
    std::sort(sorted.begin(), sorted.end());
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    path.push_back({vertex, std::move(sorted), 0});
  };
  for (size_t root = 0; root < needs.size(); ++root) {
    if (state[root] != State::New) continue;
    for (enter(root); !path.empty();) {
      Visit& visit = path.back();
      if (visit.next == visit.needs.size()) {
        state[visit.vertex] = State::Done;
        path.pop_back();
        continue;
      }
      const size_t needed = visit.needs[visit.next++];
      if (state[needed] == State::Within) continue;
      kept[visit.vertex].push_back(needed);
      if (state[needed] == State::New) enter(needed);
    }
  }
  return kept;
}

}  // namespace relmk::otp
