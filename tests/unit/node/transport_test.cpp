#include "node/distribution/transport.h"

#include <dlfcn.h>
#include <netdb.h>

#include <future>

#include "catch.h"
#include "node/distribution/node_error.h"

namespace node_transport_test {

using namespace relmk;
using namespace relmk::node;

namespace {

constexpr const char* kSilentHost = "silent.example";
bool is_without_ipv6(std::string_view host) {
  return host == "localhost" || host == "a.LocalHost" || host == "notlocalhost";
}
std::promise<void> silence_ends;
std::promise<void> silence_ended;

}  // namespace

// Stands before libc's: a resolver whose server does not answer for one host, and knows others by
// IPv4 alone.
extern "C" int getaddrinfo(const char* host, const char* service, const addrinfo* hints,
                           addrinfo** found) {
  if (host != nullptr && host == std::string_view(kSilentHost)) {
    silence_ends.get_future().wait();
    silence_ended.set_value_at_thread_exit();
    return EAI_AGAIN;
  }
  if (host != nullptr && is_without_ipv6(host) && hints->ai_family == AF_INET6) return EAI_NODATA;
  static const auto real =
      reinterpret_cast<decltype(&getaddrinfo)>(dlsym(RTLD_NEXT, "getaddrinfo"));
  return real(host, service, hints, found);
}

TEST_CASE("transport: resolve host waits no longer than its deadline") {
  const Deadline deadline = Deadline::after(std::chrono::milliseconds(20));
  try {
    resolve_host(kSilentHost, AddressFamily::Any, "/etc", deadline);
    FAIL("there is such a host");
  } catch (const NodeError& error) {
    CHECK(error.reason() == NodeError::Reason::Timeout);
  }
  silence_ends.set_value();
  silence_ended.get_future().wait();
}

TEST_CASE("transport: resolve host takes numbers as they are") {
  const auto addresses = resolve_host("127.0.0.1", AddressFamily::Any, "/etc",
                                      Deadline::after(std::chrono::milliseconds(0)));
  REQUIRE(addresses.size() == 1);
  CHECK(addresses[0].text() == "127.0.0.1");
}

TEST_CASE("transport: localhost is the loopback also where no file names one for IPv6") {
  for (const char* name : {"localhost", "a.LocalHost"}) {
    const auto addresses = resolve_host(name, AddressFamily::Inet6, "/etc", Deadline::never());
    REQUIRE(addresses.size() == 1);
    CHECK(addresses[0].text() == "::1");
  }
  CHECK_THROWS_AS(resolve_host("notlocalhost", AddressFamily::Inet6, "/etc", Deadline::never()),
                  NodeError);
}

}  // namespace node_transport_test
