#include "enit/release.h"

#include "catch.h"
#include "host.h"

namespace enit_release_test {

using namespace relmk;
using namespace relmk::enit;

TEST_CASE("enit release: its specification, its configuration and its node together") {
  const InstalledHost host;
  host.lay_plain("a", "1");
  host.lay_plain("more", "1");
  const Release release =
      host.release("a", "{a, [{x, 1}]}.\n{extension, e, [{applications, [more]}]}.\n");
  CHECK(release.name() == "relex");
  CHECK(release.specification.version == "1.0");
  CHECK(release.configuration.sections.at("a").at("x").value == Term(1));
  CHECK(release.node.cookie == "c");
  CHECK(release.named().size() == 2);
  CHECK(release.target({}).address.name.text() == "relex@localhost");
  CHECK(host.applications(release).resources.size() == 4);
}

TEST_CASE("enit release: all that is wrong is told, or the first of it thrown") {
  const InstalledHost host;
  const ReleasePlace place = host.release("a", "").place;
  sys::write_file(place.configs[0], "{node, [{hidden, 1}]}.\n{a}.\n");
  Faults faults;
  read_release(place, {}, faults);
  CHECK(faults.all().size() == 2);
  CHECK_THROWS_AS(read_release(place, {}), Error);
}

TEST_CASE("enit release: a protocol of the distribution is a module of an application") {
  const InstalledHost host;
  host.lay_plain("a", "1");
  host.lay("lib/ssl-1", "ssl", "1", {"kernel", "stdlib"}, {"inet_tls_dist"});
  const char* const kTls = "{node, [{vm_args, [\"-proto_dist\", \"inet_tls\"]}]}.\n";
  Faults faults;
  resolve(host.release("a", kTls), "", host.otp, faults);
  REQUIRE(faults.all().size() == 1);
  CHECK(faults.all()[0].message() ==
        "node: vm_args: -proto_dist inet_tls: no application of the release has inet_tls_dist");
  CHECK(faults.all()[0].position().line == 2);
  CHECK(host.applications(host.release("a, ssl", kTls)).resources.size() == 4);
}

}  // namespace enit_release_test
