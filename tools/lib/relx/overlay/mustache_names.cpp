#include "relx/overlay/mustache_names.h"

namespace relmk::relx {

MustacheNames::MustacheNames(const Term& list) {
  for (const Term& element : list.elements())
    add(element);
}

void MustacheNames::add(Term element) {
  const bool is_pair = element.is_tuple() && !element.elements().empty();
  const Term& name = is_pair ? element[0] : element;
  if (name.is_atom()) places_.emplace(name.atom_text(), elements_.size());
  elements_.push_back(std::move(element));
}

bool MustacheNames::begins_with_tuple() const {
  for (const MustacheNames* names = this; names != nullptr; names = names->outer_)
    if (!names->elements_.empty()) return names->elements_[0].is_tuple();
  return false;
}

const Term* MustacheNames::find(const std::string& name) const {
  if (!begins_with_tuple()) return nullptr;
  for (const MustacheNames* names = this; names != nullptr; names = names->outer_) {
    const auto place = names->places_.find(name);
    if (place != names->places_.end()) return &names->elements_[place->second];
  }
  return nullptr;
}

Term MustacheNames::all() const {
  Terms all;
  for (const MustacheNames* names = this; names != nullptr; names = names->outer_)
    all.insert(all.end(), names->elements_.begin(), names->elements_.end());
  return Term::list(std::move(all));
}

}  // namespace relmk::relx
