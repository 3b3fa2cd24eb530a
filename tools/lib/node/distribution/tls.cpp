#include "node/distribution/tls.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <limits>
#include <utility>

#include "node/distribution/node_error.h"
#include "node/distribution/openssl_library.h"

namespace relmk::node {
namespace {

NodeError tls_error(const std::string& what, unsigned long code) {
  const char* reason = code != 0 ? openssl_library().ERR_reason_error_string(code) : nullptr;
  return {NodeError::Reason::Tls, reason != nullptr ? what + ": " + reason : what};
}

NodeError tls_error(const std::string& what) {
  return tls_error(what, openssl_library().ERR_get_error());
}

bool is_address(const std::string& host) {
  return host.find(':') != std::string::npos ||
         host.find_first_not_of("0123456789.") == std::string::npos;
}

int give_password(char* buffer, int size, int, void* password) {
  const auto& text = *static_cast<const std::string*>(password);
  const int length = std::min(size, static_cast<int>(text.size()));
  std::copy_n(text.data(), length, buffer);
  return length;
}

long protocol_version(const std::string& name) {
  if (name == "tlsv1.3") return TLS1_3_VERSION;
  if (name == "tlsv1.2") return TLS1_2_VERSION;
  if (name == "tlsv1.1") return TLS1_1_VERSION;
  if (name == "tlsv1") return TLS1_VERSION;
  throw NodeError(NodeError::Reason::Tls, "unknown TLS version `" + name + "`");
}

bool verifies(const TlsOptions& options) {
  return options.verify.value_or(!options.authorities.empty());
}

class Context {
 public:
  explicit Context(const TlsOptions& options) : Context() {
    set_versions(options.versions);
    set_files(options);
    if (!options.ciphers.empty() &&
        ssl_.SSL_CTX_set_cipher_list(context_, options.ciphers.c_str()) != 1) {
      throw tls_error("ciphers `" + options.ciphers + "`");
    }
    ssl_.SSL_CTX_set_verify(context_, verifies(options) ? SSL_VERIFY_PEER : SSL_VERIFY_NONE,
                            nullptr);
  }
  ~Context() { ssl_.SSL_CTX_free(context_); }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  SSL_CTX* get() const { return context_; }

 private:
  // Where what is set afterwards throws, there is already something to free.
  Context() : context_(ssl_.SSL_CTX_new(ssl_.TLS_client_method())) {
    if (context_ == nullptr) throw tls_error("OpenSSL cannot start");
  }

  void set_versions(const std::vector<std::string>& versions) {
    long lowest = std::numeric_limits<long>::max(), highest = 0;
    for (const std::string& name : versions) {
      lowest = std::min(lowest, protocol_version(name));
      highest = std::max(highest, protocol_version(name));
    }
    if (highest == 0) return;
    ssl_.SSL_CTX_ctrl(context_, SSL_CTRL_SET_MIN_PROTO_VERSION, lowest, nullptr);
    ssl_.SSL_CTX_ctrl(context_, SSL_CTRL_SET_MAX_PROTO_VERSION, highest, nullptr);
  }

  void set_files(const TlsOptions& options) {
    ssl_.SSL_CTX_set_default_passwd_cb(context_, give_password);
    ssl_.SSL_CTX_set_default_passwd_cb_userdata(context_,
                                                const_cast<std::string*>(&options.password));
    if (!options.certificate.empty()) {
      const fs::path& key = options.key.empty() ? options.certificate : options.key;
      if (ssl_.SSL_CTX_use_certificate_chain_file(context_, options.certificate.c_str()) != 1) {
        throw tls_error("certificate " + options.certificate.string());
      }
      if (ssl_.SSL_CTX_use_PrivateKey_file(context_, key.c_str(), SSL_FILETYPE_PEM) != 1) {
        throw tls_error("key " + key.string());
      }
    }
    if (!options.authorities.empty() &&
        ssl_.SSL_CTX_load_verify_locations(context_, options.authorities.c_str(), nullptr) != 1) {
      throw tls_error("certificates " + options.authorities.string());
    }
  }

  const OpensslLibrary& ssl_ = openssl_library();
  SSL_CTX* context_;
};

// OpenSSL writes without MSG_NOSIGNAL. As long as this lives, a broken pipe raises no signal in
// this thread; what others are told of SIGPIPE stays as it is.
class NoBrokenPipe {
 public:
  NoBrokenPipe() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    sigset_t pending;
    sigpending(&pending);
    was_pending_ = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~NoBrokenPipe() {
    const int saved = errno;
    const timespec at_once{};
    if (!was_pending_) sigtimedwait(&pipe_, nullptr, &at_once);
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    errno = saved;
  }
  NoBrokenPipe(const NoBrokenPipe&) = delete;
  NoBrokenPipe& operator=(const NoBrokenPipe&) = delete;

