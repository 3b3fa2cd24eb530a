// Programs for a node, evaluated by a VM.
#pragma once

#include <string>

#include "eval/evaluate/script.h"
#include "scratch.h"
#include "sys/files.h"
#include "term/print.h"

namespace relmk::enit {

// The value of expressions that end with a full stop, as a text.
inline std::string evaluated_program(const std::string& text) {
  const Scratch scratch;
  const fs::path file = scratch.path / "program.script";
  // What eval doesn't know makes it leave the script to erl.
  sys::write_file(file, "ets:info(none),\n" + text);
  eval::ScriptOptions options;
  options.otp_release = "25";
  options.limit = std::chrono::seconds(300);
  return term::print_plain(eval::evaluate_script(file, {}, options));
}

}  // namespace relmk::enit
