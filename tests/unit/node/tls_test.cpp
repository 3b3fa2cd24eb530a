#include "node/distribution/tls.h"

#include <unistd.h>

#include "catch.h"
#include "node/distribution/node_error.h"
#include "scratch.h"
#include "sys/error.h"

namespace node_tls_test {

using namespace relmk;
using namespace relmk::node;

namespace {

// A server that closes the stream.
class OtherSide : public Transport {
 public:
  OtherSide() {
    REQUIRE(::pipe(pipe_) == 0);
    ::close(pipe_[1]);
  }
  ~OtherSide() override { ::close(pipe_[0]); }
  long receive(char*, size_t, const Deadline&) override { return 0; }
  bool send(std::string_view, const Deadline&) override { return true; }
  int descriptor() const override { return pipe_[0]; }

 private:
  int pipe_[2] = {-1, -1};
};

std::vector<start::VmArgument> words(const std::vector<std::string>& texts) {
  std::vector<start::VmArgument> out;
  for (const std::string& text : texts)
    out.push_back({text, "vm.args", {1, 1}});
  return out;
}

}  // namespace

TEST_CASE("tls: of certs_keys the first counts") {
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

TEST_CASE("tls: options among the arguments, whose files lie where the node runs") {
  const TlsOptions options =
      tls_options_of_arguments(words({"client_certfile", "c.pem", "client_keyfile", "/k.pem",
                                      "server_certfile", "s.pem", "client_verify", "verify_peer"}),
                               "/node");
  CHECK(options.certificate == "/node/c.pem");
  CHECK(options.key == "/k.pem");
  CHECK(options.verify == true);
}

TEST_CASE("tls: a file of options that is none is refused with its place") {
  const Scratch scratch;
  const fs::path file = scratch.path / "tls.conf";
  sys::write_file(file, "[{client, [{verify,\n odd].");
  CHECK_THROWS_AS(read_tls_options(file), Error);
  CHECK_THROWS_AS(read_tls_options(scratch.path / "none"), Error);
}

TEST_CASE("tls: what is wrong in a file of options is told by its place, never quoted") {
  const Scratch scratch;
  const fs::path file = scratch.path / "tls.conf";
  for (const char* password : {"S3cret", "\"x\" S3cret", "\"S3cret", "'S3cret", "{S3cret",
                               "S3cret()", "\"S3cret\" \"", "$S3cret", "s3cret s3cret"}) {
    sys::write_file(file, std::string("[{client, [{password, ") + password + "}]}].");
    std::string text = "none";
    try {
      read_tls_options(file);
    } catch (const Error& error) {
      text = error.text();
    }
    CHECK(text.find("3cret") == std::string::npos);
    CHECK(text.starts_with(file.string() + ":1:"));
    CHECK(text.find("error: this is no Erlang term") != std::string::npos);
  }
}

TEST_CASE("tls: a certificate that is not there is told before anything is sent") {
  TlsOptions options;
  options.certificate = "/no/such.pem";
  try {
    start_tls(std::make_unique<OtherSide>(), options, "localhost",
              Deadline::after(std::chrono::seconds(30)));
    FAIL("no error");
  } catch (const NodeError& error) {
    CHECK(error.reason() == NodeError::Reason::Tls);
    CHECK(error.text().find("/no/such.pem") != std::string::npos);
  }
}

}  // namespace node_tls_test
