#include "enit/configuration_text.h"

#include <fmt/format.h>

#include "enit/json.h"
#include "otp/application/print_line.h"
#include "sys/json.h"
#include "term/print.h"

namespace relmk::enit {
namespace {

bool is_shown(const std::string& application, const ConfigurationView& view) {
  return !view.application || *view.application == application;
}

bool is_hidden(const std::string& application, const std::string& key,
               const ConfigurationView& view) {
  return application == "node" && key == "cookie" && !view.with_cookie;
}

std::string section_text(const std::string& application, const Section& section,
                         const ConfigurationView& view) {
  std::string text = fmt::format("{{{}, [\n", term::print_atom(Atom(application), true));
  size_t left = section.size();
  if (left > 0 && application == "node" && section.contains("cookie") && !view.with_cookie) --left;
  for (const auto& [key, setting] : section) {
    const std::string origin = fmt::format("{}:{}", setting.file, setting.at.line);
    const std::string name = term::print_atom(Atom(key), true);
    if (is_hidden(application, key, view)) {
      text += fmt::format("    % {}: not shown  % {}\n", name, origin);
    } else {
      text += fmt::format("    {{{}, {}}}{}  % {}\n", name, otp::print_line(setting.value),
                          --left > 0 ? "," : "", origin);
    }
  }
  return text + "]}.\n";
}

}  // namespace

std::string configuration_text(const Configuration& configuration, const ConfigurationView& view) {
  std::string text;
  for (const auto& [application, section] : configuration.sections) {
    if (is_shown(application, view)) text += section_text(application, section, view);
  }
  return text;
}

std::string configuration_json(const Configuration& configuration, const ConfigurationView& view) {
  std::string applications;
  for (const auto& [application, section] : configuration.sections) {
    if (!is_shown(application, view)) continue;
    std::string settings;
    for (const auto& [key, setting] : section) {
      const bool hidden = is_hidden(application, key, view);
      settings += fmt::format(
          "{}{}:{{\"value\":{},{}\"file\":{},\"line\":{}}}", settings.empty() ? "" : ",",
          sys::json_string(key), hidden ? "null" : json_value(setting.value),
          hidden ? "" : "\"term\":" + sys::json_string(otp::print_line(setting.value)) + ",",
          sys::json_string(setting.file), setting.at.line);
    }
    applications += fmt::format("{}{}:{{{}}}", applications.empty() ? "" : ",",
                                sys::json_string(application), settings);
  }
  return "{" + applications + "}\n";
}

std::string configuration_term(const Configuration& configuration, const ConfigurationView& view) {
  Terms sections;
  for (const auto& [application, section] : configuration.sections) {
    if (!is_shown(application, view)) continue;
    Terms settings;
    for (const auto& [key, setting] : section) {
      if (!is_hidden(application, key, view)) {
        settings.push_back(Term::tuple({Term::atom(key), setting.value}));
      }
    }
    sections.push_back(Term::tuple({Term::atom(application), Term::list(std::move(settings))}));
  }
  return term::print_plain(Term::list(std::move(sections))) + ".\n";
}

}  // namespace relmk::enit
