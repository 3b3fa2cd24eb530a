#include "enit/boot.h"

#include <algorithm>

#include "catch.h"
#include "evaluated_program.h"
#include "host.h"
#include "term/consult.h"
#include "term/print.h"

namespace enit_boot_test {

using namespace relmk;
using namespace relmk::enit;
using Catch::Matchers::ContainsSubstring;

namespace {

struct Booted {
  Booted() {
    host.lay_plain("top", "1", {"below"}, ", {included_applications, [part]}");
    host.lay_plain("below", "1");
    host.lay_plain("part", "1");
    applications = host.applications(host.release("top", ""));
    otp.tail = term::consult_text("tail", "[{apply,{c,erlangrc,[]}},{progress,started}].\n")
                   .front()
                   .elements();
  }
  InstalledHost host;
  otp::ReleaseApplications applications;
  otp::BootTemplate otp;
};

std::vector<std::string> printed(const Term& instructions) {
  std::vector<std::string> all;
  for (const Term& one : instructions.elements())
    all.push_back(term::print_plain(one));
  return all;
}

}  // namespace

TEST_CASE(
    "enit boot: each application after those that it needs; included ones, kernel and stdlib not") {
  CHECK(started_applications(Booted().applications) ==
        std::vector<Atom>{Atom("below"), Atom("top")});
}

TEST_CASE(
    "enit boot: all are loaded, kernel and stdlib started, then the expressions are evaluated") {
  const Booted booted;
  const auto all = printed(boot_script(booted.applications, booted.otp, "/state/start.eval")[2]);
  const auto at = [&](const std::string& instruction) {
    return std::find(all.begin(), all.end(), instruction) - all.begin();
  };
  const auto end = std::ssize(all);
  const auto evaluated =
      at("{apply,{file,eval,[" + term::print_plain(Term::string("/state/start.eval")) + ",[]]}}");
  CHECK(at("{apply,{application,start_boot,[stdlib,permanent]}}") < evaluated);
  CHECK(evaluated < at("{progress,started}"));
  CHECK(at("{progress,started}") == end - 1);
  CHECK(at("{apply,{application,start_boot,[top,permanent]}}") == end);
  CHECK(std::count_if(all.begin(), all.end(), [](const std::string& one) {
          return one.starts_with("{apply,{application,load,[{application,top,");
        }) == 1);
}

TEST_CASE("enit boot: the expressions know what is started, how often, and who is told") {
  Applied applied;
  applied.release = "relex";
  applied.version = "1.0";
  StartOptions options;
  options.retries = {3};
  options.delay = std::chrono::milliseconds(1500);
  options.syslog = true;
  const std::string text = start_expressions(applied, {Atom("below"), Atom("Top")}, options);
  CHECK_THAT(text, ContainsSubstring("\nStarted = [below,'Top'],\n"));
  CHECK_THAT(text, ContainsSubstring("\nRetries = 3,\nDelay = 1500,\nSyslog = true,\n"));
  CHECK_THAT(text, ContainsSubstring(term::print_plain(Term::string(kNotifySocket))));
  CHECK_THAT(text, ContainsSubstring(make_permanent_fun()));
  options.retries = {std::nullopt};
  CHECK_THAT(start_expressions(applied, {}, options), ContainsSubstring("\nRetries = infinity,\n"));
}

TEST_CASE("enit boot: the syslog gets each message, who waits for the node that it is ready") {
  const Scratch scratch;
  const std::string log = (scratch.path / "log").string();
  Applied applied;
  applied.release = "relex";
  applied.version = "1.0";
  StartOptions options;
  options.syslog = true;
  std::string text = start_expressions(applied, {}, options);
  const std::string path = "\"/dev/log\"";
  REQUIRE(text.find(path) != std::string::npos);
  text.replace(text.find(path), path.size(), "\"" + log + "\"");
  text.resize(text.rfind('.'));
  CHECK(evaluated_program("Listen = fun(Path) -> {ok, S} = gen_udp:open(0, [local, {ip, {local, "
                          "Path}}, {active, false}]), S end,\n"
                          "Log = Listen(\"" +
                          log + "\"), Ready = Listen(\"" + log + ".ready\"),\n" +
                          "true = os:putenv(\"NOTIFY_SOCKET\", \"" + log + ".ready\"),\n" + text +
                          R"(,
Got = fun(From) -> {ok, {_, _, Message}} = gen_udp:recv(From, 0, 60000), Message end,
Pid = os:getpid(),
{Got(Log) =:= "<14>enit[" ++ Pid ++ "]: booting release relex 1.0",
 Got(Log) =:= "<14>enit[" ++ Pid ++ "]: started release relex 1.0",
 string:prefix(Got(Ready), "READY=1\n") =/= nomatch}.)") == "{true,true,true}");
}

}  // namespace enit_boot_test
