// systools has preloaded modules, mandatory modules and kernel processes in its code; OTP's own
// boot files are made by it, so they hold the same.
#include <algorithm>

#include "otp/boot/boot_script.h"
#include "sys/error.h"
#include "term/external.h"

namespace relmk::otp {
namespace {

bool is_progress(const Term& instruction, const char* what) {
  return instruction.is_tagged("progress", 2) && instruction[1].is_atom(what);
}

// {apply, {application, Function, Arguments}}
bool is_application_call(const Term& instruction, const char* function) {
  return instruction.is_tagged("apply", 2) && instruction[1].is_tagged("application", 3) &&
         instruction[1][1].is_atom(function) && instruction[1][2].is_proper_list();
}

// Properties of {application, stdlib, Properties} where the instruction loads it.
const Term* stdlib_properties(const Term& instruction) {
  if (!is_application_call(instruction, "load")) return nullptr;
  const Terms& arguments = instruction[1][2].elements();
  if (arguments.size() != 1 || !arguments[0].is_tagged("application", 3)) return nullptr;
  return arguments[0][1].is_atom("stdlib") ? &arguments[0][2] : nullptr;
}

class Reader {
 public:
  Reader(const std::string& file, const Terms& instructions)
      : file_(file), instructions_(instructions) {}

  BootTemplate read() const {
    BootTemplate otp;
    const size_t head_end = after_progress("kernel_load_completed");
    otp.head = range(0, head_end);
    for (const Term& instruction : otp.head) {
      if (!instruction.is_tagged("preLoaded", 2) && !instruction.is_tagged("primLoad", 2)) continue;
      for (const Term& module : instruction[1].elements()) {
        if (module.is_atom()) otp.resident.push_back(module.as_atom());
      }
    }
    const size_t processes = after_progress("modules_loaded");
    otp.kernel_processes = range(processes, after_progress("init_kernel_started"));
    std::erase_if(otp.kernel_processes, [](const Term& i) { return i.is_tagged("path", 2); });
    size_t tail = instructions_.size();
    while (tail > 0 && !is_application_call(instructions_[tail - 1], "start_boot"))
      --tail;
    if (tail == 0) throw not_a_boot_file("no application is started");
    otp.tail = range(tail, instructions_.size());
    otp.properties = properties();
    return otp;
  }

 private:
  size_t after_progress(const char* what) const {
    for (size_t i = 0; i < instructions_.size(); ++i) {
      if (is_progress(instructions_[i], what)) return i + 1;
    }
    throw not_a_boot_file(std::string("no {progress,") + what + "}");
  }

  Terms range(size_t first, size_t last) const {
    if (first > last) throw not_a_boot_file("its instructions are in another order");
    return {instructions_.begin() + static_cast<ptrdiff_t>(first),
            instructions_.begin() + static_cast<ptrdiff_t>(last)};
  }

  Terms properties() const {
    for (const Term& instruction : instructions_) {
      const Term* properties = stdlib_properties(instruction);
      if (properties && properties->is_proper_list()) return properties->elements();
    }
    throw not_a_boot_file("stdlib is not loaded");
  }

  Error not_a_boot_file(const std::string& why) const {
    return Error(file_, "not a boot file of an Erlang/OTP installation: " + why);
  }

  const std::string& file_;
  const Terms& instructions_;
};

}  // namespace

BootTemplate boot_template(const std::string& file, const std::string& bytes) {
  Term script;
  try {
    script = term::decode_external(bytes);
  } catch (Error& error) {
    throw std::move(error).in_file(file);
  }
  if (!script.is_tagged("script", 3) || !script[2].is_proper_list()) {
    throw Error(file, "not a boot file: expected {script, {Name, Vsn}, Instructions}");
  }
  BootTemplate otp = Reader(file, script[2].elements()).read();
  // {script, …} is 131, 104, 3 and then the first atom, which says how they are encoded: ATOM_EXT
  // (100) until OTP 25.
  otp.latin1_atoms = bytes.size() > 3 && static_cast<unsigned char>(bytes[3]) == 100;
  return otp;
}

BootTemplate boot_template(const Installation& otp) {
  const fs::path file = start_clean_boot_file(otp);
  return boot_template(file.string(), sys::read_file(file));
}

}  // namespace relmk::otp
