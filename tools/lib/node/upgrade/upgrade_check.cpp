#include "node/upgrade/upgrade_check.h"

#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <functional>

#include "node/distribution/node_error.h"
#include "term/character_data.h"
#include "term/external.h"
#include "term/print.h"

namespace relmk::node {
namespace {

// Notes end here: the rest is a number.
constexpr size_t kMostNotes = 30;

bool has_meaning_in_shell(const std::string& path) {
  return path.find_first_of(" \t\n\\\"'`$&;|<>()*?[") != path.npos;
}

class Check {
 public:
  Check(Rpc& rpc, const start::ReleasePlace& release, const start::Environment& environment,
        const std::string& version, std::chrono::milliseconds limit, const Deadline& deadline)
      : rpc_(rpc),
        release_(release),
        environment_(environment),
        version_(version),
        limit_(limit),
        deadline_(deadline) {}

  UpgradeCheck run() {
    found_.state = ask_node_state(rpc_, nullptr, limit_, deadline_);
    if (!check_release_handler()) return std::move(found_);
    attempt([&] { find_image(); });
    found_.is_missing = !found_.image;
    if (found_.is_missing) return std::move(found_);
    attempt([&] { find_script(); });
    if (found_.script) check_node();
    check_runtime();
    check_applications();
    attempt([&] { found_.configuration = render_configuration(*found_.image, environment_); });
    if (found_.configuration && found_.script) check_restart();
    if (found_.configuration) note_environment();
    if (found_.image->tarball() && !found_.is_registered)
      check_disk();
    else
      check_writable(release_.root / "releases");
    return std::move(found_);
  }

 private:
  void obstacle(const std::string& message, const std::string& hint) {
    found_.obstacles.push_back(hint.empty() ? Error(message) : Error(message).with_hint(hint));
  }
  void attempt(const std::function<void()>& step) {
    try {
      step();
    } catch (const NodeError&) {
      throw;
    } catch (const RemoteError&) {
      throw;
    } catch (const Error& error) {
      found_.obstacles.push_back(error);
    }
  }

  bool check_release_handler() {
    const NodeState& state = found_.state;
    if (!state.has_release_handler) {
      obstacle("the node has no release_handler that answers",
               "the release needs the application sasl; without it, stop the node and start the "
               "other version");
      return false;
    }
    std::error_code error;
    if (!fs::equivalent(release_.root / "releases", state.releases_directory, error)) {
      obstacle(
          "the node keeps its releases in " + state.releases_directory.string() + ", not in " +
              (release_.root / "releases").string(),
          "start the node by bin/" + release_.name + ", without RELDIR and sasl's releases_dir");
    }
    if (state.is_client) {
      obstacle("the node keeps its releases on other nodes (sasl's `masters`)",
               "use release_handler itself");
    }
    if (state.running() != nullptr) found_.from = state.running()->release.version;
    return found_.obstacles.empty();
  }

  void find_image() {
    found_.is_registered = found_.state.find(version_) != nullptr;
    found_.image = ReleaseImage::unpacked(release_.root, release_.name, version_,
                                          found_.state.system_libraries);
    if (found_.image) return;
    const auto package = ReleaseImage::find_package(release_.root, release_.name, version_);
    if (!package) {
      throw Error("there is no tarball of version " + version_)
          .with_hint(
              "copy it to " +
              (release_.root / "releases" / (release_.name + "-" + version_ + ".tar.gz")).string());
    }
    found_.image = ReleaseImage::packed(release_.root, release_.name, version_, *package);
    if (!found_.image->holds(found_.image->version_path("start.boot"))) {
      throw Error(package->string(), "holds no " + found_.image->version_path("start.boot"))
          .with_hint("make the tarball anew by make-tar");
    }
  }

  void find_script() {
    const std::string own = found_.image->version_path("relup");
    const std::string running = "releases/" + found_.from + "/relup";
    std::optional<std::string> running_text;
    std::error_code error;
    if (fs::is_regular_file(release_.root / running, error)) {
      running_text = sys::read_file(release_.root / running);
    }
    found_.script = find_relup_script(found_.from, version_,
                                      {found_.image->shown(own), found_.image->read(own)},
                                      {(release_.root / running).string(), running_text});
  }

