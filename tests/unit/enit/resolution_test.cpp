#include "enit/resolution.h"

#include "catch.h"
#include "host.h"

namespace enit_resolution_test {

using namespace relmk;
using namespace relmk::enit;

namespace {

struct Resolved {
  Resolved(const InstalledHost& host, const std::vector<const char*>& names)
      : installed({}, "", host.otp) {
    Specification release;
    release.name = "relex";
    release.applications.file = "release.enit";
    release.applications.at = {2, 3};
    for (const char* name : names)
      release.applications.names.emplace_back(name);
    applications = resolve(release, {release.applications}, installed, host.otp, faults);
  }
  std::vector<std::string> names() const {
    std::vector<std::string> all;
    for (const otp::ApplicationResource& app : applications.resources)
      all.push_back(app.name.text());
    return all;
  }
  std::vector<std::string> told() const {
    std::vector<std::string> all;
    for (const Error& fault : faults.all())
      all.push_back(fault.message());
    return all;
  }
  InstalledApplications installed;
  Faults faults;
  otp::ReleaseApplications applications;
};

using Strings = std::vector<std::string>;

}  // namespace

TEST_CASE("enit resolution: what is named, what that needs, kernel and stdlib") {
  const InstalledHost host;
  host.lay_plain("top", "1", {"middle", "extra"}, ", {optional_applications, [extra]}");
  host.lay_plain("middle", "1", {}, ", {included_applications, [part]}");
  host.lay_plain("part", "1");
  host.lay_plain("other", "1");
  const Resolved resolved(host, {"top"});
  CHECK(resolved.told() == Strings{});
  CHECK(resolved.names() == Strings{"kernel", "stdlib", "top", "middle", "part"});
  CHECK(resolved.applications.release.applications.size() == 5);
  CHECK(needed_by(resolved.applications, {Atom("middle")}) ==
        std::vector<Atom>{Atom("middle"), Atom("kernel"), Atom("stdlib"), Atom("part")});
}

TEST_CASE("enit resolution: what is not installed is told with all who need it") {
  const InstalledHost host;
  host.lay_plain("one", "1", {"absent"});
  host.lay_plain("two", "1", {"absent"});
  CHECK(Resolved(host, {"one", "two", "nothing"}).told() ==
        Strings{"application absent is not installed, and needed by one, two",
                "application nothing is not installed"});
  CHECK(Resolved(host, {"nothing"}).faults.all()[0].position() == Position{2, 3});
}

TEST_CASE("enit resolution: a circle is told with all who take part") {
  const InstalledHost host;
  host.lay_plain("one", "1", {"two"});
  host.lay_plain("two", "1", {"one"});
  CHECK(Resolved(host, {"one"}).told() ==
        Strings{"circle of applications, each needs the next: one -> two -> one"});
}

TEST_CASE("enit resolution: an application that two include, a module without its file") {
  const InstalledHost host;
  host.lay_plain("left", "1", {}, ", {included_applications, [part]}");
  host.lay_plain("right", "1", {}, ", {included_applications, [part]}");
  host.lay_plain("part", "1");
  CHECK(Resolved(host, {"left", "right"}).told() ==
        Strings{"application part is included by left and by right"});
  fs::remove(host.otp.lib / "part-1/ebin/part_module.beam");
  CHECK(Resolved(host, {"part"}).told() ==
        Strings{"module part_module of application part is missing"});
}

}  // namespace enit_resolution_test
