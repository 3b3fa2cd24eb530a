#include "term/toml_depth.h"

#include <fmt/core.h>

#include <algorithm>
#include <vector>

#include "sys/error.h"
#include "term/text_position.h"

namespace relmk::term {
namespace {

// Reads a document as far as is needed to tell keys from values.
class Nesting {
 public:
  Nesting(const std::string& file, std::string_view text) : file_(file), text_(text) {}

  void check() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '#') {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (c == '"' || c == '\'') {
        skip_string(c);
      } else {
        take(c);
        ++at_;
      }
    }
  }

 private:
  // An array or inline table that is open, and the key that it is the value of.
  struct Open {
    bool is_table;
    int key_parts;
  };

  void take(char c) {
    switch (c) {
      case '.':
        if (in_key_) ++key_parts_;
        return require();
      case '=':
        in_key_ = false;
        return;
      case '{':
        return open(true);
      case '[':
        if (!in_key_) return open(false);
        is_header_ = true;
        return;
      case '}':
      case ']':
        return close();
      case ',':
        in_key_ = !open_.empty() && open_.back().is_table;
        key_parts_ = 1;
        return;
      case '\n':
        if (!open_.empty()) return;
        in_key_ = true;
        is_header_ = false;
        key_parts_ = 1;
        return;
      default:
        return;
    }
  }

  void open(bool is_table) {
    open_.push_back({is_table, key_parts_});
    above_ += key_parts_ + 1;
    key_parts_ = 1;
    in_key_ = is_table;
    require();
  }

  void close() {
    if (is_header_) {
      header_parts_ = key_parts_;
      key_parts_ = 1;
    } else if (!open_.empty()) {
      key_parts_ = open_.back().key_parts;
      above_ -= key_parts_ + 1;
      in_key_ = false;
      open_.pop_back();
    }
  }

  void require() const {
    const int header = is_header_ ? 0 : header_parts_;
    if (header + above_ + key_parts_ <= kDeepestToml) return;
    throw Error(file_, position_of(text_, at_),
                fmt::format("tables and arrays are nested more than {} deep", kDeepestToml));
  }

  // Three quotes begin a string that three end, and one of several lines.
  void skip_string(char quote) {
    const std::string three(3, quote);
    const bool is_long = text_.substr(at_).starts_with(three);
    const std::string end = is_long ? three : std::string(1, quote);
    at_ += end.size();
    while (at_ < text_.size() && !text_.substr(at_).starts_with(end)) {
      if (!is_long && text_[at_] == '\n') return;
      at_ += quote == '"' && text_[at_] == '\\' ? 2 : 1;
    }
    at_ = std::min(at_ + end.size(), text_.size());
  }

  const std::string& file_;
  std::string_view text_;
  size_t at_ = 0;
  std::vector<Open> open_;
  int above_ = 0;         // the tables and arrays that are open
  int header_parts_ = 0;  // of [a.b.c], in which what follows stands
  int key_parts_ = 1;     // of the key at hand
  bool in_key_ = true;
  bool is_header_ = false;
};

}  // namespace

void check_toml_depth(const std::string& file, std::string_view text) {
  Nesting(file, text).check();
}

}  // namespace relmk::term
