#include "node/console/key.h"

namespace relmk::node {
namespace {

constexpr size_t kMostParameters = 32;  // characters

bool is_control(char32_t c) {
  return c < 0x20 || c == kDelete;
}

// xterm's: 1, and 1 for Shift, 2 for Alt, 4 for Ctrl, behind a semicolon.
bool has_alt_or_control(const std::string& parameters) {
  const size_t semicolon = parameters.find(';');
  if (semicolon == std::string::npos || semicolon + 2 != parameters.size()) return false;
  return ((parameters[semicolon + 1] - '1') & (2 | 4)) != 0;
}

Key::Name numbered_key(const std::string& parameters) {
  const std::string number = parameters.substr(0, parameters.find(';'));
  if (number == "1" || number == "7") return Key::Name::Home;
  if (number == "4" || number == "8") return Key::Name::End;
  return number == "3" ? Key::Name::Delete : Key::Name::Unknown;
}

Key sequence_key(char32_t final, const std::string& parameters) {
  const bool by_word = has_alt_or_control(parameters);
  switch (final) {
    case U'A':
      return {Key::Name::Up, 0};
    case U'B':
      return {Key::Name::Down, 0};
    case U'C':
      return {by_word ? Key::Name::WordRight : Key::Name::Right, 0};
    case U'D':
      return {by_word ? Key::Name::WordLeft : Key::Name::Left, 0};
    case U'c':
      return {Key::Name::WordRight, 0};  // rxvt's
    case U'd':
      return {Key::Name::WordLeft, 0};
    case U'H':
      return {Key::Name::Home, 0};
    case U'F':
      return {Key::Name::End, 0};
    case U'~':
      return {numbered_key(parameters), 0};
    default:
      return {};
  }
}

}  // namespace

std::optional<Key> KeyDecoder::put_after_escape(char32_t c) {
  parameters_.clear();
  if (c == kEscape) return std::nullopt;
  if (c == U'[' || c == U'O') {
    state_ = c == U'[' ? State::Csi : State::Ss3;
    return std::nullopt;
  }
  state_ = State::Start;
  if (is_control(c)) return Key{Key::Name::Meta, c ^ 0x40};
  return Key{Key::Name::Meta, c >= U'A' && c <= U'Z' ? c + 0x20 : c};
}

std::optional<Key> KeyDecoder::put(char32_t c) {
  switch (state_) {
    case State::Start:
      if (c == kEscape) {
        state_ = State::Escape;
        return std::nullopt;
      }
      return is_control(c) ? Key{Key::Name::Control, c ^ 0x40} : Key{Key::Name::Character, c};
    case State::Escape:
      return put_after_escape(c);
    case State::FunctionKey:
      state_ = State::Start;
      return Key{};
    case State::Csi:
    case State::Ss3:
      break;
  }
  // Linux's console sends ESC [ [ A for F1.
  if (c == U'[' && parameters_.empty() && state_ == State::Csi) {
    state_ = State::FunctionKey;
    return std::nullopt;
  }
  const bool is_final = c >= U'@' && c <= U'~';
  if (is_final || c < 0x20 || c > 0x7f) {
    state_ = State::Start;
    return is_final ? sequence_key(c, parameters_) : Key{};
  }
  if (parameters_.size() < kMostParameters) parameters_ += static_cast<char>(c);
  return std::nullopt;
}

}  // namespace relmk::node
