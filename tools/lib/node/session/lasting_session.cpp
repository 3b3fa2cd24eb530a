#include "node/session/lasting_session.h"

#include <algorithm>

#include "node/distribution/node_error.h"
#include "node/session/join.h"

namespace relmk::node {
namespace {

// A node that ends answers late or never.
constexpr std::chrono::milliseconds kOneAttempt(1000);

}  // namespace

LastingSession::LastingSession(const Target& target, std::chrono::milliseconds timeout)
    : target_(target),
      timeout_(timeout),
      node_(target.address.name.text()),
      session_(
          std::make_unique<Session>(join(target, Deadline::after(timeout)), timeout, streams_)) {}

void LastingSession::serve() {
  try {
    while (session_ && session_->rpc().serve(Deadline::after({}))) {
    }
  } catch (const NodeError&) {
    session_.reset();
  }
}

std::optional<Term> LastingSession::try_call(std::string_view module, std::string_view function,
                                             Terms arguments) {
  if (!session_) return std::nullopt;
  try {
    return session_->rpc().call(module, function, std::move(arguments),
                                Deadline::after(kOneAttempt));
  } catch (const NodeError& error) {
    if (error.reason() != NodeError::Reason::Timeout) session_.reset();
    return std::nullopt;
  }
}

bool LastingSession::rejoin() {
  if (session_) return true;
  try {
    const auto timeout = std::min(timeout_, kOneAttempt);
    session_ = std::make_unique<Session>(
        Connection(target_.address, target_.cookie.value, Deadline::after(timeout)), timeout,
        streams_);
  } catch (const NodeError&) {
    return false;
  }
  return true;
}

}  // namespace relmk::node
