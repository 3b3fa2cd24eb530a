// Application upgrade files, NAME.appup (sasl's appup(4)).
#pragma once

#include <optional>
#include <string>

#include "otp/upgrade/instructions.h"
#include "term/term.h"

namespace relmk::otp {

// {Vsn, [{UpFromVsn, Instructions}], [{DownToVsn, Instructions}]}
struct Appup {
  std::string file;
  Term version;  // a string, unless the author erred
  Term up;       // lists
  Term down;
};

// The file's first term. Throws Error in the words of systools_relup (`Could not open file …`,
// `Could not parse file …`) with the position of what is wrong.
Appup read_appup(const std::string& file);

// The instructions for a version: of the first entry whose version is equal or, a binary, is a
// regular expression (re(3), with option unicode) of which the first match is all of it. nullopt
// when there is none. Throws Error for an entry that is none.
std::optional<Term> find_appup_script(const Appup& appup, UpgradeDirection direction,
                                      const std::string& version);

}  // namespace relmk::otp
