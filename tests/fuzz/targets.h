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

// The file that errors name.
constexpr const char* kName = "input";

// Ends the run, as a fault is to, unless it holds.
inline void require(bool holds) {
  if (!holds) __builtin_trap();
}

// In the order of the rooms.
std::vector<Target> targets();

// What a node answers: from the first byte of the handshake on, and, when that is done, to calls
// and to `eval`.
void read_handshake(std::string_view bytes);
void read_node_answers(std::string_view bytes);
// What epmd answers.
void read_epmd_answers(std::string_view bytes);

// What enit reads: a host's configuration in both forms, a release, and what a node says was
// applied to it.
void read_enit_config(std::string_view bytes);
void read_enit_toml(std::string_view bytes);
void read_enit_release(std::string_view bytes);
void read_applied(std::string_view bytes);
// A relup, from version 1 to 2; the instructions of appups, a list each.
void read_relup(std::string_view bytes);
void translate_instructions(std::string_view bytes);
// What a project's Elixir answers.
void read_mix_answer(std::string_view bytes);
// What an assembly keeps: the journal of an exchange, and what it made.
void read_exchange_record(std::string_view bytes);
void read_manifest(std::string_view bytes);
// A vm.args with variables.
void fill_vm_args(std::string_view bytes);

}  // namespace relmk::fuzz
