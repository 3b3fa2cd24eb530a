// An application's source, NAME.app.src: the application resource file before its modules are
// known.
#pragma once

#include <string>
#include <vector>

namespace relmk::otp {

// The text of NAME.app for the first term of `file`: the term itself, whose list of modules, where
// it is empty or missing, is `modules` in their order. Throws Error with the position where that is
// no {application, Name, Properties}.
std::string application_of_source(const std::string& file, const std::vector<std::string>& modules);

}  // namespace relmk::otp
