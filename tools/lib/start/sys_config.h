// sys.config, looked through when the release is built, so that an error is found then and not when
// a node boots.
#pragma once

#include <string>
#include <string_view>

namespace relmk::start {

// Throws Error, with the position and Erlang's words, for a text that no node could boot from:
// it is not Erlang's syntax, or not what application_controller takes for a configuration. A
// reference to a variable, ${VAR} or ${VAR:-default}, may stand for anything that is balanced in
// brackets: what it could make right is not refused. Included configurations ("./other.config") may
// be files of another machine, and are not looked for.
void validate_sys_config(const std::string& file, std::string_view text);

}  // namespace relmk::start
