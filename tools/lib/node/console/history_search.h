// A search of the lines typed before, key by key, as emacs' incremental search.
#pragma once

#include <optional>
#include <string>

#include "node/console/key.h"
#include "node/console/line_buffer.h"
#include "node/console/line_history.h"

namespace relmk::node {

class HistorySearch {
 public:
  // While there is a search, a line that holds what is wanted is shown in `line`.
  HistorySearch(LineHistory& history, LineBuffer& line) : history_(history), line_(line) {}

  // Ctrl-R was typed.
  void begin() { search_ = Search{{}, history_.size(), line_, false}; }
  void reset() { search_.reset(); }
  bool is_on() const { return search_.has_value(); }
  // What stands in place of the prompt.
  std::u32string prompt() const;
  // Takes a key while there is a search. True when the key was for it; any other ends it, and is to
  // do what it does to the line found. Ctrl-G brings back the line from before.
  bool heed(const Key& key);

 private:
  struct Search {
    std::u32string wanted;
    size_t found;       // the entry; the history's size before one is
    LineBuffer before;  // the line that Ctrl-G brings back
    bool has_failed;
  };
  void find(bool older);
  void find_longer();
  void show(size_t number);

  LineHistory& history_;
  LineBuffer& line_;
  std::optional<Search> search_;
};

}  // namespace relmk::node
