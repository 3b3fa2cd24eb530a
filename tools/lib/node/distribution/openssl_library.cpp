#include "node/distribution/openssl_library.h"

#include <dlfcn.h>

#include <string>

#include "node/distribution/node_error.h"

namespace relmk::node {
namespace {

void* open_library() {
  for (const char* name : {"libssl.so.3", "libssl.so.1.1", "libssl.so"}) {
    if (void* library = dlopen(name, RTLD_NOW | RTLD_GLOBAL)) return library;
  }
  throw NodeError(NodeError::Reason::Tls,
                  "no OpenSSL (libssl.so.3) is on this machine, which a "
                  "node with -proto_dist inet_tls can only be reached by");
}

// Looked up in libssl and, by its dependency, in libcrypto.
template <typename Function>
void look_up(void* library, const char* name, Function& function) {
  void* symbol = dlsym(library, name);
  if (symbol == nullptr) {
    throw NodeError(NodeError::Reason::Tls, std::string("this machine's OpenSSL has no ") + name);
  }
  function = reinterpret_cast<Function>(symbol);
}

OpensslLibrary load() {
  void* library = open_library();
  OpensslLibrary functions;
#define RELMK_LOOK_UP(name) look_up(library, #name, functions.name);
  RELMK_OPENSSL_FUNCTIONS(RELMK_LOOK_UP)
#undef RELMK_LOOK_UP
  return functions;
}

}  // namespace

const OpensslLibrary& openssl_library() {
  static const OpensslLibrary library = load();
  return library;
}

}  // namespace relmk::node
