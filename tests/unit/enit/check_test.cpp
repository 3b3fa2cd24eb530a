#include "enit/check.h"

#include "catch.h"
#include "host.h"

namespace enit_check_test {

using namespace relmk;
using namespace relmk::enit;

namespace {

std::vector<std::string> told(const InstalledHost& host, const ReleasePlace& place) {
  std::vector<std::string> all;
  sys::make_directories(host.otp.erts_bin());
  const Faults faults = check(place, {{"RELMK_OTP_ROOT", host.otp.root.string()}});
  for (const Error& fault : faults.all())
    all.push_back(fault.message());
  return all;
}

using Strings = std::vector<std::string>;

}  // namespace

TEST_CASE("enit check: of a release without faults it tells nothing") {
  const InstalledHost host;
  host.lay_plain("a", "1");
  CHECK(told(host, host.release("a", "").place) == Strings{});
}

TEST_CASE("enit check: files, cookie, user and applications, each fault once") {
  const InstalledHost host;
  host.lay_plain("a", "1", {"absent"});
  const ReleasePlace place = host.release("a", "").place;
  sys::write_file(place.configs[0],
                  "{node, [{nodename, 'r@localhost'}, {run_as_user, \"no_such_user\"}]}.\n{a}.\n");
  CHECK(told(host, place) == Strings{"expected {Application, [{Key, Value}]}., not {a}",
                                     "release relex has no cookie",
                                     "run_as_user: there is no user `no_such_user`",
                                     "application absent is not installed, and needed by a"});
}

TEST_CASE("enit check: a key of {node, […]} that there is not") {
  const InstalledHost host;
  host.lay_plain("a", "1");
  const ReleasePlace place = host.release("a", "").place;
  sys::write_file(place.configs[0], "{node, [{cookie, c}, {stop_timout, 5}]}.\n");
  CHECK(told(host, place) == Strings{"node: there is no key `stop_timout`"});
}

}  // namespace enit_check_test
