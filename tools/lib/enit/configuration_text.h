// The effective configuration as `enit config` prints it.
#pragma once

#include <optional>

#include "enit/configuration.h"

namespace relmk::enit {

struct ConfigurationView {
  std::optional<std::string> application;  // only that one's
  bool with_cookie = false;                // that of `node` is shown
};

// Terms for file:consult/1, {App, [{Key, Value}]}. each; behind each key FILE:LINE as a comment.
std::string configuration_text(const Configuration& configuration, const ConfigurationView& view);

// {"APP": {"KEY": {"value": …, "term": "…", "file": "…", "line": N}}}, and a newline. `term` is the
// value in Erlang's form. A cookie that is not shown has the value null, and no term.
std::string configuration_json(const Configuration& configuration, const ConfigurationView& view);

// One term [{App, [{Key, Value}]}] and a full stop.
std::string configuration_term(const Configuration& configuration, const ConfigurationView& view);

}  // namespace relmk::enit
