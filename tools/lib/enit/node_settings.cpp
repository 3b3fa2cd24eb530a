#include "enit/node_settings.h"

#include <fmt/format.h>

#include <algorithm>

#include "term/print.h"

namespace relmk::enit {
namespace {

using std::chrono::milliseconds;

bool is_printable(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

class NodeSection {
 public:
  NodeSection(const Configuration& configuration, Faults& faults) : faults_(faults) {
    const auto found = configuration.sections.find("node");
    if (found != configuration.sections.end()) section_ = &found->second;
  }

  const Setting* find(const char* key) const {
    if (section_ == nullptr) return nullptr;
    const auto found = section_->find(key);
    return found == section_->end() ? nullptr : &found->second;
  }

  void fault(const char* key, const std::string& what) {
    const Setting& setting = *find(key);
    faults_.add(Error(setting.file, setting.at, fmt::format("node: {}: {}", key, what)));
  }

  void take_text(const char* key, std::string& out) {
    const Setting* setting = find(key);
    if (setting == nullptr) return;
    const auto text = text_of(setting->value);
    if (text && !text->empty()) {
      out = *text;
    } else {
      fault(key, "expected a string");
    }
  }

  void take_truth(const char* key, bool& out) {
    const Setting* setting = find(key);
    if (setting == nullptr) return;
    if (!setting->value.is_boolean()) return fault(key, "expected true or false");
    out = setting->value.is_atom("true");
  }

  std::optional<int64_t> number(const char* key, const char* what) {
    const Setting* setting = find(key);
    if (setting == nullptr) return std::nullopt;
    const Term& value = setting->value;
    if (value.is_small_integer() && value.as_integer() >= 0 && value.as_integer() < 1'000'000'000) {
      return value.as_integer();
    }
    fault(key, fmt::format("expected {}", what));
    return std::nullopt;
  }

  const enit::Section* all() const { return section_; }

 private:
  const enit::Section* section_ = nullptr;
  Faults& faults_;
};

// What a VM takes for a cookie that it reads from a file.
void take_cookie(NodeSection& section, NodeSettings& node) {
  if (section.find("cookie") == nullptr) return;
  section.take_text("cookie", node.cookie);
  if (!is_printable(node.cookie) || node.cookie.size() > 255) {
    section.fault("cookie", "longer than 255 characters, or not all of printable ASCII");
    node.cookie.clear();
  }
}

void take_name(const std::string& release, NodeSection& section, const Environment& environment,
               NodeSettings& node) {
  std::string given;
  section.take_text("nodename", given);
  try {
    const std::string host =
        given.find('@') == std::string::npos ? "" : given.substr(given.find('@'));
    node.long_name = host.find_first_of(".:") != std::string::npos;
    node.name = start::complete_node_name(
        given.empty() ? release : given,
        node.long_name ? start::NameType::Long : start::NameType::Short, environment);
  } catch (const Error& error) {
    if (section.find("nodename") != nullptr) {
      section.fault("nodename", error.message());
    } else {
      throw;
    }
  }
}

void take_smp(NodeSection& section, NodeSettings& node) {
  const Setting* smp = section.find("smp");
  if (smp == nullptr) return;
  const std::string word = text_of(smp->value).value_or("");
  if (word == "disable" || word == "disabled" || word == "false") {
    node.one_scheduler = true;
  } else if (word != "enable" && word != "enabled" && word != "auto" && word != "true") {
    section.fault("smp", "expected enable, auto or disable");
  }
}

// Why an argument is not for vm_args; empty where it is.
std::string refusal_of_argument(const std::string& word) {
  if (word == "-setcookie") return "the cookie has a key of its own";
  if (word == "-name" || word == "-sname")
    return word + ": the name has a key of its own, nodename";
  if (word == "-args_file") return "-args_file: what the file holds is to stand here";
  for (const char* own : {"-boot", "-home", "-detached"})
    if (word == own) return word + " is for enit to give";
  return {};
}

void take_vm_args(NodeSection& section, NodeSettings& node) {
  const Setting* setting = section.find("vm_args");
  if (setting == nullptr) return;
  const bool is_list = setting->value.is_proper_list();
  for (size_t i = 0; is_list && i < setting->value.elements().size(); ++i) {
    const auto word = text_of(setting->value[i]);
    if (!word) return section.fault("vm_args", "expected a list of strings");
    const std::string refusal = refusal_of_argument(*word);
    if (!refusal.empty()) return section.fault("vm_args", refusal);
    node.vm_args.push_back(*word);
  }
  if (!is_list) section.fault("vm_args", "expected a list of strings");
}

void take_start(NodeSection& section, NodeSettings& node) {
  if (const Setting* setting = section.find("start_retries")) {
    const Term& value = setting->value;
    node.start_retries = retries(value.is_small_integer() ? std::to_string(value.as_integer())
                                                          : text_of(value).value_or(""));
    if (!node.start_retries) section.fault("start_retries", "expected a number or infinity");
  }
  if (const auto delay = section.number("start_delay", "seconds")) {
    node.start_delay = milliseconds(*delay * 1000);
  }
  if (const auto timeout = section.number("stop_timeout", "milliseconds")) {
    node.stop_timeout = milliseconds(*timeout);
  }
}

// The address of {kernel, [{inet_dist_use_interface, {127,0,0,1}}]}; empty for none, or for any.
std::string interface_address(const Configuration& configuration) {
  const auto kernel = configuration.sections.find("kernel");
  if (kernel == configuration.sections.end()) return {};
  const auto found = kernel->second.find("inet_dist_use_interface");
  if (found == kernel->second.end()) return {};
  const Term& value = found->second.value;
  if (!value.is_tuple(4) && !value.is_tuple(8)) return {};
  std::string text;
  bool any = true;
  for (const Term& part : value.elements()) {
    if (!part.is_small_integer()) return {};
    any = any && part.as_integer() == 0;
    text += value.is_tuple(4) ? fmt::format("{}{}", text.empty() ? "" : ".", part.as_integer())
                              : fmt::format("{}{:x}", text.empty() ? "" : ":", part.as_integer());
  }
  return any ? std::string() : text;
}

}  // namespace

const std::vector<std::string_view>& node_keys() {
  static const std::vector<std::string_view> keys{
      "connect_all", "cookie",  "hidden",      "nodename",      "run_as_group", "run_as_user",
      "smp",         "vm_args", "start_delay", "start_retries", "stop_timeout"};
  return keys;
}

std::optional<NodeSettings::Retries> retries(const std::string& text) {
  if (text == "infinity" || text == "unlimited") return NodeSettings::Retries{std::nullopt};
  if (text.empty() || text.size() > 9 ||
      text.find_first_not_of("0123456789") != std::string::npos) {
    return std::nullopt;
  }
  return NodeSettings::Retries{std::stol(text)};
}

NodeSettings node_settings(const std::string& release, const Configuration& configuration,
                           const Environment& environment, Faults& faults) {
  NodeSettings node;
  NodeSection section(configuration, faults);
  take_cookie(section, node);
  try {
    take_name(release, section, environment, node);
  } catch (const Error& error) {
    faults.add(Error(error.message()).with_hint("give {node, [{nodename, \"NAME@HOST\"}]}."));
  }
  section.take_text("run_as_user", node.run_as_user);
  section.take_text("run_as_group", node.run_as_group);
  take_smp(section, node);
  section.take_truth("connect_all", node.connect_all);
  section.take_truth("hidden", node.hidden);
  take_vm_args(section, node);
  take_start(section, node);
  return node;
}

node::Target target_of(const std::string& release, const NodeSettings& node,
                       const Configuration& configuration, const Environment& environment) {
  if (node.cookie.empty()) {
    throw Error(fmt::format("release {} has no cookie", release))
        .with_hint("add {node, [{cookie, \"…\"}]}. to its configuration");
  }
  node::Target target;
  target.address.name = node.name.value();
  const start::VmArgs arguments(start::read_command_arguments(node.vm_args, "/").flags);
  node::set_reach(target, {}, &arguments, "/", environment);
  target.address.interface = interface_address(configuration);
  target.cookie = {node.cookie, "the configuration"};
  return target;
}

}  // namespace relmk::enit
