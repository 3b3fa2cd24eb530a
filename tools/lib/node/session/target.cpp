#include "node/session/target.h"

#include <unistd.h>

#include <cstdlib>

#include "start/environment_substitution.h"
#include "start/start_environment.h"
#include "sys/error.h"

namespace relmk::node {
namespace {

using sys::variable;

start::VmArgs read_vm_args_file(const fs::path& file, const sys::Environment& environment) {
  const std::string text = start::substitute_environment(sys::read_file(file), environment);
  return start::read_vm_args(file.string(), text, fs::current_path());
}

// What follows all -ssl_dist_opt.
std::vector<start::VmArgument> tls_arguments(const start::VmArgs* vm_args) {
  std::vector<start::VmArgument> words;
  if (vm_args == nullptr) return words;
  for (const start::VmFlag& flag : vm_args->flags()) {
    if (flag.name.text == "-ssl_dist_opt")
      words.insert(words.end(), flag.values.begin(), flag.values.end());
  }
  return words;
}

void set_protocol(NodeAddress& address, const std::string& protocol) {
  if (protocol.empty()) return;
  if (protocol == "inet_tcp" || protocol == "inet_tls") {
    address.family = AddressFamily::Inet;
  } else if (protocol == "inet6_tcp" || protocol == "inet6_tls") {
    address.family = AddressFamily::Inet6;
  } else {
    throw Error("-proto_dist " + start::shown_word(protocol) + " is not known here")
        .with_hint("inet_tcp, inet6_tcp, inet_tls or inet6_tls");
  }
}

// A file of options goes before options among the arguments.
void set_tls(Target& target, const fs::path& optfile,
             const std::vector<start::VmArgument>& arguments, const fs::path& root) {
  if (!optfile.empty()) {
    target.address.tls = read_tls_options(optfile);
    target.vm_flags.insert(target.vm_flags.end(), {"-ssl_dist_optfile", optfile.string()});
    return;
  }
  target.address.tls = tls_options_of_arguments(arguments, root);
  if (!arguments.empty()) target.vm_flags.push_back("-ssl_dist_opt");
  for (const start::VmArgument& word : arguments)
    target.vm_flags.push_back(word.text);
}

uint16_t port_number(const std::string& text, const std::string& where) {
  char* end = nullptr;
  const long port = std::strtol(text.c_str(), &end, 10);
  if (text.empty() || *end != '\0' || port <= 0 || port > 65535) {
    throw Error(where + " is no port: " + start::shown_word(text));
  }
  return static_cast<uint16_t>(port);
}

std::optional<uint16_t> known_port(const TargetOptions& options, const start::VmArgs* vm_args,
                                   const sys::Environment& environment) {
  if (options.port) return options.port;
  if (const std::string port = variable(environment, "ERL_DIST_PORT"); !port.empty()) {
    return port_number(port, "ERL_DIST_PORT");
  }
  const auto port = vm_args != nullptr ? vm_args->value("-erl_epmd_port") : std::nullopt;
  return port ? std::optional(port_number(*port, "-erl_epmd_port")) : std::nullopt;
}

// A module of the node's own knows its port, in place of epmd; it cannot be asked from here.
void refuse_epmd_module(const start::VmArgs& vm_args) {
  for (const start::VmFlag& flag : vm_args.flags()) {
    if (flag.name.text != "-epmd_module" || flag.values.empty()) continue;
    if (flag.values[0].text == "erl_epmd") continue;
    throw Error(flag.name.file, flag.name.at,
                "-epmd_module " + flag.values[0].text +
                    " finds nodes by itself: it cannot be asked from here where the node listens")
        .with_hint("set ERL_DIST_PORT to the node's port (or -erl_epmd_port in vm.args)");
  }
}

// Such a node connects to others, and nobody to it.
void refuse_deaf_node(const start::VmArgs& vm_args) {
  const start::VmFlag* flag = vm_args.find("-dist_listen");
  if (flag == nullptr || flag->values.empty() || flag->values[0].text != "false") return;
  throw Error(flag->name.file, flag->name.at,
              "-dist_listen false: the node takes no connections: nobody can ask it");
}

// {127,0,0,1}, or {0,0,0,0,0,0,0,1}, as -kernel inet_dist_use_interface has it; empty where it is
// none, or any.
std::string interface_address(std::string tuple) {
  std::vector<unsigned long> parts;
  for (const char* at = tuple.c_str(); *at != '\0';) {
    if (*at < '0' || *at > '9') {
      ++at;
      continue;
    }
    char* end = nullptr;
    parts.push_back(std::strtoul(at, &end, 10));
    at = end;
  }
  std::string address;
  unsigned long any = 0;
  for (const unsigned long part : parts) {
    char text[24];
    std::snprintf(text, sizeof text, parts.size() == 4 ? "%lu" : "%lx", part);
    address += (address.empty() ? "" : parts.size() == 4 ? "." : ":") + std::string(text);
    any |= part;
  }
  return (parts.size() == 4 || parts.size() == 8) && any != 0 ? address : std::string();
}

start::FoundCookie find_cookie(const TargetOptions& options, const start::VmArgs* vm_args,
                               const sys::Environment& environment) {
  if (const std::string cookie = variable(environment, "RELX_COOKIE"); !cookie.empty()) {
    return {cookie, "RELX_COOKIE"};
  }
  if (!options.cookie_file.empty()) {
    return {start::read_cookie_file(options.cookie_file), options.cookie_file.string()};
  }
  if (const start::VmArgument* cookie = vm_args != nullptr ? vm_args->cookie() : nullptr) {
    return {cookie->text, cookie->file};
  }
  if (auto cookie = start::user_cookie(environment)) return *cookie;
  throw Error("no cookie was found").with_hint("set RELX_COOKIE, or write ~/.erlang.cookie");
}

start::NodeName find_name(const TargetOptions& options, const start::VmArgs* vm_args,
                          const sys::Environment& environment) {
  if (options.node.empty() && vm_args == nullptr) {
    throw Error("which node?").with_hint("-n NAME@HOST, or --vm-args FILE");
  }
  if (!options.node.empty()) {
    const bool is_long = options.node.find('.') != std::string::npos;
    const start::NameType type = is_long ? start::NameType::Long : start::NameType::Short;
    return start::complete_node_name(options.node, options.name_type.value_or(type), environment);
  }
  const start::VmNodeName& name = vm_args->name_or_throw();
  const start::NameType type = name.long_name ? start::NameType::Long : start::NameType::Short;
  return start::complete_node_name(name.name, type, environment);
}

}  // namespace

uint16_t epmd_port(const sys::Environment& environment) {
  const long port = std::strtol(variable(environment, "ERL_EPMD_PORT").c_str(), nullptr, 10);
  return port > 0 && port <= 65535 ? static_cast<uint16_t>(port) : kEpmdPort;
}

void set_reach(Target& target, const TargetOptions& options, const start::VmArgs* vm_args,
               const fs::path& root, const sys::Environment& environment) {
  const auto flag = [&](const char* name) {
    return vm_args != nullptr ? vm_args->value(name).value_or("") : std::string();
  };
  const std::string protocol =
      options.proto_dist.empty() ? flag("-proto_dist") : options.proto_dist;
  fs::path optfile = options.ssl_dist_optfile.empty() ? fs::path(flag("-ssl_dist_optfile"))
                                                      : options.ssl_dist_optfile;
  if (!optfile.empty()) optfile = root / optfile;
  set_protocol(target.address, protocol);
  if (!protocol.empty()) target.vm_flags = {"-proto_dist", protocol};
  if (protocol.ends_with("_tls")) set_tls(target, optfile, tls_arguments(vm_args), root);
  target.address.port = known_port(options, vm_args, environment);
  // What is no port ends a VM, too.
  const std::string& epmd = variable(environment, "ERL_EPMD_PORT");
  target.address.epmd_port = epmd.empty() ? kEpmdPort : port_number(epmd, "ERL_EPMD_PORT");
  target.address.resolver_files = start::resolver_files(environment);
  if (vm_args != nullptr) refuse_deaf_node(*vm_args);
  if (!target.address.port && vm_args != nullptr) refuse_epmd_module(*vm_args);
  if (target.address.port) {
    const std::string port = std::to_string(*target.address.port);
    target.vm_flags.insert(target.vm_flags.end(), {"-erl_epmd_port", port, "-start_epmd", "false"});
  }
}

Target find_target(const TargetOptions& options, const sys::Environment& environment) {
  std::optional<start::VmArgs> read;
  std::optional<start::StartEnvironment> started;  // how the release's start script starts the node
  fs::path root;                                   // the release's, in which its node runs
  if (!options.vm_args.empty()) {
    read = read_vm_args_file(options.vm_args, environment);
  } else if (options.node.empty()) {
    if (const auto release = start::release_of_environment(environment)) {
      root = release->root;
      started = start::find_start_environment(*release, environment);
      read = started->flags;
    }
  }
  const start::VmArgs* vm_args = read ? &*read : nullptr;
  Target target;
  target.address.name = started ? started->node : find_name(options, vm_args, environment);
  set_reach(target, options, vm_args, root, environment);
  if (target.address.port && vm_args != nullptr) {
    target.address.interface =
        interface_address(vm_args->parameter("kernel", "inet_dist_use_interface").value_or(""));
  }
  if (started && !started->cookie.empty() && options.cookie_file.empty()) {
    target.cookie = {started->cookie, started->cookie_source};
  } else {
    target.cookie = find_cookie(options, vm_args, environment);
  }
  return target;
}

}  // namespace relmk::node
