// Names with values, where later ones hide earlier ones: a value, cheap to copy. What is added
// leaves copies made before as they were, and costs the logarithm of the number of names, so that a
// script of as many variables as one likes costs what its length explains.
#pragma once

#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "term/term.h"

namespace relmk::eval {

template <class Value>
class Scope {
 public:
  // nullptr when there is no such name. Valid as long as this object or a copy made later.
  const Value* find(Atom name) const {
    if (!index_) {
      for (const Entry* e = last_.get(); e != nullptr; e = e->before.get()) {
        if (e->name == name) return &e->value;
      }
      return nullptr;
    }
    const Index* at = index_.get();
    while (at != nullptr && !(at->entry->name == name))
      at = goes_before(name, at->entry->name) ? at->left.get() : at->right.get();
    return at == nullptr ? nullptr : &at->entry->value;
  }
  bool contains(Atom name) const { return find(name) != nullptr; }

  void add(Atom name, Value value) {
    const size_t number = last_ ? last_->number + 1 : 1;
    last_ = std::make_shared<Entry>(name, std::move(value), number, std::move(last_));
    if (index_) {
      index_ = inserted(index_, last_.get());
    } else if (number > kWithoutIndex) {
      std::vector<const Entry*> all;
      for (const Entry* e = last_.get(); e != nullptr; e = e->before.get())
        all.push_back(e);
      for (auto entry = all.rbegin(); entry != all.rend(); ++entry)
        index_ = inserted(index_, *entry);
    }
  }

  // False, and nothing is added, where the name is there.
  bool add_new(Atom name, Value value) {
    if (contains(name)) return false;
    add(name, std::move(value));
    return true;
  }

  // Whether one is a copy of the other and neither has had anything added since.
  bool is_same(const Scope& other) const { return last_ == other.last_; }

  // Calls with(name, value) for what was added since this was a copy of `base`, the latest first;
  // also for what later ones hide.
  template <class With>
  void each_since(const Scope& base, With with) const {
    for (const Entry* e = last_.get(); e != base.last_.get(); e = e->before.get())
      with(e->name, e->value);
  }

 private:
  // So few are found by looking at each.
  static constexpr size_t kWithoutIndex = 16;

  struct Entry {
    Entry(Atom its_name, Value its_value, size_t its_number, std::shared_ptr<Entry> its_before)
        : name(its_name),
          value(std::move(its_value)),
          number(its_number),
          before(std::move(its_before)) {}
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;
    // One after the other: as nested calls, many entries would take more stack than there is.
    ~Entry() {
      std::shared_ptr<Entry> next = std::move(before);
      while (next && next.use_count() == 1) {
        std::shared_ptr<Entry> rest = std::move(next->before);
        next = std::move(rest);
      }
    }

    Atom name;
    Value value;
    size_t number;  // of entries, this one and all before
    std::shared_ptr<Entry> before;
  };

  // A treap: in the order of the names' addresses, and each with a higher rank than what is below
  // it. A rank is as good as drawn by lot, hence its depth is a small multiple of the logarithm.
  struct Index {
    const Entry* entry;  // the scope's, whose index this is
    std::shared_ptr<const Index> left, right;
  };
  using IndexPointer = std::shared_ptr<const Index>;

  static bool goes_before(Atom a, Atom b) {
    return std::less<const std::string*>()(&a.text(), &b.text());
  }
  static uint64_t rank(const Index& index) {
    auto bits = static_cast<uint64_t>(reinterpret_cast<uintptr_t>(&index.entry->name.text()));
    bits = (bits ^ (bits >> 31)) * 0x7fb5d329728ea185U;
    bits = (bits ^ (bits >> 27)) * 0x81dadef4bc2dd44dU;
    return bits ^ (bits >> 33);
  }
  static IndexPointer made(const Entry* entry, IndexPointer left, IndexPointer right) {
    return std::make_shared<const Index>(Index{entry, std::move(left), std::move(right)});
  }

  static IndexPointer inserted(const IndexPointer& at, const Entry* entry) {
    if (!at) return made(entry, nullptr, nullptr);
    if (at->entry->name == entry->name) return made(entry, at->left, at->right);
    if (goes_before(entry->name, at->entry->name)) {
      const IndexPointer left = inserted(at->left, entry);
      if (rank(*left) <= rank(*at)) return made(at->entry, left, at->right);
      return made(left->entry, left->left, made(at->entry, left->right, at->right));
    }
    const IndexPointer right = inserted(at->right, entry);
    if (rank(*right) <= rank(*at)) return made(at->entry, at->left, right);
    return made(right->entry, made(at->entry, at->left, right->left), right->right);
  }

  std::shared_ptr<Entry> last_;
  IndexPointer index_;  // of all entries, where there are more than a few
};

}  // namespace relmk::eval
