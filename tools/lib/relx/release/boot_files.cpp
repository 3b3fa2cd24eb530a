#include "relx/release/boot_files.h"

#include <fmt/core.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>

#include "plan/manifest.h"
#include "relx/release/elixir_protocols.h"
#include "sys/error.h"
#include "sys/own_executable.h"
#include "sys/version.h"
#include "term/external.h"
#include "term/print.h"

namespace relmk::relx {
namespace {

using otp::ReleaseApplication;
using otp::ReleaseResource;

bool is_mandatory(const ReleaseApplication& application) {
  return application.name.text() == "kernel" || application.name.text() == "stdlib";
}

ReleaseResource only_mandatory(const ReleaseResource& release, const std::string& name) {
  ReleaseResource bare{name, "1.0", release.erts_version, {}};
  for (const char* wanted : {"kernel", "stdlib"})
    for (const ReleaseApplication& application : release.applications)
      if (application.name.text() == wanted) bare.applications.push_back(application);
  return bare;
}

// kernel and stdlib first; the rest on the code path only.
ReleaseResource start_clean_release(const ReleaseResource& release) {
  ReleaseResource clean = only_mandatory(release, "start_clean");
  for (const ReleaseApplication& application : release.applications) {
    if (is_mandatory(application)) continue;
    clean.applications.push_back({application.name, application.version, otp::StartType::None, {}});
  }
  return clean;
}

// This executable as it stands on the disk: another one may compute other files.
Term own_stamp() {
  const plan::FileStamp stamp = plan::FileStamp::at(sys::own_executable());
  return Term::tuple({static_cast<int64_t>(stamp.inode), stamp.size, stamp.modified});
}

Term binaries(const std::vector<std::string>& texts) {
  Terms all;
  for (const std::string& text : texts)
    all.push_back(Term::binary(text));
  return Term::list(std::move(all));
}

// What boot files are computed of, and how. Planned files share it.
class BootFiles {
 public:
  explicit BootFiles(BootFilesRequest request) : request_(std::move(request)) {
    for (const otp::ApplicationResource& resource : request_.applications.resources)
      resources_.emplace(resource.name.text(), &resource);
    options_.variables = {{"SYSTEM_LIB_DIR", request_.system_lib.string()}};
  }
  BootFiles(const BootFiles&) = delete;
  BootFiles& operator=(const BootFiles&) = delete;

  const otp::ReleaseApplications& applications() const { return request_.applications; }
  const BootFilesRequest& request() const { return request_; }

  // Stands for all that every one of them is computed of.
  std::string digest() const {
    const otp::BootTemplate& boot = request_.boot;
    Terms all = {otp::release_resource_term(applications().release), Term::list(boot.head),
                 Term::list(boot.kernel_processes), Term::list(boot.tail),
                 Term::list(boot.properties)};
    for (const Atom module : boot.resident)
      all.emplace_back(module);
    std::vector<std::string> texts = {RELMK_VERSION, request_.system_lib.string(),
                                      request_.first_directory, boot.latin1_atoms ? "1" : "0"};
    for (const otp::ApplicationResource& resource : applications().resources) {
      all.push_back(resource.term);
      texts.push_back(resource.ebin);
    }
    all.push_back(binaries(texts));
    all.push_back(own_stamp());
    const std::string bytes = term::encode_external(Term::list(std::move(all)));
    return fmt::format("{:x} {:x}", std::hash<std::string>{}(bytes), bytes.size());
  }

  std::string release_text() const {
    return term::print_pretty(otp::release_resource_term(applications().release)) + ". ";
  }
  std::string script_text() const { return otp::script_text(script()); }
  std::string boot() const { return otp::boot_bytes(script(), request_.boot); }

  std::string boot_of(const ReleaseResource& release, bool no_dot_erlang) const {
    std::vector<otp::ApplicationResource> resources;
    for (const ReleaseApplication& application : release.applications)
      resources.push_back(*resources_.at(application.name.text()));
    const otp::ReleaseApplications part = otp::release_applications(
        release, applications().release_file, std::move(resources), otp::Repetitions::Ignored);
    otp::BootScriptOptions options = options_;
    options.no_dot_erlang = no_dot_erlang;
    return otp::boot_bytes(script_of(part, options), request_.boot);
  }

 private:
  // Of the whole release, for two files that may be made at the same time.
  const Term& script() const {
    std::call_once(script_once_, [&] { script_ = script_of(applications(), options_); });
    return script_;
  }
  Term script_of(const otp::ReleaseApplications& applications,
                 const otp::BootScriptOptions& options) const {
    return with_first_directory(otp::boot_script(applications, request_.boot, options),
                                request_.first_directory);
  }

  const BootFilesRequest request_;
  std::unordered_map<std::string, const otp::ApplicationResource*> resources_;  // by name
  otp::BootScriptOptions options_;
  mutable std::once_flag script_once_;
  mutable Term script_;
};

void check_node_type(const BootFilesRequest& request, Atom type) {
  const auto& resources = request.applications.resources;
  const bool is_known =
      std::any_of(resources.begin(), resources.end(),
                  [&](const otp::ApplicationResource& resource) { return resource.name == type; });
  if (is_known) return;
  throw Error(request.applications.release_file, request.node_types_at,
              fmt::format("node type {} is no application of release {}",
                          term::print_plain(Term(type)), request.applications.release.name));
}

}  // namespace

void plan_boot_files(plan::Plan& plan, BootFilesRequest request) {
  const auto files = std::make_shared<const BootFiles>(std::move(request));
  const otp::ReleaseApplications& applications = files->applications();
  const std::string directory =
      plan::path_in_release("releases/" + applications.release.version) + "/";
  const std::string digest = files->digest();
  const auto add = [&](const std::string& name, std::function<std::string()> compute) {
    plan.add(directory + plan::path_in_release(name),
             {plan::PlannedFile::Kind::Computed,
              {},
              digest + " " + name,
              {},
              std::make_shared<const std::function<std::string()>>(std::move(compute))});
  };
  const auto add_boot = [&](const std::string& name, ReleaseResource release, bool no_dot_erlang) {
    add(name + ".boot", [files, release = std::move(release), no_dot_erlang] {
      return files->boot_of(release, no_dot_erlang);
    });
  };
  add(applications.release.name + ".rel", [files] { return files->release_text(); });
  add("start.script", [files] { return files->script_text(); });
  add("start.boot", [files] { return files->boot(); });
  add_boot("start_clean", start_clean_release(applications.release), false);
  add_boot("no_dot_erlang", only_mandatory(applications.release, "no_dot_erlang"), true);
  for (const Atom type : files->request().node_types) {
    check_node_type(files->request(), type);
    add_boot(type.text(), otp::node_type_release(applications, type), false);
  }
  plan.add("bin/no_dot_erlang.boot", *plan.find(directory + "no_dot_erlang.boot"));
}

}  // namespace relmk::relx
