#include "node/console/line_editor.h"

#include <fmt/core.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include "node/console/history_search.h"
#include "node/console/key.h"
#include "node/console/line_buffer.h"
#include "node/console/line_history.h"
#include "sys/utf8.h"

namespace relmk::node {
namespace {

constexpr size_t kMostStanding = 4096;  // bytes

ScreenSize terminal_size() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) {
    return {};
  }
  return {size.ws_row, size.ws_col};
}

void print(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

// As long as it lives, keys come as they are typed, but those for signals.
class KeyByKey {
 public:
  KeyByKey() : is_terminal_(tcgetattr(STDIN_FILENO, &saved_) == 0) {
    if (!is_terminal_) return;
    termios keys = saved_;
    keys.c_iflag &= ~static_cast<tcflag_t>(IXON | INLCR | IGNCR);
    keys.c_iflag |= ICRNL;
    keys.c_lflag &= ~static_cast<tcflag_t>(ECHO | ICANON | IEXTEN);
    keys.c_cc[VMIN] = 1;
    keys.c_cc[VTIME] = 0;
    tcsetattr(STDIN_FILENO, TCSANOW, &keys);
  }
  ~KeyByKey() {
    if (is_terminal_) tcsetattr(STDIN_FILENO, TCSANOW, &saved_);
  }
  KeyByKey(const KeyByKey&) = delete;
  KeyByKey& operator=(const KeyByKey&) = delete;

 private:
  termios saved_{};
  bool is_terminal_;
};

// As many columns as fit.
std::string in_columns(const std::vector<std::string>& choices) {
  const auto columns_of = [](const std::string& choice) {
    return static_cast<size_t>(text_columns(sys::code_points(choice))) + 2;
  };
  size_t width = 0;
  for (const std::string& choice : choices)
    width = std::max(width, columns_of(choice));
  const size_t columns = std::max<size_t>(1, static_cast<size_t>(terminal_size().columns) / width);
  const size_t rows = (choices.size() + columns - 1) / columns;
  std::string out;
  for (size_t row = 0; row < rows; ++row) {
    for (size_t i = row; i < choices.size(); i += rows) {
      out += choices[i];
      if (i + rows < choices.size()) out.append(width - columns_of(choices[i]) + 2, ' ');
    }
    out += '\n';
  }
  return out;
}

// What stands on the cursor's row after `text` was printed behind `standing`, as far as that can be
// told.
std::string standing_after(std::string standing, std::string_view text) {
  standing += text;
  standing.erase(0, standing.find_last_of("\r\n") + 1);
  // The cursor was moved, or something erased.
  for (size_t at = standing.find("\x1b["); at != std::string::npos;
       at = standing.find("\x1b[", at)) {
    const size_t final = standing.find_first_not_of("0123456789:;?", at + 2);
    if (final == std::string::npos) break;
    at = final;
    if (standing[final] == 'm') continue;
    standing.erase(0, final + 1);
    at = 0;
  }
  return standing.size() > kMostStanding ? std::string() : standing;
}

}  // namespace

std::string more_prompt(const std::string& prompt) {
  const int columns = prompt_columns(sys::code_points(prompt));
  return std::string(static_cast<size_t>(std::max(columns - 3, 0)), ' ') + ".. ";
}

struct LineEditor::State {
  TerminalInput& input;
  LineDisplay display;
  LineHistory history;
  LineBuffer line;
  HistorySearch search{history, line};
  KeyDecoder keys;
  std::u32string prompt;  // its last line, after what stood there before
  std::vector<Glyph> prompt_shown;
  const Completer* completer = nullptr;
  std::optional<Outcome> outcome;
  bool quotes_next = false;
  bool editing = false;
  std::string standing;  // on the cursor's row, while no line is edited

  State(TerminalInput& source, LineDisplay::Terminal terminal)
      : input(source), display(print, terminal) {}

  void begin(const std::string& shown_prompt);
  void refresh();
  void print_above(std::string_view text);
  void take(char32_t character);
  void heed(const Key& key);
  void heed_control(char32_t character);
  void heed_meta(char32_t character);
  void heed_arrow(Key::Name name);
  void browse(std::optional<std::u32string> entry);
  void complete();
};

// All of the prompt but its last line is printed once.
void LineEditor::State::begin(const std::string& shown_prompt) {
  const size_t last = shown_prompt.rfind('\n') + 1;
  if (last > 0) {
    print(std::string_view(shown_prompt).substr(0, last));
    standing.clear();
  }
  const std::u32string before = sys::code_points(std::exchange(standing, ""));
  prompt = before + sys::code_points(std::string_view(shown_prompt).substr(last));
  prompt_shown = prompt_glyphs(prompt);
  display.begin(prompt_glyphs(before), terminal_size());
  line.assign({});
  keys.reset();
  history.begin();
  search.reset();
  outcome.reset();
  quotes_next = false;
}

void LineEditor::State::refresh() {
  std::vector<Glyph> glyphs = prompt_shown;
  if (search.is_on()) glyphs = text_glyphs(search.prompt());
  const size_t prompt_size = glyphs.size();
  const std::vector<Glyph> text = text_glyphs(line.text());
  glyphs.insert(glyphs.end(), text.begin(), text.end());
  const auto cursor = std::find_if(text.begin(), text.end(), [this](const Glyph& glyph) {
    return glyph.character >= line.cursor();
  });
  display.show(std::move(glyphs), prompt_size + static_cast<size_t>(cursor - text.begin()));
}

