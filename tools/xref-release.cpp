// Prints the calls of an assembled release to functions that it does not hold.
#include <cstdio>
#include <string>

#include "relx/release/release_xref.h"
#include "sys/tool.h"

using namespace relmk;

int main(int argc, char** argv) {
  sys::CommandLine line(
      "xref-release",
      "Prints the calls, one on a line as M:F/A -> M:F/A, of a release's own applications to\n"
      "functions that the release does not hold.");
  fs::path root;
  std::vector<std::string> names;
  relx::ReleaseXrefOptions options;
  bool is_strict = false;
  line.option("RELDIR", root, "The release's directory", {.is_required = true});
  line.option("--app", names, "Check the calls of this application",
              {.value = "NAME", .one_each = true});
  line.flag("--all", options.all, "Check the calls of all applications, OTP's too");
  line.flag("--strict", is_strict, "Exit with 1 when there is such a call");
  return sys::run_tool(line, argc, argv, [&] {
    options.environment = sys::process_environment();
    for (const std::string& name : names)
      options.applications.emplace_back(name);
    const std::vector<beam::Call> calls =
        beam::undefined_calls(relx::release_xref_scope(root, options));
    for (const beam::Call& call : calls)
      std::printf("%s -> %s\n", call.caller.text().c_str(), call.callee.text().c_str());
    return is_strict && !calls.empty() ? 1 : 0;
  });
}
