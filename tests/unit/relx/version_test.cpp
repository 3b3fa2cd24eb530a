#include "relx/config/version.h"

#include "catch.h"
#include "scratch.h"
#include "sys/error.h"
#include "term/consult.h"
#include "term/print.h"

namespace relx_version_test {

using namespace relmk;
using namespace relmk::relx;

namespace {

std::string version(const Scratch& scratch, const std::string& form) {
  return resolve_version(term::consult_text("f", form + ".").front(), scratch.path, "f",
                         {{"LIMIT", std::chrono::seconds(300)}});
}

std::string order(const std::string& a, const std::string& b) {
  const int by = compare_versions(a, b);
  CHECK(compare_versions(b, a) == -by);
  return by < 0 ? "<" : by > 0 ? ">" : "=";
}

}  // namespace

TEST_CASE("version: a string, what a file holds, what a command prints") {
  const Scratch scratch;
  sys::write_file(scratch.path / "VERSION", "\n1.2.3\n\n");
  CHECK(version(scratch, "\"1.0\"") == "1.0");
  CHECK(version(scratch, "{file,\"VERSION\"}") == "1.2.3");
  CHECK(version(scratch, "{cmd,\"echo 1.2.3 | tr . -\"}") == "1-2-3");
}

TEST_CASE("version: a command has its time, and what sets it is told") {
  const Scratch scratch;
  const Term form = term::consult_text("f", "{cmd, \"exec sleep 300\"}.").front();
  CHECK_THROWS_WITH(resolve_version(form, scratch.path, "f", {{"LIMIT", std::chrono::seconds(1)}}),
                    "f:1:1: error: a version's command has not ended within 1 seconds\n"
                    "hint: LIMIT sets this limit");
}

TEST_CASE("version: a command has its memory, and its output an end") {
  const Scratch scratch;
  const auto of_command = [&](const std::string& command) {
    const Term form = term::consult_text("f", "{cmd, \"" + command + "\"}.").front();
    return resolve_version(form, scratch.path, "f", {{}, {"LIMIT", 32 * sys::kMebibyte}});
  };
  CHECK_THROWS_WITH(of_command("b=$(head -c 67108864 /dev/zero | tr '\\\\0' x); sleep 300; :"),
                    "f:1:1: error: a version's command takes more than 32 MiB of memory\n"
                    "hint: LIMIT sets this limit");
  CHECK_THROWS_WITH(of_command("exec yes"),
                    "f:1:1: error: a version's command printed more than 16 MiB, and was killed");
}

TEST_CASE("version: a form that has no place of its own is told where its release's name stands") {
  const Scratch scratch;
  const auto terms = term::consult_text("f", "{release,\n {r, <<\"1\">>}, []}.");
  CHECK_THROWS_WITH(resolve_release_versions(terms, scratch.path, "f", {}),
                    Catch::Matchers::StartsWith("f:2:2: error: malformed release version: "));
}

TEST_CASE("version: a form that cannot be carried out gives 0.0.0") {
  const Scratch scratch;
  CHECK(version(scratch, "{file,\"none\"}") == "0.0.0");
  CHECK(version(scratch, "{cmd,\"exit 1\"}") == "0.0.0");
  CHECK(version(scratch, "{cmd,\"true\"}") == "0.0.0");
}

TEST_CASE("version: what names no directory, or is no version, is refused where it stands") {
  const Scratch scratch;
  CHECK_THROWS_WITH(version(scratch, " {cmd,\"echo a/b\"}"),
                    "f:1:2: error: a version names a directory, which this cannot: a/b");
  CHECK_THROWS_AS(version(scratch, "\"..\""), Error);
  CHECK_THROWS_WITH(version(scratch, "{odd,1}"),
                    Catch::Matchers::StartsWith("f:1:1: error: malformed release version: "));
}

TEST_CASE("version: every release of a configuration, the one that it extends too") {
  const Scratch scratch;
  const Terms terms = term::consult_text("f",
                                         "{release,{a,{cmd,\"echo 1\"}},[]}. {mode,dev}. "
                                         "{release,{b,\"2\",{extend,{a,{cmd,\"echo 1\"}}}},[]}.");
  const Terms resolved = resolve_release_versions(terms, scratch.path, "f", {});
  CHECK(term::print_pretty(Term::list(resolved)) ==
        "[{release,{a,\"1\"},[]},{mode,dev},{release,{b,\"2\",{extend,{a,\"1\"}}},[]}]");
}

TEST_CASE("version: the order in which relx picks the highest") {
  CHECK(order("1.9", "1.10") == "<");
  CHECK(order("1", "1.0.0") == "=");
  CHECK(order("1.0.0-rc1", "1.0.0") == "<");
  CHECK(order("1.0.0-alpha", "1.0.0-beta") == "<");
  CHECK(order("1.0.0+build", "1.0.0") == "=");
  CHECK(order("no version", "0.0.0") == "=");
  CHECK(order("01.0", "0.0.1") == "<");
}

}  // namespace relx_version_test
