// The connecting side of the distribution handshake, version 6 (ERTS User's Guide, "Distribution
// Protocol", "Distribution Handshake").
//
// libei does this handshake, too. But libei reports a wrong cookie as it reports a lost connection,
// and a node that wants TLS or IPv6 as one that is down. An operator must be able to tell these
// apart.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "node/distribution/transport.h"

namespace relmk::node {

struct Handshake {
  std::string our_name;       // the name that the node gave us, unique among its peers
  uint32_t our_creation = 0;  // and the creation that goes with it
};

// Joins `node` (NAME@HOST) hidden, under a name that the node hands out (OTP 23 and later).
// Throws NodeError: WrongCookie, OtherNode, NotAllowed, Incompatible, Down, Timeout.
Handshake shake_hands(Transport& transport, const std::string& node, const std::string& cookie,
                      const Deadline& deadline);

// MD5 of the cookie followed by the challenge in decimals: what proves to know the cookie.
std::string challenge_digest(const std::string& cookie, uint32_t challenge);

}  // namespace relmk::node
