// The stream of a trace port (runtime_tools' dbg:trace_port/2): decoded, and printed as dbg's own
// client prints it (dbg:trace_client/2 with dbg's default handler).
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "term/term.h"

namespace relmk::enit {

// Takes the bytes of a stream and hands out its messages. A message is 0, a size in four bytes and
// a term in the external format, or 1 and the number of messages that were dropped.
class TraceStream {
 public:
  void add(std::string_view bytes) { bytes_.append(bytes); }
  // The next message: a term, {drop, Count} for dropped ones; nullopt while it isn't complete.
  // Throws Error for what is no trace.
  std::optional<Term> next();
  // Whether the stream may end here.
  bool is_at_message() const { return at_ == bytes_.size(); }

 private:
  std::string bytes_;
  size_t at_ = 0;
};

// The line, or lines, of a message; empty for what dbg prints nothing for.
std::string trace_text(const Term& message);

// Takes a text; false where it cannot, and then no more is read.
using Write = std::function<bool(std::string_view)>;

// Prints what HOST:PORT sends until it closes the connection. Throws node::NodeError where it can't
// be reached within `patience`.
void trace_ip(const std::string& host, uint16_t port, std::chrono::milliseconds patience,
              const Write& write);

// Prints what a file holds; with `follow`, what is added to it too, without end, and all that is in
// it when it has been begun anew, which is a warning: a tracer that starts empties its file. Throws
// Error.
void trace_file(const std::string& file, bool follow, const Write& write);

}  // namespace relmk::enit
