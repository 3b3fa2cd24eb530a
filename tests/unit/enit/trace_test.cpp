#include "enit/trace.h"

#include <fstream>

#include "catch.h"
#include "scratch.h"
#include "sys/error.h"
#include "term/consult.h"
#include "term/external.h"
#include "warnings.h"

namespace enit_trace_test {

using namespace relmk;
using namespace relmk::enit;

namespace {

std::string text(const std::string& trace) {
  return trace_text(term::consult_text("", trace + ".\n").at(0));
}

std::string packet(const Term& message) {
  const std::string bytes = term::encode_external(message);
  std::string head(5, '\0');
  head[3] = static_cast<char>(bytes.size() >> 8);
  head[4] = static_cast<char>(bytes.size());
  return head + bytes;
}

}  // namespace

TEST_CASE("enit trace: each kind of message is printed as dbg's handler prints it") {
  CHECK(text("{trace,p,call,{lists,seq,[1,\"a\"]}}") == "(p) call lists:seq(1,\"a\")\n");
  CHECK(text("{trace,p,call,{lists,seq,2}}") == "(p) call lists:seq/2\n");
  CHECK(text("{trace,p,call,{m,f,[]},extra}") == "(p) call m:f() (extra)\n");
  CHECK(text("{trace,p,return_from,{m,f,1},[2]}") == "(p) returned from m:f/1 -> [2]\n");
  CHECK(text("{trace,p,return_to,{m,f,1}}") == "(p) returning to m:f/1\n");
  CHECK(text("{trace,p,send,hello,q}") == "(p) q ! hello\n");
  CHECK(text("{trace,p,'receive',hello}") == "(p) << hello\n");
  CHECK(text("{trace,p,'receive',{dbg,ok}}").empty());
  CHECK(text("{trace,p,spawn,q,{m,f,[a]}}") == "(p) spawn q as m:f(a)\n");
  CHECK(text("{trace,p,exception_from,{m,f,1},{error,x}}") ==
        "(p) exception_from {m,f,1} {error,x}\n");
  CHECK(text("{trace_ts,p,'receive',m,{1,2,3}}") == "(p) << m (Timestamp: {1,2,3})\n");
  CHECK(text("{seq_trace,7,{send,{0,1},a,b,m}}") == "SeqTrace [7]: (a) b ! m [Serial: {0,1}]\n");
  CHECK(text("{seq_trace,7,{'receive',{0,1},a,b,m},{1,2,3}}") ==
        "SeqTrace {1,2,3} [7]: (b) << m [Serial: {0,1}, From: a]\n");
  CHECK(text("{seq_trace,7,{print,{0,1},a,[],i}}") ==
        "SeqTrace [7]: -> i [Serial: {0,1}, From: a]\n");
  CHECK(text("{drop,12}") == "*** Dropped 12 messages.\n");
  CHECK(text("end_of_trace").empty());
}

TEST_CASE("enit trace: messages come out whole, however the bytes arrive") {
  const std::string bytes =
      packet(Term::atom("one")) + std::string("\1\0\0\1\2", 5) + packet(Term::atom("two"));
  TraceStream stream;
  std::vector<Term> messages;
  for (const char byte : bytes) {
    stream.add({&byte, 1});
    while (const auto message = stream.next())
      messages.push_back(*message);
  }
  REQUIRE(messages.size() == 3);
  CHECK(messages[0].is_atom("one"));
  CHECK(messages[1] == Term::tuple({Term::atom("drop"), Term(258)}));
  CHECK(messages[2].is_atom("two"));
  CHECK(stream.is_at_message());
}

TEST_CASE("enit trace: what is no trace is an error, a part of one is no end") {
  TraceStream stream;
  stream.add(std::string("\2\0\0\0\1x", 6));
  CHECK_THROWS_AS(stream.next(), Error);
  TraceStream part;
  part.add(std::string("\0\0\0\0\5x", 6));
  CHECK_FALSE(part.next());
  CHECK_FALSE(part.is_at_message());
}

TEST_CASE("enit trace: a file that is begun anew is followed from its begin, which is a warning") {
  const auto call = [](int number) {
    return packet(
        term::consult_text("", "{trace,p,call,{m,f,[" + std::to_string(number) + "]}}.").at(0));
  };
  const Scratch scratch;
  const std::string file = (scratch.path / "trace").string();
  const Warnings warnings;
  sys::write_file(file, call(1) + call(2));
  std::string seen;
  trace_file(file, true, [&](std::string_view text) {
    seen += text;
    // A tracer empties its file, and writes less than there was; another one makes a new file.
    if (text.ends_with("f(2)\n")) {
      fs::resize_file(file, 0);
      std::ofstream(file, std::ios::app) << call(3);
    }
    if (text.ends_with("f(3)\n")) sys::write_file(file, call(4) + call(5) + call(6));
    return !text.ends_with("f(6)\n");
  });
  CHECK(seen ==
        "(p) call m:f(1)\n(p) call m:f(2)\n(p) call m:f(3)\n"
        "(p) call m:f(4)\n(p) call m:f(5)\n(p) call m:f(6)\n");
  CHECK(warnings.text() ==
        file + ": warning: was begun anew\n" + file + ": warning: was begun anew\n");
}

}  // namespace enit_trace_test
