#include "node/session/group_leader.h"

#include <mutex>

#include "catch.h"
#include "fake_node.h"
#include "term/consult.h"
#include "term/print.h"

namespace node_group_leader_test {

using namespace relmk;
using namespace relmk::node;

namespace {

constexpr std::chrono::milliseconds kTimeout(10000);

class Script : public Terminal {
 public:
  std::string output;
  std::vector<std::string> lines;
  bool shows = true;

  void write(Rpc&, std::string_view text) override { output += text; }
  Line read_line(Rpc&, const ReadRequest& request) override {
    output += request.prompt;
    Line line;
    line.end = lines.empty();
    if (!lines.empty()) {
      line.text = lines.front();
      lines.erase(lines.begin());
    }
    return line;
  }
  bool is_terminal() const override { return shows; }
  std::optional<int> columns() const override { return 132; }
};

Term term(const std::string& text) {
  return term::consult_text("request", text + ".")[0];
}

// What the group leader replies to each request, as ~w prints it.
std::vector<std::string> replies(Script& terminal, const std::vector<std::string>& requests) {
  std::vector<std::string> replies;
  FakeNode node;
  node.receive = [&](FakeNode&, const Term&, const Term& payload) {
    if (!payload.is_tagged("io_reply", 3)) return false;
    replies.push_back(term::print_plain(payload[2]));
    return replies.size() < requests.size();
  };
  Connection connection(node.listen(), "secret", Deadline::after(kTimeout));
  Rpc rpc(connection, kTimeout);
  GroupLeader leader(rpc, terminal);
  for (const std::string& request : requests) {
    leader.accept(Term::tuple(
        {Term::atom("io_request"), connection.self(), connection.new_reference(), term(request)}));
  }
  try {
    while (rpc.serve(Deadline::after(kTimeout))) {
    }
  } catch (const Error&) {
    // The node has what it wanted, and is gone.
  }
  return replies;
}

using Strings = std::vector<std::string>;

}  // namespace

TEST_CASE("group leader: prints characters of both encodings") {
  Script terminal;
  CHECK(replies(terminal, {"{put_chars, unicode, [\"a\", <<195,169>>, 8364]}",
                           "{put_chars, latin1, <<233>>}", "{put_chars, \"old\"}"}) ==
        Strings{"ok", "ok", "ok"});
  CHECK(terminal.output == "a\xc3\xa9\xe2\x82\xac\xc3\xa9old");
}

TEST_CASE("group leader: refuses what is no request") {
  Script terminal;
  CHECK(
      replies(terminal, {"{put_chars, unicode, atom}", "sing", "{dance, tango}",
                         "{requests, [{put_chars, unicode, \"a\"}, sing, {put_chars, \"b\"}]}"}) ==
      Strings{"{error,put_chars}", "{error,request}", "{error,request}", "{error,request}"});
  CHECK(terminal.output == "a");
}

TEST_CASE("group leader: reads lines") {
  Script terminal;
  terminal.lines = {"joe\n", "last"};
  CHECK(replies(terminal, {"{get_line, unicode, \"name> \"}", "{get_line, 'more '}",
                           "{get_line, unicode, \"\"}"}) ==
        Strings{"[106,111,101,10]", "[108,97,115,116]", "eof"});
  CHECK(terminal.output == "name> more ");
}

TEST_CASE("group leader: reads binaries when told so") {
  Script terminal;
  terminal.lines = {"\xc3\xa9\n"};
  CHECK(replies(terminal, {"{setopts, [binary]}", "{get_line, unicode, \"\"}"}) ==
        Strings{"ok", "<<195,169,10>>"});
}

TEST_CASE("group leader: keeps what was read but not wanted") {
  Script terminal;
  terminal.lines = {"abc\n"};
  CHECK(replies(terminal, {"{get_chars, unicode, \"\", 2}", "{get_line, unicode, \"\"}",
                           "{get_chars, unicode, \"\", 1}"}) ==
        Strings{"[97,98]", "[99,10]", "eof"});
}

TEST_CASE("group leader: writes the bytes of Latin-1 when told so") {
  Script terminal;
  CHECK(replies(terminal, {"{setopts, [{encoding, latin1}]}", "{put_chars, latin1, <<0,255,10>>}",
                           "{put_chars, unicode, [228, 8364]}", "{setopts, [unicode]}",
                           "{put_chars, unicode, [228]}"}) == Strings(5, "ok"));
  CHECK(terminal.output == std::string("\0\xff\n\xe4\\x{20AC}\xc3\xa4", 14));
}

TEST_CASE("group leader: reads the bytes of Latin-1 when told so") {
  Script terminal;
  terminal.lines = {"\xff\n", "\xc3\xa9\n"};
  CHECK(replies(terminal, {"{setopts, [{encoding, latin1}]}", "{get_line, unicode, \"\"}",
                           "{setopts, [utf8]}", "{setopts, [{encoding, utf8}]}",
                           "{get_line, unicode, \"\"}", "{setopts, [{encoding, utf16}]}"}) ==
        Strings{"ok", "[255,10]", "ok", "ok", "[233,10]", "{error,enotsup}"});
}

TEST_CASE("group leader: keeps to the encoding of a request") {
  Script terminal;
  terminal.lines = {"\xc3\xa9\n", "\xe2\x82\xac\n"};
  CHECK(replies(terminal, {"{setopts, [binary]}", "{get_line, latin1, \"\"}",
                           "{get_chars, latin1, \"\", 1}", "{put_chars, unicode, 65}"}) ==
        Strings{"ok", "<<233,10>>", "{error,collect_chars}", "{error,put_chars}"});
  CHECK(terminal.output.empty());
}

TEST_CASE("group leader: reads passwords without their newline") {
  Script terminal;
  terminal.lines = {"pass\n"};
  CHECK(replies(terminal, {"{get_password, unicode}"}) == Strings{"[112,97,115,115]"});
}

TEST_CASE("group leader: tells its options") {
  Script terminal;
  CHECK(replies(terminal,
                {"{setopts, [{binary, true}, {echo, false}, {encoding, latin1}]}", "getopts",
                 "{setopts, [nonsense]}", "{get_geometry, columns}", "{get_geometry, rows}"}) ==
        Strings{"ok",
                "[{binary,true},{encoding,latin1},{expand_fun,false},{echo,false},{terminal,true}]",
                "{error,enotsup}", "132", "{error,enotsup}"});
  terminal.shows = false;
  CHECK(replies(terminal, {"getopts"}) == Strings{"[{binary,false},{encoding,unicode}]"});
}

}  // namespace node_group_leader_test
