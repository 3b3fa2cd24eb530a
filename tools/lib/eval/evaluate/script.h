// Config scripts (`relx.config.script`, `rebar.config.script`, …), evaluated as file:script/2 does.
//
// Most scripts are evaluated in this process, without a VM. What the evaluator does not know (a
// module outside its library, `receive`, a spawned process) makes the whole script go to `erl`,
// which finds the current directory and the environment as they were.
//
// What rebar3 does around file:script, for who stands in for it: it binds 'CONFIG' to the terms of
// the plain file ([] where there is none) and 'SCRIPT' to the script's file name as it was given
// (a string), leaves the current directory alone, and takes a value that is no list for a list of
// that value. A name given as FILE.script has FILE for its plain file.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sys/files.h"
#include "term/term.h"

namespace relmk::eval {

struct ScriptOptions {
  // What runs a script that has to be handed over; looked up in PATH unless it holds a slash.
  std::string erl = "erl";
  // The OTP installation that the script sees: code:root_dir(), code:lib_dir(),
  // erlang:system_info(otp_release). A script that asks for what is empty here is handed over.
  fs::path otp_root;
  std::string otp_release;   // "25"
  std::string erts_version;  // "13.1.5"
  // For what was written for rebar3: as what version of it the script finds itself run
  // (application:get_key(rebar, vsn), erlang:function_exported(rebar3, main, 1)). Empty: by none.
  std::string rebar_version;
  // What erl may take for a script, and a command that a script calls; as much processor time this
  // process may take to evaluate one. 0: any time.
  std::chrono::seconds limit{0};
  // Bytes of memory that each of them may take. 0: any.
  size_t most_memory = 0;
  // Maps are flat: each update copies its entries. How many updates may copy in all.
  size_t most_copied_entries = 20'000'000;
  // Called with the name of what made us hand over: `ets:new/2`, `receive`, …
  std::function<void(const std::string& name)> handed_over;
  // Gets what the script prints; when not set, that goes to stderr.
  std::function<void(std::string_view text)> output;
};

using ScriptBindings = std::vector<std::pair<std::string, Term>>;

// The value of the last form of the script. Throws Error with file, line and Erlang's words when
// it does not parse, a form fails (`evaluation failed with reason error:{badmatch,1}`) or has no
// form at all (`no value returned from script`); and for one that takes too long, or whose value is
// too large or too deep to be written down.
Term evaluate_script(const fs::path& file, const ScriptBindings& bindings,
                     const ScriptOptions& options = {});

}  // namespace relmk::eval