  void check_node() {
    const NodeState asked = ask_node_state(rpc_, &*found_.script, limit_, deadline_);
    // With restart_new_emulator the processes are others when it comes to them.
    if (found_.script->restarts_first) return;
    if (found_.script->looks_for_processes()) {
      for (const std::string& problem : asked.problems) {
        obstacle(problem, "find out what it waits for (bin/" + release_.name +
                              " remote_console; sys:get_status, process_info), then try again");
      }
    }
    for (const NodeState::OldCode& old : asked.old_code) {
      std::string processes;
      for (const std::string& process : old.processes)
        processes += (processes.empty() ? "" : ", ") + process;
      if (processes.empty()) continue;
      if (old.may_be_killed) {
        note("old code of " + old.module + " is still in use: the upgrade kills " + processes);
      } else {
        obstacle("old code of " + old.module + " is still in use by " + processes +
                     ", and the relup may not kill",
                 "wait until they leave it, or end them, then try again");
      }
    }
    notes(asked.outside);
  }

  void check_runtime() {
    const std::string& wanted = found_.image->resource().erts_version;
    if (wanted != found_.state.erts_version && !(found_.script && found_.script->restarts())) {
      obstacle("version " + version_ + " needs ERTS " + wanted + ", the node runs " +
                   found_.state.erts_version + ", and the relup does not restart the emulator",
               "make the relup anew from the two releases, or stop the node and start the other "
               "version");
      return;
    }
    if (wanted != found_.state.erts_version && !found_.image->holds("erts-" + wanted)) {
      std::error_code error;
      if (!fs::exists(release_.root / ("erts-" + wanted), error) &&
          !fs::exists(found_.state.system_libraries.parent_path() / ("erts-" + wanted), error)) {
        obstacle("ERTS " + wanted + " of version " + version_ +
                     " is neither in the tarball nor on this machine",
                 "make the release with include_erts, or install that Erlang");
      }
    }
  }

  void check_applications() {
    for (const otp::ReleaseApplication& application : found_.image->resource().applications) {
      const std::string path = library_path(application);
      std::error_code error;
      if (found_.image->holds(path) || fs::exists(release_.root / path, error)) continue;
      if (fs::exists(found_.state.system_libraries / fs::path(path).filename(), error)) continue;
      obstacle("application " + application.name.text() + "-" + application.version +
                   " is neither in the tarball nor in " + found_.state.system_libraries.string(),
               "make the tarball with system_libs, or install the Erlang that it was made with");
    }
  }

  void check_restart() {
    if (!found_.script->restarts()) return;
    note("the emulator will be restarted: ERTS " + found_.state.erts_version + " -> " +
         found_.image->resource().erts_version);
    if (!found_.state.has_heart) {
      obstacle(
          "the relup restarts the emulator, and the node runs without heart: nothing would start "
          "it again",
          "start the node with -heart in vm.args, or stop it and start the other version");
    } else {
      check_start_program();
    }
    if (found_.script->restarts_first && !found_.configuration->node_type.empty()) {
      obstacle(
          "the relup restarts the emulator on the way, and then release_handler boots all "
          "applications, not those of node type " +
              found_.configuration->node_type + " alone",
          "stop the node and start the other version");
    }
  }

  // release_handler has heart run `START DATA`, through a shell and without quotes.
  void check_start_program() {
    const fs::path own = release_.root / "bin" / "start", given = found_.state.start_program;
    std::error_code error;
    const bool is_there =
        fs::exists(given, error) || (given.lexically_normal() == own &&
                                     fs::exists(release_.root / "bin" / release_.name, error));
    if (!is_there) {
      obstacle("the relup restarts the emulator, and nothing would start it again: " +
                   given.string() + " is not there, which heart runs",
               "put OTP's start program there, or stop the node and start the other version");
    } else if (has_meaning_in_shell(given.string()) ||
               has_meaning_in_shell(found_.state.releases_directory.string())) {
      obstacle("the relup restarts the emulator, and nothing would start it again: heart runs " +
                   given.string() +
                   " through a shell, without quotes, and the path holds a space, or another "
                   "character that a shell takes for its own",
               "move the release to a path without, or stop the node and start the other version");
    }
  }

  void note_environment() {
    for (std::string& line :
         environment_changes(found_.state, *found_.image, *found_.configuration))
      note(std::move(line));
  }

  void check_writable(const fs::path& directory) {
    std::error_code error;
    if (!fs::exists(directory, error) || ::access(directory.c_str(), W_OK) == 0) return;
    found_.obstacles.push_back(sys::system_error(directory, "cannot be written", errno)
                                   .with_hint("run the command as the user who owns the release"));
  }

