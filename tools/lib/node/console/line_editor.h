// Lines typed at a terminal, edited with the keys of emacs, while something else goes on beside it.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "node/console/line_display.h"
#include "node/console/terminal_input.h"

namespace relmk::node {

// The prompt of an expression's further lines, which ends in the column where `prompt` does.
std::string more_prompt(const std::string& prompt);

class LineEditor {
 public:
  struct Completion {
    std::string added;                 // to be put in at the cursor
    std::vector<std::string> choices;  // to be shown, when there are several
  };
  // Gets what stands before the cursor.
  using Completer = std::function<Completion(const std::string& before)>;
  enum class Outcome { Line, End, Interrupted };

  // `input` is where characters come from; it waits for them.
  LineEditor(TerminalInput& input, LineDisplay::Terminal terminal);
  ~LineEditor();
  LineEditor(const LineEditor&) = delete;
  LineEditor& operator=(const LineEditor&) = delete;

  // Shows the prompt, which may be of several lines and have colours, and reads a line, with its
  // newline, into `line`. One that is taken from the history may be of several, too. With a
  // completer, Tab completes. Throws what `input` throws. Ctrl-U takes the whole line away, Ctrl-W,
  // Meta-Backspace and Meta-d a word, Ctrl-K what is behind the cursor; Ctrl-Y puts back what was
  // taken last. Ctrl-R searches the history.
  Outcome read(const std::string& prompt, const Completer& completer, std::string& line);
  // Prints above the line that is being edited; where none is, just prints.
  void write(std::string_view text);
  // The terminal's size has changed.
  void resize();

  void add_history(const std::string& line);

 private:
  struct State;
  struct Editing;
  std::unique_ptr<State> state_;
};

}  // namespace relmk::node
