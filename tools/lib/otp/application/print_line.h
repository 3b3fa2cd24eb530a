// Terms in error messages.
#pragma once

#include <string>

#include "term/term.h"

namespace relmk::otp {

// As ~tp, but on one line however long.
std::string print_line(const Term& term);

}  // namespace relmk::otp
