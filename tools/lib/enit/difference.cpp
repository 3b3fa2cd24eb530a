#include "enit/difference.h"

#include <fmt/format.h>

#include <algorithm>

#include "enit/boot.h"
#include "otp/application/print_line.h"
#include "otp/release/start_order.h"
#include "term/atoms.h"
#include "term/print.h"

namespace relmk::enit {
namespace {

// [{Key, Value}] of an application in [{App, [{Key, Value}]}].
Term section_of(const Term& configuration, const Atom& application) {
  return proplist_value(configuration, application.text()).value_or(Term());
}

const Term* value_in(const Term& section, const Term& key) {
  for (const Term& setting : section.elements()) {
    if (setting[0] == key) return &setting[1];
  }
  return nullptr;
}

// The env of the .app that the node was started with.
Term app_file_env(const Applied& applied, const Atom& name) {
  for (const Applied::Application& app : applied.applications) {
    if (app.name != name) continue;
    try {
      return otp::read_application_resource(app.directory + "/ebin/" + name.text() + ".app").env;
    } catch (const Error&) {
      return Term();
    }
  }
  return Term();
}

class Comparison {
 public:
  Comparison(const Applied& applied, const Release& release) : applied_(applied) {
    now_ = application_configuration(release.configuration);
    compare_node(release);
  }

  void compare(const Atom& name) {
    if (term::contains(compared_, name)) return;
    compared_.push_back(name);
    const Term before = section_of(applied_.configuration, name);
    const Term now = section_of(now_, name);
    ApplicationDifference found{name, {}, {}};
    for (const Term& setting : now.elements()) {
      const Term* old = value_in(before, setting[0]);
      if (old == nullptr || *old != setting[1]) take(found, setting[0], setting[1], false);
    }
    const Term env = app_file_env(applied_, name);
    for (const Term& setting : before.elements()) {
      if (value_in(now, setting[0]) != nullptr) continue;
      if (const Term* value = value_in(env, setting[0])) {
        take(found, setting[0], *value, true);
      } else if (!is_fixed(name, setting[0])) {
        found.removed.push_back(setting[0].as_atom());
      }
    }
    if (!found.set.empty() || !found.removed.empty()) out.applications.push_back(std::move(found));
  }

  void compare_others() {
    for (const Term& all : {applied_.configuration, now_}) {
      for (const Term& section : all.elements())
        compare(section[0].as_atom());
    }
  }

  Difference out;

 private:
  // Notes a parameter that a running node can't take over.
  bool is_fixed(const Atom& name, const Term& key) {
    if (name.text() != "kernel" || !needs_restart(key.atom_text())) return false;
    out.restart.push_back("kernel " + term::print_atom(key.as_atom(), true));
    return true;
  }

  void take(ApplicationDifference& found, const Term& key, const Term& value, bool of_app_file) {
    if (!is_fixed(found.name, key)) found.set.push_back({key.as_atom(), value, of_app_file});
  }

  void compare_node(const Release& release) {
    const auto section = release.configuration.sections.find("node");
    std::vector<std::string> changed;
    const auto note = [&](const std::string& key) {
      // These are read by whoever starts or stops the node.
      if (key != "cookie" && key != "stop_timeout" && key != "start_retries" &&
          key != "start_delay") {
        changed.push_back("node " + term::print_atom(Atom(key), true));
      }
    };
    if (section != release.configuration.sections.end()) {
      for (const auto& [key, setting] : section->second) {
        const Term* old = value_in(applied_.node, Term::atom(key));
        if (old == nullptr || *old != setting.value) note(key);
      }
    }
    for (const Term& setting : applied_.node.elements()) {
      if (section == release.configuration.sections.end() ||
          !section->second.contains(setting[0].atom_text())) {
        note(setting[0].atom_text());
      }
    }
    out.restart.insert(out.restart.end(), changed.begin(), changed.end());
  }

  const Applied& applied_;
  Term now_;
  std::vector<Atom> compared_;
};

void compare_applications(const Applied& applied, const Release& release,
                          const otp::ReleaseApplications& applications, Difference& out) {
  const auto runs = [&](const Atom& name) {
    return std::any_of(applied.applications.begin(), applied.applications.end(),
                       [&](const Applied::Application& app) { return app.name == name; });
  };
  std::vector<Atom> loaded;
  for (const otp::ApplicationResource& app : applications.resources) {
    if (runs(app.name)) continue;
    out.loaded.push_back(app);
    loaded.push_back(app.name);
  }
  for (const Atom& name : started_applications(applications)) {
    if (term::contains(loaded, name)) out.started.push_back(name);
  }
  std::vector<Atom> named;
  for (const NamedApplications& names : release.named())
    named.insert(named.end(), names.names.begin(), names.names.end());
  const std::vector<Atom> needed = needed_by(applications, named);
  for (auto name = applied.named.rbegin(); name != applied.named.rend(); ++name) {
    if (!term::contains(needed, *name)) out.stopped.push_back(*name);
  }
}

}  // namespace

bool needs_restart(std::string_view kernel_parameter) {
  static const std::vector<std::string_view> fixed{"boot_server_slaves",
                                                   "dist_listen",
                                                   "epmd_module",
                                                   "erl_epmd_node_limit",
                                                   "error_logger",
                                                   "inet_dist_listen_max",
                                                   "inet_dist_listen_min",
                                                   "inet_dist_listen_options",
                                                   "inet_dist_use_interface",
                                                   "inet_parse_error_log",
                                                   "inetrc",
                                                   "logger",
                                                   "logger_level",
                                                   "logger_sasl_compatible",
                                                   "net_tickintensity",
                                                   "net_ticktime",
                                                   "permissions",
                                                   "prevent_overlapping_partitions",
                                                   "shell_history",
                                                   "shell_history_path",
                                                   "source_search_rules",
                                                   "standard_io_encoding",
                                                   "start_boot_server",
                                                   "start_disk_log",
                                                   "start_distribution",
                                                   "start_distribution_ctrl",
                                                   "start_pg",
                                                   "start_pg2",
                                                   "start_timer",
                                                   "sync_nodes_mandatory",
                                                   "sync_nodes_optional",
                                                   "sync_nodes_timeout"};
  return std::find(fixed.begin(), fixed.end(), kernel_parameter) != fixed.end();
}

Difference difference(const Applied& applied, const Release& release,
                      const otp::ReleaseApplications& applications) {
  Comparison comparison(applied, release);
  for (const otp::OrderedApplication& app : otp::start_order(applications))
    comparison.compare(app.resource.name);
  comparison.compare_others();
  compare_applications(applied, release, applications, comparison.out);
  return std::move(comparison.out);
}

std::string difference_text(const Difference& difference) {
  std::string text;
  for (const ApplicationDifference& app : difference.applications) {
    const std::string name = term::print_atom(app.name, true);
    for (const ApplicationDifference::Value& value : app.set) {
      text +=
          fmt::format("{} {} = {}{}\n", name, term::print_atom(value.key, true),
                      otp::print_line(value.value), value.of_app_file ? " (its .app's value)" : "");
    }
    for (const Atom& key : app.removed)
      text += fmt::format("{} {} is removed\n", name, term::print_atom(key, true));
  }
  for (const Atom& name : difference.started)
    text += fmt::format("start {}\n", term::print_atom(name, true));
  for (const Atom& name : difference.stopped)
    text += fmt::format("stop {}\n", term::print_atom(name, true));
  for (const std::string& what : difference.restart)
    text += fmt::format("needs a restart: {}\n", what);
  return text;
}

}  // namespace relmk::enit
