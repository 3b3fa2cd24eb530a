// The formats of lines are those of dbg:dhandler/2, where a term is printed by ~tp.
#include "enit/trace.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>

#include "node/distribution/node_error.h"
#include "node/distribution/transport.h"
#include "sys/descriptor.h"
#include "sys/error.h"
#include "term/external.h"
#include "term/print.h"

namespace relmk::enit {
namespace {

constexpr size_t kHead = 5;
constexpr useconds_t kFollowPause = 100'000;  // microseconds

std::string p(const Term& term) {
  term::PrintOptions options;
  options.unicode = true;
  return term::print_pretty(term, options);
}

std::string arguments_text(const Term& arguments) {
  std::string text;
  for (const Term& argument : arguments.elements())
    text += (text.empty() ? "" : ",") + p(argument);
  return text;
}

// M:F(A, …), M:F/N.
std::string function_text(const Term& mfa) {
  if (!mfa.is_tuple(3)) return p(mfa);
  if (mfa[2].is_proper_list()) {
    return fmt::format("{}:{}({})", p(mfa[0]), p(mfa[1]), arguments_text(mfa[2]));
  }
  return fmt::format("{}:{}/{}", p(mfa[0]), p(mfa[1]), p(mfa[2]));
}

// What one io:format prints: a term that takes several lines is indented by the column it begins
// at.
class Line {
 public:
  Line& text(const std::string& more) {
    text_ += more;
    return *this;
  }
  Line& term(const Term& value) {
    term::PrintOptions options;
    options.unicode = true;
    options.indent = column();
    text_ += term::print_pretty(value, options);
    return *this;
  }
  const std::string& all() const { return text_; }

