// The instructions come as systools_make:generate_script/4 has them: what OTP itself needs (from
// the template), the modules of each application, the whole path, kernel's processes, then each
// application loaded and each started.
#include "otp/boot/boot_script.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <unordered_set>

#include "otp/release/start_order.h"
#include "sys/error.h"
#include "term/atoms.h"
#include "term/external.h"
#include "term/print.h"

namespace relmk::otp {
namespace {

using Strings = std::vector<std::string>;
using Variables = std::vector<std::pair<std::string, std::string>>;

Term progress(const char* what) {
  return Term::tuple({Term::atom("progress"), Term::atom(what)});
}

Term path_instruction(const Strings& directories) {
  Terms terms;
  for (const std::string& directory : directories)
    terms.push_back(Term::string(directory));
  return Term::tuple({Term::atom("path"), Term::list(std::move(terms))});
}

Term application_call(const char* function, Terms arguments) {
  return Term::tuple(
      {Term::atom("apply"), Term::tuple({Term::atom("application"), Term::atom(function),
                                         Term::list(std::move(arguments))})});
}

// filename:split/1
Strings split(const std::string& path) {
  Strings parts;
  if (path.starts_with('/')) parts.emplace_back("/");
  for (size_t i = 0; i < path.size();) {
    const size_t end = std::min(path.find('/', i), path.size());
    if (end > i) parts.push_back(path.substr(i, end - i));
    i = end + 1;
  }
  return parts;
}

std::string join(const Strings& parts) {
  std::string path = parts.front();
  for (size_t i = 1; i < parts.size(); ++i)
    path = join_filename(path, parts[i]);
  return join_filename(path, "");
}

// Where an application will be: cr_path/5 and variable_dir/4. A variable stands for its directory
// when that is a prefix of the path's text; NAME/ebin and NAME-VSN/ebin at the end of it both
// become NAME-VSN/ebin, and anything else gets that appended.
class Paths {
 public:
  explicit Paths(const BootScriptOptions& options) : options_(options) {
    for (const auto& [name, directory] : options.variables) {
      variables_.emplace_back(name, directory.substr(0, directory.find_last_not_of('/') + 1));
    }
  }

  std::string of(const ApplicationResource& app) const {
    if (options_.local) return join_filename(fs::current_path().string(), app.ebin);
    const std::string versioned = app.name.text() + "-" + app.version;
    Strings parts = beneath_variable(app, versioned).value_or(Strings{"$ROOT", "lib"});
    parts.push_back(versioned);
    parts.emplace_back("ebin");
    return join(parts);
  }

 private:
  std::optional<Strings> beneath_variable(const ApplicationResource& app,
                                          const std::string& versioned) const {
    const std::string directory = app.ebin;
    for (const auto& [name, prefix] : variables_) {
      if (!directory.starts_with(prefix)) continue;
      Strings parts = split(directory);
      const auto skipped = std::min(split(prefix).size(), parts.size());
      parts.erase(parts.begin(), parts.begin() + static_cast<ptrdiff_t>(skipped));
      const size_t count = parts.size();
      if (count >= 2 && parts[count - 1] == "ebin" &&
          (parts[count - 2] == app.name.text() || parts[count - 2] == versioned)) {
        parts.resize(count - 2);
      }
      parts.insert(parts.begin(), "$" + name);
      return parts;
    }
    return std::nullopt;
  }

  const BootScriptOptions& options_;
  Variables variables_;
};

// The value of a property with which an application is loaded (pack_app/1). One that systools of a
// later OTP adds is the .app's own, else what stdlib has.
Term property_value(const OrderedApplication& application, const Term& property) {
  const ApplicationResource& app = application.resource;
  const std::string& key = property[0].atom_text();
  if (key == "description") return Term::string(app.description);
  if (key == "vsn") return Term::string(app.version);
  if (key == "id") return Term::string(app.id);
  if (key == "modules") return term::atom_list(app.modules);
  if (key == "registered") return term::atom_list(app.registered);
  if (key == "applications") return term::atom_list(application.uses);
  if (key == "optional_applications") return term::atom_list(app.optional_applications);
  if (key == "included_applications") return term::atom_list(application.includes);
  if (key == "env") return app.env;
  if (key == "maxT") return app.max_time;
  if (key == "maxP") return app.max_processes;
  if (key == "start_phases") return app.start_phases.value_or(Term::atom("undefined"));
  return term::proplist_value(app.term[2], key).value_or(property[1]);
}

Term application_term(const OrderedApplication& application, const BootTemplate& otp) {
  const ApplicationResource& app = application.resource;
  Terms properties;
  bool phases_are_among_them = false;
  for (const Term& property : otp.properties) {
    properties.push_back(Term::tuple({property[0], property_value(application, property)}));
    phases_are_among_them |= property[0].is_atom("start_phases");
  }
  if (app.start_phases && !phases_are_among_them) {
    properties.push_back(Term::tuple({Term::atom("start_phases"), *app.start_phases}));
  }
  if (app.mod) properties.push_back(Term::tuple({Term::atom("mod"), *app.mod}));
  return Term::tuple({Term::atom("application"), app.name, Term::list(std::move(properties))});
}

class Script {
 public:
  Script(const ReleaseApplications& applications, const BootTemplate& otp,
         const BootScriptOptions& options)
      : order_(start_order(applications)), otp_(otp), no_dot_erlang_(options.no_dot_erlang) {
    const Paths paths(options);
    for (const OrderedApplication& application : order_) {
      paths_.push_back(paths.of(application.resource));
    }
  }

