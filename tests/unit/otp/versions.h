// Versions of an application `a` on disk, whose modules are OTP's under other names.
#pragma once

#include <map>
#include <string>

#include "beam/modules.h"
#include "scratch.h"
#include "sys/files.h"

namespace relmk::otp {

struct ApplicationVersions {
  Scratch scratch;

  fs::path path(const std::string& version) const { return scratch.path / ("a-" + version); }

  // `modules`: by name, what each has the code of, in stdlib.
  void put(const std::string& version, const std::map<std::string, std::string>& modules) const {
    const fs::path ebin = path(version) / "ebin";
    sys::make_directories(ebin);
    std::string names;
    for (const auto& [name, code] : modules) {
      names += (names.empty() ? "" : ",") + name;
      sys::write_file(ebin / (name + ".beam"),
                      sys::read_file(beam::otp_module_file("stdlib-*/ebin/" + code + ".beam")));
    }
    sys::write_file(ebin / "a.app", "{application,a,[{description,\"\"},{vsn,\"" + version +
                                        "\"},{registered,[]},{modules,[" + names +
                                        "]},{applications,[kernel,stdlib]}]}.\n");
  }
};

}  // namespace relmk::otp
