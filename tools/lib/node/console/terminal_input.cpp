#include "node/console/terminal_input.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "node/console/key.h"
#include "term/term.h"

namespace relmk::node {
namespace {

constexpr std::string_view kPasteBegin = "\x1b[200~";
constexpr std::string_view kPasteEnd = "\x1b[201~";
constexpr char32_t kQuote = 0x16;      // ^V
constexpr int kEscapePause = 30;       // milliseconds between the bytes of one key, at most
constexpr char32_t kEndOfFile = 0x04;  // ^D

// Whether bytes that may follow make a UTF-8 character of these.
bool begins_character(std::string_view bytes) {
  const auto first = static_cast<unsigned char>(bytes[0]);
  const size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || bytes.size() >= size) return false;
  return std::all_of(bytes.begin() + 1, bytes.end(),
                     [](char byte) { return (static_cast<unsigned char>(byte) & 0xc0) == 0x80; });
}

}  // namespace

// A paste that is complete is moved to `pasted_`. True when one has begun, complete or not.
bool InputDecoder::take_paste() {
  if (!bytes_.starts_with(kPasteBegin)) return false;
  const size_t end = bytes_.find(kPasteEnd);
  if (end == std::string::npos) return true;
  const std::u32string text = sys::code_points(
      std::string_view(bytes_).substr(kPasteBegin.size(), end - kPasteBegin.size()));
  bytes_.erase(0, end + kPasteEnd.size());
  char32_t before = 0;
  for (const char32_t c : text) {
    if (c == '\r' || (c == '\n' && before != '\r')) {
      pasted_.push_back('\n');
    } else if (c != '\n') {
      if (c < 0x20 || c == kDelete) pasted_.push_back(kQuote);
      pasted_.push_back(c);
    }
    before = c;
  }
  return true;
}

std::optional<char32_t> InputDecoder::take_character() {
  if (!has_whole_character()) return std::nullopt;
  const sys::Utf8Character character = sys::utf8_character(bytes_);
  const char32_t latin1 = static_cast<unsigned char>(bytes_[0]);
  bytes_.erase(0, std::max<size_t>(character.size, 1));
  return character.size > 0 ? character.code_point : latin1;
}

bool InputDecoder::has_whole_character() const {
  return sys::utf8_character(bytes_).size > 0 || !begins_character(bytes_);
}

bool InputDecoder::has_character() const {
  if (!pasted_.empty()) return true;
  return !bytes_.empty() && bytes_[0] != kPasteBegin[0] && has_whole_character();
}

std::optional<char32_t> InputDecoder::next() {
  while (pasted_.empty()) {
    if (bytes_.empty() || kPasteBegin.starts_with(bytes_)) return std::nullopt;
    if (!take_paste()) return take_character();
    if (pasted_.empty() && bytes_.starts_with(kPasteBegin)) return std::nullopt;
  }
  const char32_t character = pasted_.front();
  pasted_.pop_front();
  return character;
}

std::optional<char32_t> InputDecoder::next_after_pause() {
  if (bytes_.empty() || bytes_.size() >= kPasteBegin.size()) return next();
  return take_character();
}

// What can be read at once; empty at the end of input.
std::string_view TerminalInput::read(char* buffer, size_t size) {
  const ssize_t count = ::read(STDIN_FILENO, buffer, size);
  if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)) at_end_ = true;
  return {buffer, static_cast<size_t>(std::max<ssize_t>(count, 0))};
}

bool TerminalInput::read_ahead() {
  char buffer[4096];
  const std::string_view bytes = read(buffer, sizeof buffer);
  decoder_.put(bytes);
  return bytes.find(static_cast<char>(kEndOfFile)) != std::string_view::npos;
}

TerminalInput::Event TerminalInput::next(char32_t& character) {
  std::optional<char32_t> decoded = decoder_.next();
  while (!decoded) {
    if (at_end_) return Event::End;
    const Wait waited = wait_(decoder_.waits_for_more() ? kEscapePause : -1);
    if (waited == Wait::Interrupted) return Event::Interrupted;
    if (waited == Wait::TimedOut) {
      decoded = decoder_.next_after_pause();
      continue;
    }
    char buffer[4096];
    decoder_.put(read(buffer, sizeof buffer));
    decoded = decoder_.next();
  }
  character = *decoded;
  return Event::Character;
}

TerminalInput::Event TerminalInput::read_secret(std::string& line) {
  std::u32string text;
  for (;;) {
    char32_t character = 0;
    const Event event = next(character);
    if (event != Event::Character) return event;
    if (character == '\n' || character == '\r') break;
    if (character == kEndOfFile && text.empty()) return Event::End;
    if (character == kDelete || character == '\b') {
      if (!text.empty()) text.pop_back();
    } else {
      text += character;
    }
  }
  for (const char32_t character : text)
    sys::append_utf8(line, character);
  return Event::Character;
}

QuietTerminal::QuietTerminal() : is_terminal_(tcgetattr(STDIN_FILENO, &saved_) == 0) {
  if (!is_terminal_) return;
  termios quiet = saved_;
  quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO | ICANON);
  quiet.c_cc[VMIN] = 1;
  quiet.c_cc[VTIME] = 0;
  tcsetattr(STDIN_FILENO, TCSADRAIN, &quiet);
}

QuietTerminal::~QuietTerminal() {
  if (is_terminal_) tcsetattr(STDIN_FILENO, TCSADRAIN, &saved_);
}

}  // namespace relmk::node