  Terms instructions() {
    add_head();
    load_modules();
    add(path_instruction(distinct(paths_)));
    add_kernel_processes();
    load_applications();
    start_applications();
    add_tail();
    return std::move(instructions_);
  }

 private:
  void add(Term instruction) { instructions_.push_back(std::move(instruction)); }

  static Strings distinct(const Strings& strings) {
    Strings set;
    std::unordered_set<std::string_view> known;
    for (const std::string& string : strings)
      if (known.insert(string).second) set.push_back(string);
    return set;
  }

  void add_head() {
    Strings path;
    for (size_t i = 0; i < order_.size(); ++i) {
      const std::string& name = order_[i].resource.name.text();
      if (name == "kernel" || name == "stdlib") path.push_back(paths_[i]);
    }
    for (const Term& instruction : otp_.head) {
      add(instruction.is_tagged("path", 2) ? path_instruction(distinct(path)) : instruction);
    }
  }

  void load_modules() {
    std::unordered_set<const std::string*> resident;
    for (const Atom& module : otp_.resident)
      resident.insert(&module.text());
    for (size_t i = 0; i < order_.size(); ++i) {
      std::vector<Atom> modules = order_[i].resource.modules;
      std::erase_if(modules, [&](const Atom& module) { return resident.contains(&module.text()); });
      std::sort(modules.begin(), modules.end(),
                [](const Atom& a, const Atom& b) { return a.text() < b.text(); });
      add(path_instruction({paths_[i]}));
      add(Term::tuple({Term::atom("primLoad"), term::atom_list(modules)}));
    }
    add(progress("modules_loaded"));
  }

  // The application controller is given the kernel application.
  void add_kernel_processes() {
    for (const Term& instruction : otp_.kernel_processes) {
      const bool controls = instruction.is_tagged("kernelProcess", 3) &&
                            instruction[1].is_atom("application_controller") &&
                            instruction[2].is_tuple(3);
      if (!controls) {
        add(instruction);
        continue;
      }
      Terms kernel;
      for (const OrderedApplication& application : order_) {
        if (application.resource.name.text() == "kernel") {
          kernel.push_back(application_term(application, otp_));
        }
      }
      add(Term::tuple(
          {instruction[0], instruction[1],
           Term::tuple({instruction[2][0], instruction[2][1], Term::list(std::move(kernel))})}));
    }
  }

  void load_applications() {
    for (const OrderedApplication& application : order_) {
      if (application.type == StartType::None) continue;
      if (application.resource.name.text() == "kernel") continue;
      add(application_call("load", {application_term(application, otp_)}));
    }
    add(progress("applications_loaded"));
  }

  void start_applications() {
    std::unordered_set<const std::string*> included;
    for (const OrderedApplication& application : order_) {
      for (const Atom& name : application.includes)
        included.insert(&name.text());
    }
    for (const OrderedApplication& application : order_) {
      const Atom& name = application.resource.name;
      if (application.type == StartType::None || application.type == StartType::Load) continue;
      if (included.contains(&name.text())) continue;
      add(application_call("start_boot", {name, Term::atom(start_type_text(application.type))}));
    }
  }

  void add_tail() {
    for (const Term& instruction : otp_.tail) {
      if (no_dot_erlang_ && instruction.is_tagged("apply", 2) && instruction[1].is_tagged("c", 3) &&
          instruction[1][1].is_atom("erlangrc")) {
        continue;
      }
      add(instruction);
    }
  }

  std::vector<OrderedApplication> order_;
  Strings paths_;  // of order_
  const BootTemplate& otp_;
  bool no_dot_erlang_;
  Terms instructions_;
};

}  // namespace

Term boot_script(const ReleaseApplications& applications, const BootTemplate& otp,
                 const BootScriptOptions& options) {
  Script script(applications, otp, options);
  return Term::tuple({Term::atom("script"),
                      Term::tuple({Term::string(applications.release.name),
                                   Term::string(applications.release.version)}),
                      Term::list(script.instructions())});
}

std::string script_text(const Term& script) {
  term::PrintOptions options;
  options.unicode = true;
  return "%% coding: utf-8\n" + term::print_pretty(script, options) + ".\n";
}

std::string boot_bytes(const Term& script, const BootTemplate& otp) {
  term::ExternalOptions options;
  options.latin1_atoms = otp.latin1_atoms;
  return term::encode_external(script, options);
}

}  // namespace relmk::otp
