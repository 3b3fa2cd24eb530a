// What this machine is called.
#pragma once

#include <string>

namespace relmk::sys {

// gethostname(2), with its domain where it was set with one; empty when it cannot be told.
std::string host_name();

// Up to the first dot: inet:gethostname/0.
std::string short_host_name();

// The name that the system's resolver gives for an IPv4 host, as gethostbyname does (the first one
// of its line in /etc/hosts, say); empty when it knows none. May wait for a name server,
// which is asked once: a process that asks for the name of ten nodes gets the same answer each
// time.
std::string canonical_host_name(const std::string& host);

}  // namespace relmk::sys
