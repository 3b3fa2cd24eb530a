#include "sys/exchange_record.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <utility>

#include "sys/error.h"

namespace relmk::sys {
namespace {

using Kind = ExchangeStep::Kind;

constexpr std::string_view kHeading = "relmk exchange 1\n";
constexpr std::pair<Kind, std::string_view> kWords[] = {{Kind::Place, "place"},
                                                        {Kind::Replace, "replace"},
                                                        {Kind::Remove, "remove"},
                                                        {Kind::RemoveDirectory, "rmdir"},
                                                        {Kind::None, "none"}};

std::string escaped(const std::string& path) {
  std::string out;
  for (const char c : path) {
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\\') {
      out += "\\\\";
    } else {
      out += c;
    }
  }
  return out;
}

std::string unescaped(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) {
      ++i;
      out += text[i] == 'n' ? '\n' : text[i];
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string octal(unsigned number) {
  char digits[32];
  std::snprintf(digits, sizeof digits, "%o", number);
  return digits;
}

std::string_view word_of(Kind kind) {
  return std::find_if(std::begin(kWords), std::end(kWords),
                      [&](const auto& entry) { return entry.first == kind; })
      ->second;
}

Error not_understood() {
  return Error("its journal cannot be understood");
}

// The words of a line, from the left.
class Words {
 public:
  explicit Words(std::string_view line) : rest_(line) {}

  std::string_view word() {
    const size_t end = std::min(rest_.find(' '), rest_.size());
    const std::string_view first = rest_.substr(0, end);
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    return first;
  }
  unsigned octal() {
    const std::string_view digits = word();
    unsigned number = 0;
    const auto [stop, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), number, 8);
    if (error != std::errc() || stop != digits.data() + digits.size()) throw not_understood();
    return number;
  }
  std::string path() const { return unescaped(rest_); }

 private:
  std::string_view rest_;
};

std::string_view take_line(std::string_view& text) {
  const size_t end = text.find('\n');
  if (end == std::string_view::npos) throw Error("its journal ends early");
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

void read_step(std::string_view what, Words& words, ExchangeRecord& record) {
  const auto* const found = std::find_if(std::begin(kWords), std::end(kWords),
                                         [&](const auto& entry) { return entry.second == what; });
  if (found == std::end(kWords)) throw not_understood();
  const Kind kind = found->first;
  const unsigned number = words.octal();
  const bool has_area = kind != Kind::RemoveDirectory;
  if (has_area && number >= record.areas.size()) throw not_understood();
  record.steps.push_back({kind, has_area ? number : 0, words.path(), has_area ? 0 : number});
}

void read_line(std::string_view line, ExchangeRecord& record) {
  Words words(line);
  const std::string_view what = words.word();
  if (what == "area") {
    record.areas.emplace_back(words.path());
  } else if (what == "mode") {
    const unsigned before = words.octal();
    const unsigned after = words.octal();
    record.modes.push_back({words.path(), before, after});
  } else {
    read_step(what, words, record);
  }
}

}  // namespace

std::string print_exchange(const ExchangeRecord& record) {
  std::string out;
  out += record.is_undone ? kUndoWord : kFinishWord;
  out += kHeading;
  out += escaped(record.tool) + "\n";
  for (const fs::path& area : record.areas)
    out += "area " + escaped(area) + "\n";
  for (const ExchangeMode& mode : record.modes)
    out += "mode " + octal(mode.before) + " " + octal(mode.after) + " " + escaped(mode.path) + "\n";
  for (const ExchangeStep& step : record.steps) {
    const bool has_area = step.kind != Kind::RemoveDirectory;
    out += word_of(step.kind);
    out += " " + octal(has_area ? static_cast<unsigned>(step.area) : step.mode) + " " +
           escaped(step.path) + "\n";
  }
  out += "end\n";
  return out;
}

ExchangeRecord read_exchange(std::string_view text) {
  ExchangeRecord record;
  record.is_undone = text.starts_with(kUndoWord);
  if (!record.is_undone && !text.starts_with(kFinishWord)) throw Error("its journal is none");
  text.remove_prefix(kFinishWord.size());
  if (!text.starts_with(kHeading)) throw Error("its journal is another relmk's");
  text.remove_prefix(kHeading.size());
  record.tool = unescaped(take_line(text));
  for (std::string_view line = take_line(text); line != "end"; line = take_line(text))
    read_line(line, record);
  return record;
}

}  // namespace relmk::sys
