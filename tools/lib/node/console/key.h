// Keys of a terminal: what the sequences of characters mean that it sends for them.
#pragma once

#include <optional>
#include <string>

namespace relmk::node {

// Characters.
constexpr char32_t kEscape = 0x1b;
constexpr char32_t kDelete = 0x7f;

struct Key {
  enum class Name {
    Character,  // that prints
    Control,  // `character` is that of the control code: U'A' of Ctrl-A, U'?' of the backspace key
    Meta,  // Alt, or Escape before it; `character` is in lower case, and as for Control below U' '
    Up,
    Down,
    Left,
    Right,
    WordLeft,  // Ctrl or Alt with an arrow
    WordRight,
    Home,
    End,
    Delete,
    Unknown
  };
  Name name = Name::Unknown;
  char32_t character = 0;

  bool operator==(const Key&) const = default;
};

class KeyDecoder {
 public:
  // The key that is complete with this character, if one is.
  std::optional<Key> put(char32_t c);
  // Forgets a sequence that has begun.
  void reset() { state_ = State::Start; }

 private:
  enum class State { Start, Escape, Csi, Ss3, FunctionKey };
  std::optional<Key> put_after_escape(char32_t c);

  State state_ = State::Start;
  std::string parameters_;
};

}  // namespace relmk::node
