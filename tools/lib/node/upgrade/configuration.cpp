#include "node/upgrade/configuration.h"

#include "node/upgrade/program.h"
#include "start/sys_config.h"
#include "sys/owner.h"
#include "sys/temporary_directory.h"
#include "term/character_data.h"
#include "term/consult.h"

namespace relmk::node {
namespace {

// A place for the version's few files that are not code; goes with the object.
class TemporaryRoot {
 public:
  explicit TemporaryRoot(const ReleaseImage& image) {
    for (const TarMember& member : image.tarball()->members()) {
      if (member.kind != TarMember::Kind::File || member.path.starts_with("lib/") ||
          member.path.starts_with("erts-") || member.path.starts_with("bin/")) {
        continue;
      }
      sys::make_directories((path() / member.path).parent_path());
      sys::create_file(path() / member.path, member.content, 0600);
    }
  }
  const fs::path& path() const { return directory_.path(); }

 private:
  sys::TemporaryDirectory directory_{"relmk-check"};
};

const char* const kHint =
    "set what it needs in the environment of this command, or mend it; nothing was changed";

Terms configuration_terms(const std::string& file, const std::string& text) {
  const Terms terms = term::consult_text(file, text);
  if (terms.size() != 1 || !terms[0].is_proper_list()) {
    throw Error(file, "holds not one list, which a configuration is");
  }
  return terms[0].elements();
}

// A name in the list is another file's, from the node's working directory, the release's root.
void add_terms(Terms& all, const Terms& terms, const ReleaseImage& image, const std::string& file) {
  for (const Term& term : terms) {
    if (term.is_tuple()) {
      all.push_back(term);
      continue;
    }
    const auto name = term::chardata_utf8(term);
    if (!name) throw Error(file, "holds what is neither {Application, Keys} nor a file's name");
    std::string path = fs::path(*name).extension() == ".config" ? *name : *name + ".config";
    // OTP looks in the directory of sys.config first, then in the node's working directory.
    const std::string beside = image.version_path(path);
    const fs::path place = fs::path(path).is_absolute() ? fs::path(path)
                           : image.holds(beside)        ? image.root() / beside
                                                        : image.root() / path;
    std::optional<std::string> text;
    for (const std::string& inside : {beside, path}) {
      if (!text) text = image.read(fs::path(inside).lexically_normal().string());
    }
    std::error_code error;
    if (!text && fs::exists(place, error)) text = sys::read_file(place);
    if (!text) throw Error(file, "includes " + *name + ", which is not there");
    start::validate_sys_config(place, *text);
    add_terms(all, configuration_terms(place, *text), image, place);
  }
}

}  // namespace

bool is_mix_release(const start::ReleasePlace& release) {
  std::error_code error;
  return fs::exists(release.version_directory() / "elixir", error);
}

bool is_started_by_script(const start::ReleasePlace& release,
                          const start::Environment& environment) {
  if (is_mix_release(release)) return false;
  const auto given = environment.find("VMARGS_PATH");
  if (given != environment.end() && !given->second.empty()) return true;
  std::error_code error;
  for (const fs::path& directory : {release.root, release.version_directory()})
    for (const char* name : {"vm.args", "vm.args.src", "vm.args.orig"})
      if (fs::exists(directory / name, error)) return true;
  return false;
}

RenderedConfiguration render_configuration(const ReleaseImage& image,
                                           const start::Environment& given) {
  start::Environment environment = given;
  for (const char* name : {"RELEASE_VSN", "REL_VSN"})
    environment[name] = image.version();
  std::optional<TemporaryRoot> temporary;
  if (image.tarball()) temporary.emplace(image);
  start::ReleasePlace place{temporary ? temporary->path() : image.root(), image.name(),
                            image.version()};
  // What the error names is the release's file, not the temporary one.
  const auto shown = [&](std::string text) {
    if (!temporary) return text;
    const std::string from = temporary->path().string(), to = image.package().string() + ":";
    for (size_t at = text.find(from); at != text.npos; at = text.find(from, at + to.size()))
      text.replace(at, from.size() + (text.substr(at + from.size(), 1) == "/" ? 1 : 0), to);
    return text;
  };
  try {
    RenderedConfiguration rendered;
    start::StartEnvironment found;
    if (is_started_by_script(place, environment)) {
      found = start::find_start_environment(place, environment, {start::StartStage::Starting});
      rendered.node_type = found.node_type;
    } else {
      const fs::path base = place.version_directory() / "sys.config";
      std::error_code error;
      found.sys_config.base = base;
      if (fs::exists(base, error)) found.sys_config.file = base;
    }
    if (!found.vm_args.file.empty()) {
      rendered.vm_args = found.vm_args.file.lexically_relative(place.root);
    }
    if (!found.sys_config.file.empty()) {
      const std::string text = start::start_source_text(found.sys_config, environment);
      start::validate_sys_config(found.sys_config.file, text);
      add_terms(rendered.applications, configuration_terms(found.sys_config.file, text), image,
                found.sys_config.file);
      rendered.sys_config = text;
    }
    return rendered;
  } catch (const Error& error) {
    throw Error(shown(error.file()), error.position(), shown(error.message()))
        .with_hint(error.hint().empty() ? kHint : shown(error.hint()));
  }
}

// The state of Config.Provider in the environment of `elixir`; absent where the release has no
// providers.
std::optional<Term> provider_state(const Terms& applications) {
  for (const Term& application : applications) {
    if (!application.is_tagged("elixir", 2) || !application[1].is_list()) continue;
    for (const Term& pair : application[1].elements())
      if (pair.is_tagged("config_provider_init", 2)) return pair[1];
  }
  return std::nullopt;
}

std::optional<std::string> provided_configuration(Rpc& rpc, const RenderedConfiguration& rendered,
                                                  const Deadline& deadline) {
  const std::optional<Term> state = provider_state(rendered.applications);
  if (!state) return std::nullopt;
  const Term result = run_program(
      rpc, kProvidersProgram,
      {{"Configuration", Term::list(rendered.applications)}, {"State", *state}}, deadline);
  const std::string text =
      result.is_tuple(2) ? term::chardata_utf8(result[1]).value_or("") : std::string();
  if (!result.is_tagged("ok", 2))
    throw Error("a config provider failed: " + text)
        .with_hint("it runs on the node; nothing was changed");
  start::validate_sys_config("sys.config of the config providers", text);
  return text;
}

namespace {
unsigned mode_of(const fs::path& path) {
  return static_cast<unsigned>(fs::status(path).permissions()) & 0777;
}
fs::path kept_path(const fs::path& path) {
  return path.string() + ".before-install";
}
fs::path absent_path(const fs::path& path) {
  return path.string() + ".none-before-install";
}
}  // namespace

PlacedConfiguration::PlacedConfiguration(const fs::path& sys_config,
                                         const std::optional<std::string>& text)
    : path_(sys_config) {
  if (!text) return;
  std::error_code error;
  const bool exists = fs::exists(path_, error);
  if (exists && sys::read_file(path_) == *text) return;
  if (exists)
    sys::write_file(kept_path(path_), sys::read_file(path_), mode_of(path_));
  else
    sys::write_file(absent_path(path_), "", 0600);
  placed_ = true;
  try {
    sys::write_file(path_, *text, 0600);
    // The node's user is who can write RELEASES.
    sys::give_to_owner_of(path_, path_.parent_path().parent_path());
  } catch (...) {
    put_back(path_);
    throw;
  }
}

PlacedConfiguration::~PlacedConfiguration() {
  if (placed_) put_back(path_);
}

void PlacedConfiguration::put_back(const fs::path& sys_config) {
  std::error_code error;
  if (fs::exists(kept_path(sys_config), error)) {
    fs::rename(kept_path(sys_config), sys_config, error);
  } else if (fs::exists(absent_path(sys_config), error)) {
    fs::remove(sys_config, error);
    fs::remove(absent_path(sys_config), error);
  }
}

}  // namespace relmk::node
