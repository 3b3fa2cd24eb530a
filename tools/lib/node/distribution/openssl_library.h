// OpenSSL's libssl and libcrypto, opened when TLS is first wanted.
#pragma once

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

namespace relmk::node {

// The functions that we use, by their own names.
struct OpensslLibrary {
#define RELMK_OPENSSL_FUNCTIONS(X)          \
  X(TLS_client_method)                      \
  X(SSL_CTX_new)                            \
  X(SSL_CTX_free)                           \
  X(SSL_CTX_ctrl)                           \
  X(SSL_CTX_set_cipher_list)                \
  X(SSL_CTX_set_verify)                     \
  X(SSL_CTX_load_verify_locations)          \
  X(SSL_CTX_set_default_passwd_cb)          \
  X(SSL_CTX_set_default_passwd_cb_userdata) \
  X(SSL_CTX_use_certificate_chain_file)     \
  X(SSL_CTX_use_PrivateKey_file)            \
  X(SSL_new)                                \
  X(SSL_free)                               \
  X(SSL_set_fd)                             \
  X(SSL_ctrl)                               \
  X(SSL_set1_host)                          \
  X(SSL_get0_param)                         \
  X(SSL_connect)                            \
  X(SSL_read)                               \
  X(SSL_write)                              \
  X(SSL_pending)                            \
  X(SSL_get_error)                          \
  X(SSL_get_verify_result)                  \
  X(X509_VERIFY_PARAM_set1_ip_asc)          \
  X(X509_verify_cert_error_string)          \
  X(ERR_get_error)                          \
  X(ERR_clear_error)                        \
  X(ERR_reason_error_string)
#define RELMK_DECLARE(name) decltype(&::name) name = nullptr;
  RELMK_OPENSSL_FUNCTIONS(RELMK_DECLARE)
#undef RELMK_DECLARE
};

// Throws NodeError (Tls) when the machine has no OpenSSL 1.1.1 or 3.
const OpensslLibrary& openssl_library();

}  // namespace relmk::node
