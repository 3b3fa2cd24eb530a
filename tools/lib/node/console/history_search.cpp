#include "node/console/history_search.h"

#include <algorithm>

#include "node/console/grapheme.h"

namespace relmk::node {

std::u32string HistorySearch::prompt() const {
  return (search_->has_failed ? U"(failed search)'" : U"(search)'") + search_->wanted + U"': ";
}

bool HistorySearch::heed(const Key& key) {
  const bool is_control = key.name == Key::Name::Control;
  if (key.name == Key::Name::Character) {
    search_->wanted += key.character;
    find_longer();
    return true;
  }
  if (is_control && (key.character == U'R' || key.character == U'S')) {
    find(key.character == U'R');
    return true;
  }
  if (is_control && (key.character == U'?' || key.character == U'H')) {
    search_->wanted.resize(grapheme_before(search_->wanted, search_->wanted.size()));
    search_->found = history_.size();
    find_longer();
    return true;
  }
  const bool given_up = is_control && key.character == U'G';
  if (given_up) line_ = search_->before;
  if (!given_up && search_->found < history_.size()) {
    history_.go_to(search_->found, search_->before.text());
  }
  search_.reset();
  return given_up;
}

// The entry that is shown may do for the longer text, too.
void HistorySearch::find_longer() {
  const size_t from = std::min(search_->found + 1, history_.size());
  const auto number = history_.find_before(search_->wanted, from);
  search_->has_failed = !number;
  if (number && !search_->wanted.empty()) show(*number);
}

void HistorySearch::find(bool older) {
  const auto number = older ? history_.find_before(search_->wanted, search_->found)
                            : history_.find_after(search_->wanted, search_->found);
  search_->has_failed = !number;
  if (number) show(*number);
}

void HistorySearch::show(size_t number) {
  search_->found = number;
  const std::u32string& entry = history_.entry(number);
  line_.assign(entry, entry.find(search_->wanted));
}

}  // namespace relmk::node