 private:
  int column() const {
    const size_t newline = text_.rfind('\n');
    const size_t begin = newline == std::string::npos ? 0 : newline + 1;
    return static_cast<int>(
        std::count_if(text_.begin() + static_cast<ptrdiff_t>(begin), text_.end(),
                      [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
  }
  std::string text_;
};

// An event without its timestamp; `size` counts the elements without that. False for what dbg
// prints nothing for.
bool add_event(Line& line, const Term& trace, size_t size) {
  const Term& tag = trace[2];
  line.text("(").term(trace[1]).text(") ");
  if (size >= 4 && tag.is_atom("receive")) {
    if (trace[3].is_tagged("dbg", 2) && trace[3][1].is_atom("ok")) return false;
    line.text("<< ").term(trace[3]);
  } else if (size >= 5 && tag.is_atom("send")) {
    line.term(trace[4]).text(" ! ").term(trace[3]);
  } else if (size >= 4 && tag.is_atom("call")) {
    line.text("call ").text(function_text(trace[3]));
    if (size == 5) line.text(" (").term(trace[4]).text(")");
  } else if (size >= 4 && tag.is_atom("return")) {
    line.text("old_ret ").text(function_text(trace[3]));
    if (size == 5) line.text(" -> ").term(trace[4]);
  } else if (size >= 5 && tag.is_atom("return_from")) {
    line.text("returned from ").text(function_text(trace[3])).text(" -> ").term(trace[4]);
  } else if (size >= 4 && tag.is_atom("return_to")) {
    line.text("returning to ").text(function_text(trace[3]));
  } else if (size == 5 && tag.is_atom("spawn")) {
    line.text("spawn ").term(trace[3]).text(" as ").text(function_text(trace[4]));
  } else {
    line.term(tag);
    for (size_t i = 3; i < size; ++i)
      line.text(" ").text(p(trace[i]));
  }
  return true;
}

// Two calls of io:format print it.
std::string sequence_text(const Term& trace) {
  Line head, line;
  head.text("SeqTrace ");
  if (trace.elements().size() >= 4) head.term(trace[3]).text(" ");
  head.text("[").term(trace[1]).text("]: ");
  const Term& info = trace[2];
  if (info.is_tagged("send", 5)) {
    line.text("(").term(info[2]).text(") ").term(info[3]).text(" ! ").term(info[4]);
    line.text(" [Serial: ").term(info[1]).text("]");
  } else if (info.is_tagged("receive", 5)) {
    line.text("(").term(info[3]).text(") << ").term(info[4]);
    line.text(" [Serial: ").term(info[1]).text(", From: ").term(info[2]).text("]");
  } else if (info.is_tagged("print", 5)) {
    line.text("-> ").term(info[4]);
    line.text(" [Serial: ").term(info[1]).text(", From: ").term(info[2]).text("]");
  } else {
    line.term(info);
  }
  return head.all() + line.all() + "\n";
}

std::optional<Term> next_of(TraceStream& stream, const std::string& name) {
  try {
    return stream.next();
  } catch (const Error& error) {
    throw Error(name, "is no trace: " + error.message());
  }
}

// What is to be done where a descriptor has no more to give: a file that has been begun anew is a
// stream of its own, and open as the same descriptor by then.
enum class AtEnd { Stop, ReadOn, BeginAnew };

// Prints all that a descriptor gives.
void print_stream(const std::string& name, const sys::Descriptor& descriptor,
                  const std::function<AtEnd()>& at_end, const Write& write) {
  TraceStream stream;
  std::array<char, 65536> buffer;
  for (;;) {
    const ssize_t count = ::read(descriptor.get(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw sys::system_error(name, "cannot be read", errno);
    if (count == 0) {
      const AtEnd next = at_end();
      if (next == AtEnd::Stop) break;
      if (next == AtEnd::BeginAnew) stream = {};
      continue;
    }
    stream.add({buffer.data(), static_cast<size_t>(count)});
    while (const auto message = next_of(stream, name)) {
      if (!write(trace_text(*message))) return;
    }
  }
  if (!stream.is_at_message()) throw Error(name, "ends within a message");
}

sys::Descriptor open_file(const std::string& file) {
  sys::Descriptor opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (opened.get() < 0) throw sys::system_error(file, "cannot be opened", errno);
  return opened;
}

// Whether the file has been cut off before the place up to which it was read, or another one stands
// in its place. Nothing there: perhaps one will.
bool is_begun_anew(const std::string& file, const sys::Descriptor& opened) {
  struct stat ours {};
  struct stat there {};
  if (::fstat(opened.get(), &ours) != 0 || ::stat(file.c_str(), &there) != 0) return false;
  return ours.st_ino != there.st_ino || ours.st_dev != there.st_dev ||
         ::lseek(opened.get(), 0, SEEK_CUR) > ours.st_size;
}

// The first address of the host that takes the connection; else what the first of them said.
std::unique_ptr<node::Transport> connect_to(const std::string& host, uint16_t port,
                                            const node::Deadline& deadline) {
  std::optional<node::NodeError> failure;
  for (const node::InternetAddress& address :
       node::resolve_host(host, node::AddressFamily::Any, {}, deadline)) {
    try {
      return node::connect_tcp(address, port, deadline);
    } catch (const node::NodeError& error) {
      if (!failure) failure = error;
    }
  }
  throw failure.value_or(
      node::NodeError(node::NodeError::Reason::HostNotFound, "unable to resolve " + host));
}

}  // namespace

std::optional<Term> TraceStream::next() {
  if (at_ > 0 && at_ == bytes_.size()) {
    bytes_.clear();
    at_ = 0;
  }
  if (bytes_.size() - at_ < kHead) return std::nullopt;
  const auto byte = [&](size_t i) {
    return static_cast<uint32_t>(static_cast<unsigned char>(bytes_[at_ + i]));
  };
  const uint32_t number = byte(1) << 24 | byte(2) << 16 | byte(3) << 8 | byte(4);
  if (byte(0) == 1) {
    at_ += kHead;
    return Term::tuple({Term::atom("drop"), Term(static_cast<int64_t>(number))});
  }
  if (byte(0) != 0) throw Error(fmt::format("bad trace tag {}", byte(0)));
  if (bytes_.size() - at_ - kHead < number) {
    bytes_.erase(0, at_);
    at_ = 0;
    return std::nullopt;
  }
  const Term message = term::decode_external(std::string_view(bytes_).substr(at_ + kHead, number));
  at_ += kHead + number;
  return message;
}

std::string trace_text(const Term& message) {
  if (!message.is_tuple()) return {};
  const size_t size = message.elements().size();
  if (message.is_tagged("drop", 2)) return fmt::format("*** Dropped {} messages.\n", p(message[1]));
  if (message.is_tagged("seq_trace") && size >= 3) return sequence_text(message);
  const bool has_time = message.is_tagged("trace_ts") && size >= 4;
  if (!has_time && !(message.is_tagged("trace") && size >= 3)) return {};
  Line line;
  if (!add_event(line, message, has_time ? size - 1 : size)) return {};
  if (has_time) line.text(" (Timestamp: ").term(message[size - 1]).text(")");
  return line.text("\n").all();
}

void trace_ip(const std::string& host, uint16_t port, std::chrono::milliseconds patience,
              const Write& write) {
  const auto transport = connect_to(host, port, node::Deadline::after(patience));
  const sys::Descriptor socket(::fcntl(transport->descriptor(), F_DUPFD_CLOEXEC, 0));
  ::fcntl(socket.get(), F_SETFL, ::fcntl(socket.get(), F_GETFL) & ~O_NONBLOCK);
  print_stream(
      fmt::format("{} port {}", host, port), socket, [] { return AtEnd::Stop; }, write);
}

void trace_file(const std::string& file, bool follow, const Write& write) {
  sys::Descriptor opened = open_file(file);
  const auto wait = [&] {
    if (!follow) return AtEnd::Stop;
    ::usleep(kFollowPause);
    if (!is_begun_anew(file, opened)) return AtEnd::ReadOn;
    sys::warn(file, {}, "was begun anew");
    opened = open_file(file);
    return AtEnd::BeginAnew;
  };
  print_stream(file, opened, wait, write);
}

}  // namespace relmk::enit