 private:
  sigset_t pipe_{};
  sigset_t before_{};
  bool was_pending_ = false;
};

class TlsTransport : public Transport {
 public:
  TlsTransport(std::unique_ptr<Transport> under, const TlsOptions& options)
      : under_(std::move(under)),
        context_(options),
        session_(ssl_.SSL_new(context_.get())),
        verifies_(verifies(options)) {
    if (session_ == nullptr) throw tls_error("OpenSSL cannot start");
    ssl_.SSL_set_fd(session_, under_->descriptor());
  }
  ~TlsTransport() override { ssl_.SSL_free(session_); }
  TlsTransport(const TlsTransport&) = delete;
  TlsTransport& operator=(const TlsTransport&) = delete;

  void connect(const TlsOptions& options, const std::string& host, const Deadline& deadline) {
    const std::string name = options.server_name.value_or(host);
    if (!name.empty()) expect_host(name);
    const NoBrokenPipe quiet;
    for (;;) {
      ssl_.ERR_clear_error();
      const int result = ssl_.SSL_connect(session_);
      if (result == 1) return;
      const Wait waited = wait_for_stream(result, deadline);
      if (waited == Wait::Timeout) throw timeout_error(host, deadline);
      if (waited == Wait::Broken) throw handshake_error(host);
    }
  }

  long receive(char* buffer, size_t size, const Deadline& deadline) override {
    const NoBrokenPipe quiet;
    for (;;) {
      ssl_.ERR_clear_error();
      const int count = ssl_.SSL_read(session_, buffer, static_cast<int>(std::min(size, kMost)));
      if (count > 0) return count;
      const Wait waited = wait_for_stream(count, deadline);
      if (waited == Wait::Again) continue;
      if (waited == Wait::Timeout) return -1;
      throw_alert();
      return 0;
    }
  }

  bool send(std::string_view bytes, const Deadline& deadline) override {
    const NoBrokenPipe quiet;
    while (!bytes.empty()) {
      ssl_.ERR_clear_error();
      const int count =
          ssl_.SSL_write(session_, bytes.data(), static_cast<int>(std::min(bytes.size(), kMost)));
      if (count > 0) {
        bytes.remove_prefix(static_cast<size_t>(count));
        continue;
      }
      const Wait waited = wait_for_stream(count, deadline);
      if (waited == Wait::Timeout) return false;
      if (waited == Wait::Broken) {
        throw NodeError(NodeError::Reason::Down, "the connection broke");
      }
    }
    return true;
  }

  int descriptor() const override { return under_->descriptor(); }
  size_t handshake_length_size() const override { return 4; }
  bool has_pending() const override { return ssl_.SSL_pending(session_) > 0; }

 private:
  enum class Wait { Again, Timeout, Broken };
  static constexpr size_t kMost = std::numeric_limits<int>::max();

  void expect_host(const std::string& name) {
    if (is_address(name)) {
      ssl_.X509_VERIFY_PARAM_set1_ip_asc(ssl_.SSL_get0_param(session_), name.c_str());
      return;
    }
    ssl_.SSL_set1_host(session_, name.c_str());
    ssl_.SSL_ctrl(session_, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                  const_cast<char*>(name.c_str()));
  }

  Wait wait_for_stream(int result, const Deadline& deadline) {
    switch (ssl_.SSL_get_error(session_, result)) {
      case SSL_ERROR_WANT_READ:
        return wait_readable(descriptor(), deadline) ? Wait::Again : Wait::Timeout;
      case SSL_ERROR_WANT_WRITE:
        return wait_writable(descriptor(), deadline) ? Wait::Again : Wait::Timeout;
      default:
        return Wait::Broken;
    }
  }

  NodeError handshake_error(const std::string& host) {
    const long verified = ssl_.SSL_get_verify_result(session_);
    if (verifies_ && verified != X509_V_OK) {
      return {NodeError::Reason::Tls, "the certificate of " + host + " is not trusted: " +
                                          ssl_.X509_verify_cert_error_string(verified)};
    }
    const unsigned long code = ssl_.ERR_get_error();
    if (code == 0 || ERR_GET_REASON(code) == SSL_R_UNEXPECTED_EOF_WHILE_READING) {
      return {NodeError::Reason::Tls, "no TLS connection with " + host +
                                          ": the node ended it, as one without TLS does "
                                          "(its -proto_dist)"};
    }
    return tls_error("no TLS connection with " + host, code);
  }

  // With TLS 1.3 a node refuses our certificate only when we have long finished the handshake.
  void throw_alert() const {
    const unsigned long code = ssl_.ERR_get_error();
    if (code == 0 || ERR_GET_REASON(code) < SSL_AD_REASON_OFFSET) return;
    throw tls_error("the node ended the TLS connection", code);
  }

  const OpensslLibrary& ssl_ = openssl_library();
  std::unique_ptr<Transport> under_;
  Context context_;
  SSL* session_;
  bool verifies_;
};

}  // namespace

std::unique_ptr<Transport> start_tls(std::unique_ptr<Transport> under, const TlsOptions& options,
                                     const std::string& host, const Deadline& deadline) {
  auto transport = std::make_unique<TlsTransport>(std::move(under), options);
  transport->connect(options, host, deadline);
  return transport;
}

}  // namespace relmk::node
