// TLS under the distribution (`-proto_dist inet_tls`), through OpenSSL. The library is opened when
// it is first wanted: a nodetool that talks plain TCP runs on machines that have none.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "node/distribution/transport.h"
#include "start/vm_args.h"
#include "sys/files.h"

namespace relmk::node {

// The client options of ssl that a distribution uses.
struct TlsOptions {
  fs::path certificate;        // certfile
  fs::path key;                // keyfile; empty: in the certificate's file
  std::string password;        // of the key
  fs::path authorities;        // cacertfile
  std::optional<bool> verify;  // verify_peer; absent: where there are authorities, as OTP 26 on
  std::optional<std::string> server_name;  // server_name_indication; empty: disabled
  std::vector<std::string> versions;       // 'tlsv1.2', 'tlsv1.3'; empty: as OpenSSL has it
  std::string ciphers;                     // in OpenSSL's words; empty: its default
};

// The client's part of an -ssl_dist_optfile. Throws Error with the position.
TlsOptions read_tls_options(const fs::path& file);

// The client's part of `-ssl_dist_opt client_certfile FILE server_keyfile FILE …`, where words are
// what follows all flags of that name, as inet_tls_dist has it; files are taken from `directory`,
// in which the node runs. Throws Error with the position.
TlsOptions tls_options_of_arguments(const std::vector<start::VmArgument>& words,
                                    const fs::path& directory);

// Does the TLS handshake over a connected stream. `host` is whom the certificate must be of.
// Throws NodeError: Tls, Timeout.
std::unique_ptr<Transport> start_tls(std::unique_ptr<Transport> under, const TlsOptions& options,
                                     const std::string& host, const Deadline& deadline);

}  // namespace relmk::node
