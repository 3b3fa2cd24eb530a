// What a tool says, and what it writes where it was told to.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sys/files.h"

namespace relmk::sys {

// For a tool's main, before anything else: a standard stream that is closed is opened, lest a file
// that is opened later takes its number, so that its use fails; but nobody misses what is said to a
// standard error that was closed. And writing to a pipe that nobody
// reads is an error, and no signal that ends the tool. A program that is started later finds
// SIGPIPE as it was.
void prepare_standard_streams();

// Prints a line, `text` and a newline, to stderr. Where it can't be printed, run_tool() will not
// return 0.
void say(std::string_view text) noexcept;

// Prints text as it is to stderr, else as say().
void write_to_stderr(std::string_view text) noexcept;

// Prints a line, `text` and a newline, to stdout, now: for
// what must not be done where its result can't be told. Throws std::system_error then, which
// run_tool() tells.
void print_at_once(const std::string& text);

// Writes a file that the user named, by -o. Links are followed, and one that leads nowhere makes
// what it leads to. A regular file is replaced whole, as write_file() does. Into a pipe or device
// is written, after waiting for who reads a named pipe; into /dev/stdout and /dev/fd/N as they were
// opened. Throws Error for a directory, a socket, links in a circle, and what can't be written.
void write_output(const fs::path& path, std::string_view bytes, unsigned mode = 0644);

// As write_output, for files that belong together: none is touched before all regular ones are
// written.
void write_outputs(const std::vector<FileContent>& files, unsigned mode = 0644);

// Whether write_output() replaces a regular file there, links followed: what is in it may be worth
// keeping.
bool is_regular_output(const fs::path& path);

}  // namespace relmk::sys
