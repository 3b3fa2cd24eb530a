// Compiles a release resource file to a boot script, as systools:make_script/2 does.
#include <string>
#include <vector>

#include "otp/application/code_path.h"
#include "otp/application/installation.h"
#include "otp/boot/boot_script.h"
#include "otp/release/release_applications.h"
#include "otp/release/release_resource.h"
#include "sys/error.h"
#include "sys/memory.h"
#include "sys/output.h"
#include "sys/tool.h"
#include "sys/workers.h"

using namespace relmk;

namespace {

struct Options {
  std::string release;
  std::vector<std::string> code_path;
  std::string directory;
  std::string script_name;
  std::vector<std::string> variables;
  bool no_warn_sasl = false;
  otp::BootScriptOptions script;
};

std::pair<std::string, std::string> variable(const std::string& text) {
  const size_t equals = text.find('=');
  return {text.substr(0, equals), text.substr(equals + 1)};
}

std::string variable_fault(const std::string& text) {
  const size_t equals = text.find('=');
  return equals == 0 || equals == std::string::npos ? "expected NAME=DIRECTORY" : "";
}

std::string script_name_fault(const std::string& text) {
  const bool is_name = !text.empty() && text.find('/') == std::string::npos;
  return is_name ? "" : "expected a name without a slash: --outdir names a directory";
}

int make_script(Options& options) {
  // Bytes, for a release of 60 applications.
  constexpr size_t kUsualMemory = 2 << 20;
  constexpr size_t kUsualMemoryOfThread = 3 << 18;
  sys::take_memory(kUsualMemory, kUsualMemoryOfThread);
  const fs::path given = options.release;
  const fs::path file = given.extension() == ".rel" ? given : fs::path(options.release + ".rel");
  const fs::path directory =
      options.directory.empty() ? file.parent_path() : fs::path(options.directory);
  const std::string name = options.script_name.empty() ? file.stem().string() : options.script_name;
  for (const std::string& text : options.variables) {
    options.script.variables.push_back(variable(text));
  }

  const otp::ReleaseResource release = otp::read_release_resource(file.string());
  if (!options.no_warn_sasl && otp::lacks_sasl(release)) {
    sys::warn(file.string(), {}, "Missing application sasl. Can not upgrade with this release");
  }
  const sys::Environment environment = sys::process_environment();
  const otp::Installation otp = otp::find_installation(environment);
  otp::CodePath path;
  for (const std::string& ebin : options.code_path)
    path.add(ebin);
  path.add_installation(otp, environment);
  const otp::BootTemplate boot = otp::boot_template(otp);
  // These are never destroyed, which would take longer than to leave that to the system.
  const auto& applications = *new otp::ReleaseApplications(
      otp::load_release_applications(release, file.string(), path, otp::repetitions(otp)));
  const Term& script = *new Term(otp::boot_script(applications, boot, options.script));
  std::vector<sys::FileContent> files = {{directory / (name + ".script"), {}},
                                         {directory / (name + ".boot"), {}}};
  sys::for_each_parallel(files.size(), [&](size_t i) {
    files[i].bytes = i == 0 ? otp::script_text(script) : otp::boot_bytes(script, boot);
  });
  sys::write_outputs(files);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  sys::CommandLine line(
      "make-script",
      "Writes the boot script of a release, NAME.script and NAME.boot, from NAME.rel: what "
      "systools:make_script/2 does. Applications are looked for in the -I directories, then where "
      "`erl` looks.");
  Options options;
  line.option("REL", options.release, "Release resource file, NAME.rel",
              {.value = "NAME.rel", .is_required = true});
  line.option("-I,--include", options.code_path,
              "Look for applications in this ebin directory, or in all that a pattern as "
              "'lib/*/ebin' matches",
              {.value = "EBIN", .one_each = true});
  line.option("-o,--outdir", options.directory, "Write there, not beside NAME.rel",
              {.value = "DIR"});
  line.option("--script-name", options.script_name, "Write NAME.script and NAME.boot",
              {.value = "NAME", .fault = script_name_fault});
  line.flag("--local", options.script.local,
            "Name each application's directory as found, not $ROOT/lib/APP-VSN/ebin");
  line.option("--variable", options.variables,
              "Boot variable: for an application below DIR, write $NAME in its place",
              {.value = "NAME=DIR", .one_each = true, .fault = variable_fault});
  line.flag("--no-dot-erlang", options.script.no_dot_erlang, "Do not load ~/.erlang at start");
  line.flag("--no-warn-sasl", options.no_warn_sasl, "Say nothing when the release lacks sasl");
  return sys::run_tool(line, argc, argv, [&] { return make_script(options); });
}
