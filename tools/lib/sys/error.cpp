#include "sys/error.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <utility>

namespace relmk::sys {
namespace {

// Of a longer text, bytes at its front and at its end are told.
constexpr size_t kMostText = 8192;
constexpr size_t kMostOfEnd = 2048;

// Both parts hold whole characters of UTF-8.
std::string shortened(const std::string& text) {
  if (text.size() <= kMostText) return text;
  const auto is_inside = [&](size_t i) {
    return i < text.size() && (static_cast<unsigned char>(text[i]) & 0xc0) == 0x80;
  };
  constexpr size_t kLongestCharacter = 4;
  size_t front = kMostText - kMostOfEnd;
  size_t end = text.size() - kMostOfEnd;
  for (size_t i = 1; i < kLongestCharacter && is_inside(front); ++i)
    --front;
  for (size_t i = 1; i < kLongestCharacter && is_inside(end); ++i)
    ++end;
  return fmt::format("{}… ({} bytes more) …{}", text.substr(0, front), end - front,
                     text.substr(end));
}

bool is_control(unsigned char c) {
  return c < 0x20 || c == 0x7f;
}

std::string one_line(const std::string& whole) {
  const std::string text = shortened(whole);
  if (std::none_of(text.begin(), text.end(), is_control)) return text;
  std::string out;
  out.reserve(text.size());
  for (unsigned char c : text) {
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += ' ';
    } else if (is_control(c)) {
      out += fmt::format("\\x{:02X}", c);
    } else {
      out += static_cast<char>(c);
    }
  }
  return out;
}

std::string with_position(const std::string& file, Position at, const char* kind,
                          const std::string& message) {
  std::string out;
  if (!file.empty()) {
    out += one_line(file) + ":";
    if (at.line > 0) out += fmt::format("{}:", at.line);
    if (at.line > 0 && at.column > 0) out += fmt::format("{}:", at.column);
    out += ' ';
  }
  return out + kind + ": " + one_line(message);
}

}  // namespace

Error::Error(std::string message) : message_(std::move(message)) {
  compose();
}

Error::Error(std::string file, std::string message)
    : file_(std::move(file)), message_(std::move(message)) {
  compose();
}

Error::Error(std::string file, Position at, std::string message)
    : file_(at.file != nullptr ? *at.file : std::move(file)),
      at_(at),
      message_(std::move(message)) {
  compose();
}

Error&& Error::with_hint(std::string hint) && {
  hint_ = std::move(hint);
  compose();
  return std::move(*this);
}

Error&& Error::in_file(const std::string& file) && {
  if (file_.empty()) file_ = file;
  compose();
  return std::move(*this);
}

void Error::compose() {
  text_ = with_position(file_, at_, "error", message_);
  if (!hint_.empty()) text_ += "\nhint: " + one_line(hint_);
}

std::string Error::text() const {
  return text_;
}

Error system_error(std::string file, const std::string& message, int error_number) {
  return Error(std::move(file), message + ": " + std::strerror(error_number));
}

std::string warning_line(const std::string& file, Position at, const std::string& message) {
  return with_position(at.file != nullptr ? *at.file : file, at, "warning", message) + "\n";
}

void warn(const std::string& file, Position at, const std::string& message) {
  const std::string line = warning_line(file, at, message);
  std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace relmk::sys
