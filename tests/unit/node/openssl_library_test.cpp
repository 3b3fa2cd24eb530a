#include "node/distribution/openssl_library.h"

#include "catch.h"

namespace node_openssl_library_test {

using namespace relmk::node;

TEST_CASE("openssl library: is opened once, with every function that is used") {
  const OpensslLibrary& library = openssl_library();
#define CHECK_FUNCTION(name) CHECK(library.name != nullptr);
  RELMK_OPENSSL_FUNCTIONS(CHECK_FUNCTION)
#undef CHECK_FUNCTION
  CHECK(&openssl_library() == &library);
  CHECK(library.TLS_client_method() != nullptr);
}

}  // namespace node_openssl_library_test
