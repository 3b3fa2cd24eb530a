#include "relx/release/application_plan.h"

#include "catch.h"
#include "project.h"
#include "term/print.h"

namespace relx_application_plan_test {

using namespace relmk;
using namespace relmk::relx;
using Kind = plan::PlannedFile::Kind;

namespace {

// The application own, with modules m and n, priv and src.
struct Application {
  ReleaseProject project;
  RelxConfig config = default_relx_config("relx.config");
  ResolvedApplication resolved;
  plan::Plan plan;

  Application() {
    const fs::path directory = project.application("own", ",dep", "{modules,[m,n]},");
    for (const char* file : {"ebin/m.beam", "ebin/n.beam", "priv/p", "src/m.erl"}) {
      sys::make_directories((directory / file).parent_path());
      sys::write_file(directory / file, "");
    }
    resolved.resource = otp::read_application_resource((directory / "ebin/own.app").string());
  }
  otp::ApplicationResource narrowed() const {
    return narrowed_resource(config, resolved, "/release");
  }
  std::string planned() {
    plan_application(plan, config, resolved, narrowed());
    std::string out;
    for (const auto& [path, file] : plan.files()) {
      if (file.kind == Kind::Directory) continue;
      out += path.substr(path.find('/') + 1);
      if (file.kind == Kind::Link) out += "@";
      if (file.kind == Kind::Strip) out += "-";
      if (file.kind == Kind::Content) out += "=";
      out += " ";
    }
    return out;
  }
};

}  // namespace

TEST_CASE("application plan: copies of its directories, sources where they are wanted") {
  CHECK(Application().planned() ==
        "own-1/ebin/m.beam own-1/ebin/n.beam own-1/ebin/own.app own-1/priv/p own-1/src/m.erl ");
  Application prod;
  prod.config.include_src = false;
  prod.config.strip_debug_info = true;
  CHECK(prod.planned() == "own-1/ebin/m.beam- own-1/ebin/n.beam- own-1/ebin/own.app own-1/priv/p ");
}

TEST_CASE("application plan: a link in dev mode") {
  Application dev;
  dev.config.mode = Mode::Dev;
  CHECK(dev.planned() == "own-1@ ");
}

TEST_CASE("application plan: what is excluded is in neither the files nor the .app") {
  Application application;
  application.config.exclude_apps = {Atom("dep")};
  application.config.exclude_modules = {{Atom("own"), {Atom("n")}}};
  CHECK(application.planned() ==
        "own-1/ebin/m.beam own-1/ebin/own.app= own-1/priv/p own-1/src/m.erl ");
  const otp::ApplicationResource narrowed = application.narrowed();
  CHECK(narrowed.modules == std::vector<Atom>{Atom("m")});
  CHECK(narrowed.applications == std::vector<Atom>{Atom("kernel"), Atom("stdlib")});
  CHECK(narrowed.directory == "/release/lib/own-1");
}

TEST_CASE("application plan: excluded from in dev mode, links to all but what differs") {
  Application application;
  application.config.mode = Mode::Dev;
  application.config.exclude_modules = {{Atom("own"), {Atom("n")}}};
  CHECK(application.planned() == "own-1/ebin/m.beam@ own-1/ebin/own.app= own-1/priv@ own-1/src@ ");
}

TEST_CASE("application plan: OTP's own are left out where the release does not hold them") {
  Application application;
  application.resolved.is_system = true;
  application.config.system_libs = false;
  CHECK_FALSE(is_in_release(application.config, application.resolved));
  CHECK(application.planned().empty());
  CHECK(application.narrowed().directory == application.resolved.resource.directory);
  application.config.system_libs = fs::path("/other");
  CHECK(is_in_release(application.config, application.resolved));
}

}  // namespace relx_application_plan_test
