// Renders one Mustache template with overlay variables, as a release's overlay would.
#include <sys/stat.h>

#include <cstdio>
#include <optional>
#include <string>
#include <vector>

#include "relx/overlay/overlay_vars.h"
#include "sys/output.h"
#include "sys/tool.h"

using namespace relmk;

namespace {

std::string check_definition(const std::string& definition) {
  const size_t equals = definition.find('=');
  const bool is_one = equals != std::string::npos && equals > 0;
  return is_one ? "" : "NAME=VALUE is expected, not " + definition;
}

Term definition_term(const std::string& definition) {
  const size_t equals = definition.find('=');
  return Term::tuple(
      {Term::atom(definition.substr(0, equals)), Term::binary(definition.substr(equals + 1))});
}

unsigned mode_of(const fs::path& file) {
  struct stat status {};
  return ::stat(file.c_str(), &status) == 0 ? status.st_mode & 07777 : 0644;
}

}  // namespace

int main(int argc, char** argv) {
  sys::CommandLine line("render-overlay", "Renders a Mustache template with overlay variables.");
  std::string file;
  std::vector<std::string> vars;
  std::vector<std::string> definitions;
  std::optional<fs::path> out;
  line.option("TEMPLATE", file, "The template; {{>NAME}} in it is the file NAME.mustache",
              {.is_required = true});
  line.option("--vars", vars, "Read variables, {Name, Value} terms, from this file",
              {.value = "FILE", .one_each = true});
  line.option("-D", definitions, "Define a variable, over those of files",
              {.value = "NAME=VALUE", .one_each = true, .fault = check_definition});
  line.option("-o", out, "Write to this file, with the template's mode, and not to stdout",
              {.value = "FILE"});

  return sys::run_tool(line, argc, argv, [&] {
    Terms overlay_vars;
    for (const std::string& name : vars) {
      std::error_code ignored;
      if (!fs::exists(name, ignored)) throw Error(name, "cannot read: No such file or directory");
      overlay_vars.push_back(Term::string(name));
    }
    for (const std::string& definition : definitions)
      overlay_vars.push_back(definition_term(definition));
    const Term variables = relx::add_overlay_vars({}, overlay_vars, {}, {{}, "-D", {}});
    const std::string text = relx::render_with_variables(file, sys::read_file(file), variables, {});
    if (out)
      sys::write_output(*out, text, mode_of(file));
    else
      std::fwrite(text.data(), 1, text.size(), stdout);
    return 0;
  });
}
