// Makes an application's appup file from the compiled modules of two versions.
#include <fmt/core.h>

#include <string>

#include "otp/upgrade/appup_search.h"
#include "otp/upgrade/made_appup.h"
#include "sys/error.h"
#include "sys/output.h"
#include "sys/tool.h"
#include "term/print.h"

using namespace relmk;

namespace {

struct Options {
  std::string from;
  std::string to;
  std::string output;
  bool explain = false;
};

int make_appup(const Options& options) {
  const otp::MadeAppup appup = otp::make_appup(options.from, options.to);
  for (const otp::ModuleFault& fault : appup.faults)
    sys::say(fault.text());
  const std::string explanation = options.explain ? otp::explanation(appup) : "";
  if (appup.is_refused()) {
    fmt::print("{}", explanation);
    return 1;
  }
  if (options.output.empty()) {
    fmt::print("{}{}", otp::commented(explanation), otp::made_appup_text(appup));
    return 0;
  }
  if (sys::is_regular_output(options.output) && !otp::is_made_appup(options.output)) {
    throw Error(options.output, "an appup that was written by hand is there")
        .with_hint("remove it, or write to another file");
  }
  sys::write_output(options.output, otp::made_appup_text(appup));
  fmt::print("{}", explanation);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  sys::CommandLine line(
      "make-appup",
      "Makes the appup file of an application from the compiled modules of its two versions, both "
      "ways. What cannot be upgraded without thought is refused or warned of.");
  Options options;
  line.option("OLDDIR", options.from, "The old version: its directory, or its ebin",
              {.is_required = true});
  line.option("NEWDIR", options.to, "The new version", {.is_required = true});
  line.option("-o,--output", options.output, "Write there, not to stdout", {.value = "FILE"});
  line.flag("--explain", options.explain,
            "Say of each module what was decided, and why: before the appup as comments, or on "
            "stdout where the appup goes to a file");
  return sys::run_tool(line, argc, argv, [&] { return make_appup(options); });
}
