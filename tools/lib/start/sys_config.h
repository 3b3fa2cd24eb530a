// sys.config, looked through when the release is built, so that an error is found then and not when
// a node boots.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sys/error.h"
#include "sys/files.h"

namespace relmk::start {

// Throws Error, with the position and Erlang's words, for a text that no node could boot from:
// it is not Erlang's syntax, or not what application_controller takes for a configuration. A
// reference to a variable, ${VAR} or ${VAR:-default}, may stand for anything that is balanced in
// brackets: what it could make right is not refused.
void validate_sys_config(const std::string& file, std::string_view text);

// The same for the text that a VM is given: here a reference to a variable stands for nothing.
void check_sys_config_of_vm(const std::string& file, std::string_view text);

// The same for a configuration that sys.config names: it names no further ones, and no variable is
// replaced in it.
void check_included_config(const std::string& file, std::string_view text);

// Another configuration that sys.config names, as in `[{web, […]}, "production"]`.
struct IncludedConfig {
  fs::path path;  // with the .config that OTP adds; one that is relative is looked for in the
                  // directory of sys.config first, and then in the node's working directory
  Position at;    // of its name
};

// Those of a sys.config, in its order. Of a template, as if no variable were set; none where that
// is no term.
std::vector<IncludedConfig> included_configs(const std::string& file, std::string_view text);

// Throws Error for an included configuration that is not there, or from which no node could boot.
// `directory`: that of the sys.config that the VM is given; `root`: the node's working directory.
void check_included_configs(const std::string& file, std::string_view text,
                            const fs::path& directory, const fs::path& root);

}  // namespace relmk::start
