#include "node/console/line_editor.h"

#include <fmt/core.h>
#include <histedit.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cwchar>

#include "node/console/terminal_text.h"
#include "term/term.h"

namespace relmk::node {
namespace {

constexpr int kHistorySize = 1000;

std::wstring wide(std::string_view utf8) {
  std::wstring out;
  for (const char32_t c : sys::code_points(utf8))
    out += static_cast<wchar_t>(c);
  return out;
}

std::string narrow(std::wstring_view text) {
  std::string out;
  for (const wchar_t c : text)
    sys::append_utf8(out, static_cast<char32_t>(c));
  return out;
}

int terminal_columns() {
  winsize size{};
  return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

void print(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

// As many columns as fit.
std::string in_columns(const std::vector<std::string>& choices) {
  size_t width = 0;
  for (const std::string& choice : choices)
    width = std::max(width, choice.size() + 2);
  const size_t columns = std::max<size_t>(1, static_cast<size_t>(terminal_columns()) / width);
  const size_t rows = (choices.size() + columns - 1) / columns;
  std::string out;
  for (size_t row = 0; row < rows; ++row) {
    for (size_t i = row; i < choices.size(); i += rows) {
      out += choices[i];
      if (i + rows < choices.size()) out.append(width - choices[i].size(), ' ');
    }
    out += '\n';
  }
  return out;
}

}  // namespace

std::string more_prompt(const std::string& prompt) {
  const int columns = text_columns(prompt_text(wide(prompt)).visible);
  return std::string(static_cast<size_t>(std::max(columns - 3, 0)), ' ') + ".. ";
}

// libedit calls back through C, which no exception may cross: they wait in `failure`.
struct LineEditor::State {
  TerminalInput& input;
  bool is_dumb;
  EditLine* edit = nullptr;
  HistoryW* history = nullptr;
  PromptText prompt;
  const Completer* completer = nullptr;
  bool editing = false;
  bool interrupted = false;
  std::exception_ptr failure;

  State(TerminalInput& source, bool dumb) : input(source), is_dumb(dumb) {}

  static State& of(EditLine* edit) {
    void* state = nullptr;
    el_wget(edit, EL_CLIENTDATA, &state);
    return *static_cast<State*>(state);
  }

  static wchar_t* show_prompt(EditLine* edit) { return of(edit).prompt.marked.data(); }

  static int get_character(EditLine* edit, wchar_t* out) {
    State& state = of(edit);
    try {
      char32_t character = 0;
      const TerminalInput::Event event = state.input.next(character);
      if (event == TerminalInput::Event::Interrupted) state.leave_line();
      if (event != TerminalInput::Event::Character) return 0;
      *out = static_cast<wchar_t>(character);
      return 1;
    } catch (...) {
      state.failure = std::current_exception();
      return 0;
    }
  }

  static unsigned char complete(EditLine* edit, wint_t) {
    State& state = of(edit);
    const LineInfoW* line = el_wline(edit);
    if (state.completer == nullptr || !*state.completer) {
      return el_winsertstr(edit, L"\t") == 0 ? CC_REFRESH : CC_ERROR;
    }
    try {
      const Completion completion = (*state.completer)(narrow({line->buffer, line->cursor}));
      if (!completion.choices.empty()) state.print_above(in_columns(completion.choices));
      if (!completion.added.empty()) {
        el_winsertstr(edit, wide(completion.added).c_str());
        return CC_REFRESH;
      }
      return completion.choices.empty() ? CC_ERROR : CC_REFRESH;
    } catch (...) {
      state.failure = std::current_exception();
      return CC_EOF;
    }
  }

  // The row of the cursor, counted from that of the prompt.
  int row_of_cursor() const {
    const LineInfoW* line = el_wline(edit);
    const wchar_t next = line->cursor < line->lastchar ? *line->cursor : L'\0';
    return cursor_row(prompt.visible + std::wstring(line->buffer, line->cursor), terminal_columns(),
                      next);
  }

  // Takes the edited line off the screen, prints, and shows it again.
  void print_above(std::string_view text) {
    std::string out;
    if (is_dumb) {
      out += '\n';
    } else {
      if (const int rows = row_of_cursor(); rows > 0) out += fmt::format("\x1b[{}A", rows);
      out += "\r\x1b[J";
    }
    out += text;
    if (!text.empty() && text.back() != '\n') out += '\n';
    print(out);
    el_wset(edit, EL_REFRESH);
  }

  // The user gives the line up: what is shown next comes below all of it.
  void leave_line() {
    const LineInfoW* line = el_wline(edit);
    const std::wstring all = prompt.visible + std::wstring(line->buffer, line->lastchar);
    const int rows = cursor_row(all, terminal_columns()) - row_of_cursor();
    if (rows > 0 && !is_dumb) print(fmt::format("\x1b[{}B", rows));
    interrupted = true;
  }
};

LineEditor::LineEditor(TerminalInput& input, bool is_dumb)
    : state_(std::make_unique<State>(input, is_dumb)) {
  State& state = *state_;
  state.edit = el_init("nodetool", stdin, stdout, stderr);
  state.history = history_winit();
  HistEventW event;
  history_w(state.history, &event, H_SETSIZE, kHistorySize);
  history_w(state.history, &event, H_SETUNIQUE, 1);
  el_wset(state.edit, EL_CLIENTDATA, &state);
  el_wset(state.edit, EL_SIGNAL, 0);
  el_wset(state.edit, EL_EDITOR, L"emacs");
  el_wset(state.edit, EL_PROMPT_ESC, State::show_prompt, PromptText::kLiteral);
  el_wset(state.edit, EL_GETCFN, State::get_character);
  el_wset(state.edit, EL_HIST, history_w, state.history);
  el_wset(state.edit, EL_ADDFN, L"complete", L"Completes a word.", State::complete);
  el_wset(state.edit, EL_BIND, L"^I", L"complete", nullptr);
  el_wset(state.edit, EL_BIND, L"^R", L"em-inc-search-prev", nullptr);
  el_wset(state.edit, EL_BIND, L"^W", L"ed-delete-prev-word", nullptr);
  el_wset(state.edit, EL_BIND, L"\\e[1;5C", L"em-next-word", nullptr);
  el_wset(state.edit, EL_BIND, L"\\e[1;5D", L"ed-prev-word", nullptr);
  el_wset(state.edit, EL_BIND, L"\\e[3~", L"ed-delete-next-char", nullptr);
  el_wset(state.edit, EL_BIND, L"\\e[H", L"ed-move-to-beg", nullptr);
  el_wset(state.edit, EL_BIND, L"\\e[F", L"ed-move-to-end", nullptr);
  // Where a terminal can shift a line, libedit makes use of it, and garbles characters of double
  // width. Without that it writes the rest of the line anew.
  for (const wchar_t* capability : {L"im", L"ic", L"IC", L"dc", L"DC"})
    el_wset(state.edit, EL_SETTC, capability, L"", nullptr);
  el_source(state.edit, nullptr);  // ~/.editrc
}

LineEditor::~LineEditor() {
  el_end(state_->edit);
  history_wend(state_->history);
}

LineEditor::Outcome LineEditor::read(const std::string& prompt, const Completer& completer,
                                     std::string& line) {
  State& state = *state_;
  state.prompt = prompt_text(wide(prompt));
  if (!state.prompt.above.empty()) print(narrow(state.prompt.above));
  state.completer = &completer;
  state.interrupted = false;
  state.editing = true;
  int count = 0;
  const wchar_t* text = el_wgets(state.edit, &count);
  state.editing = false;
  if (state.failure) std::rethrow_exception(std::exchange(state.failure, nullptr));
  if (state.interrupted) {
    print("\n");
    return Outcome::Interrupted;
  }
  if (text == nullptr || count <= 0) return Outcome::End;
  line = narrow({text, static_cast<size_t>(count)});
  return Outcome::Line;
}

void LineEditor::write(std::string_view text) {
  if (state_->editing) {
    state_->print_above(text);
  } else {
    print(text);
  }
}

void LineEditor::resize() {
  el_resize(state_->edit);
}

void LineEditor::add_history(const std::string& line) {
  HistEventW event;
  history_w(state_->history, &event, H_ENTER, wide(line).c_str());
}

}  // namespace relmk::node
