// A small project, for the tests of this room: applications, and a relx.config of one release.
#pragma once

#include <string>

#include "relx/release/release_plan.h"
#include "scratch.h"
#include "sys/files.h"

namespace relmk::relx {

struct ReleaseProject {
  Scratch scratch;
  ReleaseRequest request;

  ReleaseProject() {
    request.config.file = scratch.path / "relx.config";
    request.config.environment = sys::process_environment();
    request.lib_dirs = {scratch.path / "apps"};
    request.tools_dir = scratch.path / "no tools";
    request.terms = {
        Term::tuple({Term::atom("output_dir"), Term::string((scratch.path / "_rel").string())})};
    application("own");
  }

  // apps/NAME, of version 1, which needs kernel, stdlib and `needs` (",a,b"); `keys` as
  // "{mod,{a,[]}},".
  fs::path application(const std::string& name, const std::string& needs = "",
                       const std::string& keys = "{modules,[]},") const {
    const fs::path directory = scratch.path / "apps" / name;
    sys::make_directories(directory / "ebin");
    sys::write_file(directory / "ebin" / (name + ".app"),
                    "{application," + name + ",[{description,\"\"},{vsn,\"1\"},{registered,[]}," +
                        keys + "{applications,[kernel,stdlib" + needs + "]}]}.\n");
    return directory;
  }
  // The release r of version 1 that holds `applications`; more terms after it.
  PlannedRelease plan(const std::string& terms = "",
                      const std::string& applications = "kernel,stdlib,sasl,own") const {
    sys::write_file(request.config.file,
                    "{release,{r,\"1\"},[" + applications + "]}.\n" + terms + "\n");
    return plan_release(request);
  }
};

}  // namespace relmk::relx
