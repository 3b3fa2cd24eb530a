// Characters typed or pasted at a terminal.
#pragma once

#include <termios.h>

#include <deque>
#include <functional>
#include <optional>
#include <string>

namespace relmk::node {

// Turns bytes of a terminal into characters; a byte that is not UTF-8 is one of Latin-1. A
// bracketed paste (xterm's mode 2004) comes as the characters that were pasted, each control
// character but newline quoted by ^V, so that a tab in it completes nothing.
class InputDecoder {
 public:
  void put(std::string_view bytes) { bytes_ += bytes; }
  // The next character; nullopt when more bytes are needed.
  std::optional<char32_t> next();
  // The same when no more bytes come in a while: an escape key is no more than itself.
  std::optional<char32_t> next_after_pause();
  bool waits_for_more() const { return !bytes_.empty(); }
  // Whether next() would return a character now. The first one of an escape sequence doesn't count.
  bool has_character() const;

 private:
  bool has_whole_character() const;
  std::optional<char32_t> take_character();
  bool take_paste();

  std::string bytes_;
  std::deque<char32_t> pasted_;
};

class TerminalInput {
 public:
  enum class Event { Character, End, Interrupted };

  enum class Wait { Readable, TimedOut, Interrupted };

  // `wait` returns when standard input can be read, when the user has asked for an interrupt, or
  // when a time in milliseconds (-1: none) has passed.
  explicit TerminalInput(std::function<Wait(int)> wait) : wait_(std::move(wait)) {}

  Event next(char32_t& character);
  // True: next() returns at once. False: it may have to wait.
  bool has_character() const { return decoder_.has_character(); }
  // Takes in what was typed while nobody reads. True when there is a Ctrl-D in it.
  bool read_ahead();
  bool is_at_end() const { return at_end_; }
  // Without echo; the newline is not part of it.
  Event read_secret(std::string& line);

 private:
  std::string_view read(char* buffer, size_t size);

  std::function<Wait(int)> wait_;
  InputDecoder decoder_;
  bool at_end_ = false;
};

// As long as an object of this class lives, the terminal keeps what is typed, and doesn't show it.
// Then it has the modes that it had before.
class QuietTerminal {
 public:
  QuietTerminal();
  ~QuietTerminal();
  QuietTerminal(const QuietTerminal&) = delete;
  QuietTerminal& operator=(const QuietTerminal&) = delete;

 private:
  termios saved_{};
  bool is_terminal_;
};

}  // namespace relmk::node
