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
  CLI::App app("Renders a Mustache template with overlay variables.", "render-overlay");
  std::string file;
  std::vector<std::string> vars;
  std::vector<std::string> definitions;
  std::optional<fs::path> out;
  app.add_option("TEMPLATE", file, "The template; {{>NAME}} in it is the file NAME.mustache")
      ->required();
  app.add_option("--vars", vars, "Read variables, {Name, Value} terms, from this file")
      ->type_name("FILE")
      ->allow_extra_args(false);
  app.add_option("-D", definitions, "Define a variable, over those of files")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false)
      ->check(check_definition);
  app.add_option("-o", out, "Write to this file, with the template's mode, and not to stdout")
      ->type_name("FILE");

  return sys::run_tool(app, argc, argv, [&] {
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