  void check_disk() {
    for (const char* directory : {".", "lib", "releases", "bin"})
      check_writable(release_.root / directory);
    uint64_t needed = 0;
    for (const TarMember& member : found_.image->tarball()->members()) {
      const fs::path path(member.path);
      std::error_code error;
      const bool is_there = *path.begin() == "lib" && std::distance(path.begin(), path.end()) > 2 &&
                            fs::exists(release_.root / "lib" / *std::next(path.begin()), error);
      if (!is_there) needed += member.content.size();
    }
    struct statvfs file_system {};
    if (::statvfs(release_.root.c_str(), &file_system) != 0) return;
    const uint64_t free = static_cast<uint64_t>(file_system.f_bavail) * file_system.f_frsize;
    if (free >= needed) return;
    constexpr uint64_t kMebibyte = 1 << 20;
    obstacle("the disk of " + release_.root.string() + " has " + std::to_string(free / kMebibyte) +
                 " MiB free, version " + version_ + " needs " +
                 std::to_string(needed / kMebibyte + 1),
             "remove versions that are no longer needed (bin/" + release_.name +
                 " uninstall VERSION), or old logs");
  }

  void note(std::string line) { found_.notes.push_back(std::move(line)); }
  void notes(const std::vector<std::string>& lines) {
    for (size_t i = 0; i < std::min(lines.size(), kMostNotes); ++i)
      note(lines[i]);
    if (lines.size() > kMostNotes)
      note("… and " + std::to_string(lines.size() - kMostNotes) + " more");
  }

  Rpc& rpc_;
  const start::ReleasePlace& release_;
  const start::Environment& environment_;
  const std::string& version_;
  std::chrono::milliseconds limit_;
  const Deadline& deadline_;
  UpgradeCheck found_;
};

using Keys = std::map<std::string, Term>;

void merge(Keys& keys, const Term& list) {
  if (!list.is_list()) return;
  for (const Term& pair : list.elements())
    if (pair.is_tuple(2)) keys.insert_or_assign(term::print_plain(pair[0]), pair[1]);
}

// The {application, Name, Keys} of a boot script, as release_handler finds them.
std::map<std::string, Keys> environment_of_boot_file(const std::string& bytes) {
  std::map<std::string, Keys> all;
  const Term script = term::decode_external(bytes);
  if (!script.is_tagged("script", 3) || !script[2].is_list()) return all;
  for (const Term& instruction : script[2].elements()) {
    const Term* specification = nullptr;
    if (instruction.is_tagged("apply", 2) && instruction[1].is_tagged("application", 3) &&
        instruction[1][1].is_atom("load") && instruction[1][2].is_list() &&
        !instruction[1][2].is_nil()) {
      specification = &instruction[1][2][0];
    } else if (instruction.is_tagged("kernelProcess", 3) &&
               instruction[1].is_atom("application_controller") && instruction[2].is_tuple(3) &&
               instruction[2][2].is_list() && !instruction[2][2].is_nil()) {
      specification = &instruction[2][2][0];
    }
    if (specification == nullptr || !specification->is_tagged("application", 3)) continue;
    merge(all[(*specification)[1].atom_text()],
          proplist_value((*specification)[2], "env").value_or(Term()));
  }
  return all;
}

}  // namespace

std::vector<std::string> environment_changes(const NodeState& state, const ReleaseImage& image,
                                             const RenderedConfiguration& configuration) {
  std::vector<std::string> lines;
  const auto boot = image.read(image.version_path("start.boot"));
  if (!boot) return lines;
  std::map<std::string, Keys> next = environment_of_boot_file(*boot);
  for (const Term& application : configuration.applications) {
    if (!application.is_tuple(2) || !application[0].is_atom()) continue;
    const auto at = next.find(application[0].atom_text());
    if (at != next.end()) merge(at->second, application[1]);
  }
  for (const auto& [application, before] : state.environment) {
    const auto at = next.find(application);
    if (at == next.end()) continue;
    const auto command_line = state.command_line.find(application);
    const auto is_given = [&](const std::string& key) {
      return key == "included_applications" ||
             (command_line != state.command_line.end() &&
              std::find(command_line->second.begin(), command_line->second.end(), key) !=
                  command_line->second.end());
    };
    for (const auto& [key, value] : at->second) {
      if (is_given(key)) continue;
      const auto old = before.find(key);
      if (old == before.end())
        lines.push_back("environment: adds " + application + " " + key);
      else if (!(old->second == value))
        lines.push_back("environment: changes " + application + " " + key);
    }
    for (const auto& [key, value] : before) {
      if (!is_given(key) && !at->second.contains(key))
        lines.push_back("environment: drops " + application + " " + key);
    }
  }
  return lines;
}

UpgradeCheck check_upgrade(Rpc& rpc, const start::ReleasePlace& release,
                           const start::Environment& environment, const std::string& version,
                           std::chrono::milliseconds process_limit, const Deadline& deadline) {
  return Check(rpc, release, environment, version, process_limit, deadline).run();
}

}  // namespace relmk::node
