#include "make/command_line.h"

#include <cstring>
#include <string_view>

namespace relmk::make {
namespace {

// Letters whose value follows, in the same word or as the next; -j, -l and -O have one only in
// theirs.
constexpr std::string_view kWithValue = "EIoW";
constexpr std::string_view kWithOptionalValue = "jlO";

class Reader {
 public:
  explicit Reader(const std::vector<std::string>& argv) : argv_(argv) {}

  CommandLine read() && {
    bool only_goals = false;
    for (next_ = 0; next_ < argv_.size();) {
      const std::string& word = argv_[next_++];
      if (next_ == 1 || only_goals || word.size() < 2 || word[0] != '-')
        line_.others.push_back(word);
      else if (word[1] == '-')
        only_goals = !read_long(word);
      else
        read_letters(word);
    }
    return std::move(line_);
  }

 private:
  // false for `--`, after which nothing is an option.
  bool read_long(const std::string& word) {
    const size_t equals = word.find('=');
    const std::string name = word.substr(2, equals == std::string::npos ? equals : equals - 2);
    const auto is = [&](std::string_view full, size_t least) {
      return name.size() >= least && full.substr(0, name.size()) == name;
    };
    const bool names_file = is("file", 2) || is("makefile", 1);
    if (!names_file && !is("directory", 2)) {
      line_.others.push_back(word);
      if (name == "no-print-directory") line_.is_quiet = true;
      return !name.empty();
    }
    take(names_file, equals == std::string::npos ? next_word() : word.substr(equals + 1));
    return true;
  }

  void read_letters(const std::string& word) {
    std::string kept = "-";
    for (size_t i = 1; i < word.size(); ++i) {
      const char letter = word[i];
      const std::string rest = word.substr(i + 1);
      if (letter == 'f' || letter == 'C') {
        take(letter == 'f', rest.empty() ? next_word() : rest);
        break;
      }
      kept += letter;
      const bool has_value = kWithValue.find(letter) != std::string_view::npos;
      if (!has_value && kWithOptionalValue.find(letter) == std::string_view::npos) continue;
      line_.others.push_back(kept + rest);
      if (has_value && rest.empty() && next_ < argv_.size()) line_.others.push_back(next_word());
      return;
    }
    if (kept != "-") line_.others.push_back(kept);
  }

  void take(bool names_file, const std::string& value) {
    if (names_file)
      line_.makefiles.push_back(value);
    else
      line_.changes_directory = true;
  }

  std::string next_word() { return next_ < argv_.size() ? argv_[next_++] : std::string(); }

  const std::vector<std::string>& argv_;
  size_t next_ = 0;
  CommandLine line_;
};

}  // namespace

CommandLine read_command_line(const std::vector<std::string>& argv) {
  return Reader(argv).read();
}

}  // namespace relmk::make
