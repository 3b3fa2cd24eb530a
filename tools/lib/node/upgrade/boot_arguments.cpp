#include "node/upgrade/boot_arguments.h"

#include "node/distribution/node_error.h"
#include "node/upgrade/configuration.h"
#include "start/start_environment.h"
#include "start/start_files.h"
#include "sys/output.h"
#include "sys/owner.h"

namespace relmk::node {
namespace {

// A Mix release finds its version and its configuration by its environment when it boots; where its
// providers restart it, in a copy that is this run's own.
void set_mix_boot_arguments(Rpc& rpc, const start::ReleasePlace& release) {
  const fs::path version = release.version_directory();
  const auto string = [](const fs::path& path) { return Term::string(path.string()); };
  const std::string text = sys::read_file(version / "sys.config");
  Term configuration = string(version / "sys");
  const Term name = Term::string("RELEASE_SYS_CONFIG");
  if (text.find("RUNTIME_CONFIG=true") != std::string::npos) {
    const Term copy = rpc.call("os", "getenv", {name});
    if (copy.is_string()) {
      configuration = copy;
      rpc.call("file", "write_file",
               {Term::string(copy.to_utf8() + ".config"), Term::binary(text)});
    }
  }
  rpc.call("os", "putenv", {name, configuration});
  rpc.call("os", "putenv", {Term::string("RELEASE_VSN"), Term::string(release.version)});
  rpc.call("init", "make_permanent", {string(version / "start"), configuration});
}

}  // namespace

void set_boot_arguments(Rpc& rpc, const start::ReleasePlace& release,
                        const sys::Environment& given) {
  if (is_mix_release(release)) {
    set_mix_boot_arguments(rpc, release);
    return;
  }
  if (!is_started_by_script(release, given)) return;
  sys::Environment environment = given;
  for (const char* name : {"RELEASE_VSN", "REL_VSN"})
    environment[name] = release.version;
  try {
    start::StartEnvironment found =
        start::find_start_environment(release, environment, {start::StartStage::Starting});
    start::write_substituted_files(release, environment, found);
    for (const start::StartSource* source : {&found.vm_args, &found.sys_config})
      if (source->is_generated()) sys::give_to_owner_of(source->base, release.root / "releases");
    Term configuration = Term::boolean(false);
    if (!found.sys_config.base.empty()) {
      fs::path path = found.sys_config.base;
      if (path.extension() == ".config") path.replace_extension();
      configuration = Term::string(path.string());
    }
    rpc.call("init", "make_permanent", {Term::string(found.boot.string()), configuration});
  } catch (const NodeError&) {
    throw;
  } catch (const Error& error) {
    sys::warn(error.file(), error.position(),
              "init:restart() will boot start.boot: " + error.message());
  }
}

}  // namespace relmk::node
