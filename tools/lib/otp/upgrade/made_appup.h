// An application's appup, made from the compiled modules of its two versions.
#pragma once

#include <string>
#include <vector>

#include "otp/upgrade/application_version.h"
#include "sys/files.h"
#include "term/term.h"

namespace relmk::otp {

// What was decided about one module, and why.
struct ModuleDecision {
  Atom module{""};
  ModuleChange change = ModuleChange::Same;
  std::string instruction;  // its name: update, load_module, add_module, delete_module; empty: none
  std::string reason;       // one sentence without its full stop
};

// What is wrong with an upgrade of a module, or may be.
struct ModuleFault {
  bool is_refused = false;  // an error: no appup can be made
  std::string file;         // the BEAM file
  Atom module{""};
  std::string message;  // names the module
  std::string hint;     // what to do; may be empty

  // `FILE: error: MESSAGE` or `FILE: warning: MESSAGE`, and `hint: HINT` on a second line.
  std::string text() const;
};

struct MadeAppup {
  Atom application{""};
  std::string from;  // versions
  std::string to;
  Term up;                                // instructions, a list
  Term down;                              // the way back
  std::vector<ModuleDecision> decisions;  // by name, every module of both versions
  std::vector<ModuleFault> faults;        // by module

  bool is_refused() const;
  // {To, [{From, Up}], [{From, Down}]}
  Term term() const;
};

// Compares the modules of an application's two versions by what executes and says how a running
// node gets from the one to the other. Each directory holds ebin/NAME.app and the modules that it
// names, or is such an ebin directory. The version may be the same: then nothing may have changed,
// and each module that has is a fault. Throws Error for a file that is missing or malformed, and
// for directories of two applications.
MadeAppup make_appup(const fs::path& from, const fs::path& to);

// A line for each module: what was decided, and why.
std::string explanation(const MadeAppup& appup);
// The same lines as Erlang comments.
std::string commented(const std::string& lines);

// The appup file, marked as made.
std::string made_appup_text(const MadeAppup& appup);

}  // namespace relmk::otp
