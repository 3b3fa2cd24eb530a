// Errors with a position: raised where the position is known, printed once, by run_tool().
#pragma once

#include <exception>
#include <string>

namespace relmk::sys {

// Where something stands in a text file. Lines and columns count from 1; columns count characters
// (code points), as Erlang's scanner does. 0 means unknown.
struct Position {
  int line = 0;
  int column = 0;
  // Of another file than that which is read: its name, which lives as long as the process does.
  const std::string* file = nullptr;

  explicit operator bool() const { return line > 0; }
  bool operator==(const Position&) const = default;
};

// What every function of the library throws for bad input or a failed system call.
class Error : public std::exception {
 public:
  explicit Error(std::string message);
  Error(std::string file, std::string message);
  Error(std::string file, Position at, std::string message);  // at.file goes before `file`

  // A hint is one more line, saying what to do. Returns the error itself, to be thrown.
  Error&& with_hint(std::string hint) &&;
  // Gives file and position to an error that was raised without a file. Returns the error itself.
  Error&& in_file(const std::string& file) &&;

  const std::string& file() const { return file_; }
  Position position() const { return at_; }
  const std::string& message() const { return message_; }
  const std::string& hint() const { return hint_; }

  // `FILE:LINE:COLUMN: error: MESSAGE`, as much of the position as is known (no FILE: nothing
  // before `error:`), then `\nhint: HINT` where there is one. Control characters in it are escaped,
  // so that it stays one line; of a part longer than 8 KiB, the middle is left out. No newline at
  // the end.
  std::string text() const;
  const char* what() const noexcept override { return text_.c_str(); }

 private:
  void compose();
  std::string file_;
  Position at_;
  std::string message_;
  std::string hint_;
  std::string text_;
};

// An Error for a failed system call: `MESSAGE: ` and the system's words for `error_number` (errno).
Error system_error(std::string file, const std::string& message, int error_number);

// `FILE:LINE:COLUMN: warning: MESSAGE` and a newline.
std::string warning_line(const std::string& file, Position at, const std::string& message);

// Prints that line to stderr. Safe to call from any thread.
void warn(const std::string& file, Position at, const std::string& message);

}  // namespace relmk::sys

// Words of every room.
namespace relmk {
using sys::Error;
using sys::Position;
}  // namespace relmk
