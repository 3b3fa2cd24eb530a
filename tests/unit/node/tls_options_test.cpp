#include "catch.h"
#include "node/distribution/tls.h"
#include "scratch.h"

using namespace relmk;
using namespace relmk::node;

TEST_CASE("TlsOptionsTakeTheFirstOfCertsKeys") {
  Scratch scratch;
  const fs::path file = scratch.path / "tls.conf";
  sys::write_file(file,
                  "[{server, []}, {client, [{certs_keys, [#{certfile => \"/a.pem\", keyfile => "
                  "\"/a.key\", password => \"p\"}, #{certfile => \"/b.pem\"}]}]}].");
  const TlsOptions options = read_tls_options(file);
  CHECK(options.certificate == "/a.pem");
  CHECK(options.key == "/a.key");
  CHECK(options.password == "p");
}