void LineEditor::State::print_above(std::string_view text) {
  display.erase();
  print(text);
  if (!text.empty() && text.back() != '\n') print("\n");
  refresh();
}

void LineEditor::State::take(char32_t character) {
  if (quotes_next) {
    quotes_next = false;
    line.insert({&character, 1});
    return;
  }
  const std::optional<Key> key = keys.put(character);
  if (key && !(search.is_on() && search.heed(*key))) heed(*key);
}

void LineEditor::State::heed(const Key& key) {
  switch (key.name) {
    case Key::Name::Character:
      line.insert({&key.character, 1});
      break;
    case Key::Name::Control:
      heed_control(key.character);
      break;
    case Key::Name::Meta:
      heed_meta(key.character);
      break;
    default:
      heed_arrow(key.name);
  }
}

void LineEditor::State::heed_control(char32_t character) {
  switch (character) {
    case U'A':
      line.move_to(0);
      break;
    case U'B':
      line.move_left();
      break;
    case U'D':
      if (line.text().empty()) outcome = Outcome::End;
      line.erase_right();
      break;
    case U'E':
      line.move_to(line.text().size());
      break;
    case U'F':
      line.move_right();
      break;
    case U'?':
    case U'H':
      line.erase_left();
      break;
    case U'I':
      complete();
      break;
    case U'J':
    case U'M':
      outcome = Outcome::Line;
      break;
    case U'K':
      line.kill_to_end();
      break;
    case U'L':
      display.clear_screen();
      break;
    case U'N':
      browse(history.after());
      break;
    case U'P':
      browse(history.before(line.text()));
      break;
    case U'R':
      search.begin();
      break;
    case U'T':
      line.transpose();
      break;
    case U'U':
      line.kill_line();
      break;
    case U'V':
      quotes_next = true;
      break;
    case U'W':
      line.kill_word_left();
      break;
    case U'Y':
      line.yank();
      break;
    default:
      break;
  }
}

void LineEditor::State::heed_meta(char32_t character) {
  switch (character) {
    case U'b':
      line.move_word_left();
      break;
    case U'f':
      line.move_word_right();
      break;
    case U'd':
      line.kill_word_right();
      break;
    case U'?':  // the backspace key
    case U'H':
      line.kill_word_left();
      break;
    default:
      break;
  }
}

void LineEditor::State::heed_arrow(Key::Name name) {
  switch (name) {
    case Key::Name::Up:
      browse(history.before(line.text()));
      break;
    case Key::Name::Down:
      browse(history.after());
      break;
    case Key::Name::Left:
      line.move_left();
      break;
    case Key::Name::Right:
      line.move_right();
      break;
    case Key::Name::WordLeft:
      line.move_word_left();
      break;
    case Key::Name::WordRight:
      line.move_word_right();
      break;
    case Key::Name::Home:
      line.move_to(0);
      break;
    case Key::Name::End:
      line.move_to(line.text().size());
      break;
    case Key::Name::Delete:
      line.erase_right();
      break;
    default:
      break;
  }
}

void LineEditor::State::browse(std::optional<std::u32string> entry) {
  if (entry) line.assign(std::move(*entry));
}

void LineEditor::State::complete() {
  if (completer == nullptr || !*completer) return line.insert(U"\t");
  refresh();
  const std::u32string_view before = std::u32string_view(line.text()).substr(0, line.cursor());
  const Completion completion = (*completer)(sys::utf8(before));
  if (!completion.choices.empty()) print_above(in_columns(completion.choices));
  line.insert(sys::code_points(completion.added));
}

// A line is edited as long as it lives.
struct LineEditor::Editing {
  explicit Editing(State& edited) : state(edited) { state.editing = true; }
  ~Editing() { state.editing = false; }
  Editing(const Editing&) = delete;
  Editing& operator=(const Editing&) = delete;

  State& state;
};

LineEditor::LineEditor(TerminalInput& input, LineDisplay::Terminal terminal)
    : state_(std::make_unique<State>(input, terminal)) {}

LineEditor::~LineEditor() = default;

LineEditor::Outcome LineEditor::read(const std::string& prompt, const Completer& completer,
                                     std::string& line) {
  State& state = *state_;
  const KeyByKey key_by_key;
  const Editing editing(state);
  state.begin(prompt);
  state.completer = &completer;
  while (!state.outcome) {
    // What is pasted is drawn once.
    if (!state.input.has_character()) state.refresh();
    char32_t character = 0;
    const TerminalInput::Event event = state.input.next(character);
    if (event == TerminalInput::Event::Character) state.take(character);
    if (event == TerminalInput::Event::End) state.outcome = Outcome::End;
    if (event == TerminalInput::Event::Interrupted) state.outcome = Outcome::Interrupted;
  }
  state.search.reset();
  state.refresh();
  if (*state.outcome == Outcome::End) return Outcome::End;
  state.display.leave();
  line = sys::utf8(state.line.text()) + "\n";
  return *state.outcome;
}

void LineEditor::write(std::string_view text) {
  if (state_->editing) return state_->print_above(text);
  print(text);
  state_->standing = standing_after(std::move(state_->standing), text);
}

void LineEditor::resize() {
  if (state_->editing) state_->display.resize(terminal_size());
}

void LineEditor::add_history(const std::string& line) {
  state_->history.add(sys::code_points(line));
}

}  // namespace relmk::node
