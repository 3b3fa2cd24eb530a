// What is fuzzed: every parser that reads what others wrote.
#pragma once

#include <string_view>
#include <vector>

namespace relmk::fuzz {

// Takes any bytes, and throws Error for what is wrong with them. All else is a fault: another
// exception, a signal, a sanitizer's word, more time or memory than the size of the bytes explains.
struct Target {
  const char* name;
  void (*run)(std::string_view bytes);
};

// In the order of the rooms.
std::vector<Target> targets();

// What a node answers: from the first byte of the handshake on, and, when that is done, to calls
// and to `eval`.
void read_handshake(std::string_view bytes);
void read_node_answers(std::string_view bytes);
// What epmd answers.
void read_epmd_answers(std::string_view bytes);

}  // namespace relmk::fuzz
