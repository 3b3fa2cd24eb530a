#include "relx/release/release_options.h"

#include "catch.h"
#include "term/print.h"

namespace relx_release_options_test {

using namespace relmk;
using namespace relmk::relx;

namespace {

// What these words on the command line ask for.
ReleaseRequest request_of(const std::vector<std::string>& words) {
  ReleaseRequest request;
  sys::CommandLine line("tool", "about");
  add_release_options(line, request);
  line.parse(words);
  return request;
}

}  // namespace

TEST_CASE("release options: nothing said is relx.config, any mode, and ten minutes for the lock") {
  const ReleaseRequest request = request_of({});
  CHECK(request.config.file == "relx.config");
  CHECK_FALSE(request.mode);
  CHECK_FALSE(request.name);
  CHECK(request.terms.empty());
  CHECK(request.lock_wait == 600);
}

TEST_CASE("release options: which release, and how it is made") {
  const ReleaseRequest request =
      request_of({"-c", "rebar.config", "--profile", "a,b", "-n", "r", "-v", "2", "--mode", "prod",
                  "-l", "x", "-l", "y", "--node-type", "t", "--lock-wait", "5"});
  CHECK(request.config.file == "rebar.config");
  CHECK(request.config.profiles == std::vector<std::string>{"a", "b"});
  CHECK(request.name == "r");
  CHECK(request.version == "2");
  CHECK(request.mode == Term::atom("prod"));
  CHECK(request.lib_dirs == std::vector<fs::path>{"x", "y"});
  CHECK(request.node_types == std::vector<Atom>{Atom("t")});
  CHECK(request.lock_wait == 5);
}

TEST_CASE("release options: others are terms of the configuration") {
  const ReleaseRequest request = request_of(
      {"-o", "out", "--include-erts", "false", "--system-libs", "/otp", "--vm-args", "v"});
  CHECK(term::print_pretty(Term::list(request.terms)) ==
        "[{output_dir,\"out\"},{include_erts,false},{system_libs,\"/otp\"},{vm_args,\"v\"}]");
}

TEST_CASE("release options: a mode that is none is wrong usage") {
  CHECK_THROWS_AS(request_of({"--mode", "odd"}), sys::WrongUsage);
  CHECK_THROWS_AS(request_of({"--lock-wait", "-1"}), sys::WrongUsage);
}

}  // namespace relx_release_options_test
