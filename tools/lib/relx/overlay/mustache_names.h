// The names of a proplist, looked up at once in however many: for templates and their variables.
#pragma once

#include <string>
#include <unordered_map>

#include "term/term.h"

namespace relmk::relx {

// A list of variables, {Name, Value} or Name, that may grow, and the lists around it.
class MustacheNames {
 public:
  // `outer`, if any, must outlive this.
  explicit MustacheNames(const MustacheNames* outer = nullptr) : outer_(outer) {}
  explicit MustacheNames(const Term& list);

  void add(Term element);
  const Terms& elements() const { return elements_; }

  // The first element that is the atom `name`, or a tuple that begins with it; nullptr where there
  // is none. bbmustache takes for names only what begins with a tuple: else there is none.
  const Term* find(const std::string& name) const;

  // Of the lists that find() looks at, and of the elements that all() has.
  size_t depth() const { return 1 + (outer_ == nullptr ? 0 : outer_->depth()); }
  size_t size() const { return elements_.size() + (outer_ == nullptr ? 0 : outer_->size()); }

  // All elements, those of the lists around behind one's own.
  Term all() const;

 private:
  bool begins_with_tuple() const;

  const MustacheNames* outer_ = nullptr;
  Terms elements_;
  std::unordered_map<std::string, size_t> places_;  // of the first element of each name
};

}  // namespace relmk::relx
