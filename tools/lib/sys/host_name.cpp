#include "sys/host_name.h"

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <map>
#include <mutex>

namespace relmk::sys {

std::string host_name() {
  char name[256] = "";
  return ::gethostname(name, sizeof name - 1) == 0 ? name : "";
}

std::string short_host_name() {
  const std::string name = host_name();
  return name.substr(0, name.find('.'));
}

namespace {

std::string ask_canonical_host_name(const std::string& host) {
  addrinfo hints{};
  hints.ai_family = AF_INET;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_CANONNAME;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) return {};
  const std::string name = found->ai_canonname != nullptr ? found->ai_canonname : "";
  ::freeaddrinfo(found);
  return name;
}

}  // namespace

std::string canonical_host_name(const std::string& host) {
  static std::mutex lock;
  static std::map<std::string, std::string> known;
  const std::lock_guard hold(lock);
  const auto found = known.find(host);
  if (found != known.end()) return found->second;
  return known[host] = ask_canonical_host_name(host);
}

}  // namespace relmk::sys
