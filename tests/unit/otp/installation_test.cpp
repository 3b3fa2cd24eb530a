#include "otp/application/installation.h"

#include "catch.h"
#include "scratch.h"
#include "sys/error.h"

namespace otp_installation_test {

using namespace relmk;
using namespace relmk::otp;

namespace {

// ROOT/lib, ROOT/erts-VSN/bin/erl, ROOT/bin/erl.
fs::path lay_installation(const fs::path& root, const std::string& erts) {
  sys::make_directories(root / "lib");
  sys::make_directories(root / "bin");
  sys::make_directories(root / ("erts-" + erts) / "bin");
  sys::write_file(root / "bin" / "erl", "#!/bin/sh\nROOTDIR=/nowhere\n", 0755);
  sys::write_file(root / ("erts-" + erts) / "bin" / "erl", "#!/bin/sh\n", 0755);
  return root;
}

void lay_release(const fs::path& root, const std::string& name, const std::string& file) {
  sys::make_directories(root / "releases" / name);
  sys::write_file(root / "releases" / name / file, "");
}

}  // namespace

TEST_CASE("installation: of several ERTS the one in start_erl.data, else the highest") {
  Scratch scratch;
  const fs::path root = lay_installation(scratch.path / "otp", "13.9");
  lay_installation(root, "13.10");
  CHECK(installation_at(root).erts_version == "13.10");
  lay_release(root, "25", "OTP_VERSION");
  sys::write_file(root / "releases" / "start_erl.data", "13.9 25\n");
  const Installation otp = installation_at(root / "");
  CHECK(otp.erts_version == "13.9");
  CHECK(otp.otp_release == "25");
  CHECK(otp.root == root);
  CHECK(otp.erts_bin() == root / "erts-13.9" / "bin");
}

TEST_CASE("installation: the version of a release is not that of OTP") {
  Scratch scratch;
  const fs::path root = lay_installation(scratch.path, "13.1.5");
  lay_release(root, "1.0", "start.boot");
  sys::write_file(root / "releases" / "start_erl.data", "13.1.5 1.0");
  CHECK(installation_at(root).otp_release.empty());
  CHECK(start_clean_boot_file(installation_at(root)) == root / "releases" / "1.0" / "start.boot");
}

TEST_CASE("installation: none without an ERTS") {
  Scratch scratch;
  CHECK_THROWS_AS(installation_at(scratch.path), Error);
}

TEST_CASE("installation: links of `erl` are followed to where it lies, even when it was moved") {
  Scratch scratch;
  const fs::path root = lay_installation(scratch.path / "otp", "13.1.5");
  sys::make_directories(scratch.path / "bin");
  fs::create_symlink("../otp/bin/erl", scratch.path / "bin" / "erl");
  const sys::Environment environment = {{"PATH", (scratch.path / "bin").string()}};
  CHECK(find_installation(environment).root == root);
  fs::remove(scratch.path / "bin" / "erl");
  fs::create_symlink(root / "erts-13.1.5" / "bin" / "erl", scratch.path / "bin" / "erl");
  CHECK(find_installation(environment).root == root);
}

TEST_CASE("installation: a script that lies elsewhere names its ROOTDIR") {
  Scratch scratch;
  const fs::path root = lay_installation(scratch.path / "otp", "13.1.5");
  sys::make_directories(scratch.path / "bin");
  sys::write_file(scratch.path / "bin" / "erl",
                  "#!/bin/sh\nif true; then\n    ROOTDIR=\"" + root.string() + "\"\nfi\n", 0755);
  const sys::Environment environment = {{"PATH", "/none:" + (scratch.path / "bin").string()},
                                        {"RELMK_OTP_ROOT", ""}};
  CHECK(find_installation(environment).root == root);
}

TEST_CASE("installation: RELMK_OTP_ROOT comes before `erl`") {
  Scratch scratch;
  const fs::path root = lay_installation(scratch.path / "otp", "14.0");
  const sys::Environment environment = {{"RELMK_OTP_ROOT", root.string()}};
  CHECK(find_installation(environment).erts_version == "14.0");
}

TEST_CASE("installation: no `erl` is an error with a hint") {
  Scratch scratch;
  const sys::Environment environment = {{"PATH", scratch.path.string()}};
  CHECK_THROWS_WITH(find_installation(environment),
                    Catch::Matchers::EndsWith("set RELMK_OTP_ROOT to its root directory"));
}

}  // namespace otp_installation_test
