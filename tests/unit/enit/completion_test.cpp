#include "enit/completion.h"

#include "catch.h"

namespace enit_completion_test {

using namespace relmk::enit;
using Catch::Matchers::ContainsSubstring;

namespace {

const std::vector<CompletedCommand> kCommands{{"stop", "stops it's node", true, {"--timeout"}},
                                              {"list", "lists", false, {}}};

}  // namespace

TEST_CASE("enit completion: bash knows commands, their options, and who takes a release") {
  const std::string text = bash_completion(kCommands);
  CHECK_THAT(text, ContainsSubstring("words=\"stop list\""));
  CHECK_THAT(text, ContainsSubstring("stop) words=\"--timeout\" ;;"));
  CHECK_THAT(text, ContainsSubstring("      stop) words=$(enit list --names"));
}

TEST_CASE("enit completion: fish has the same, with what each command does") {
  const std::string text = fish_completion(kCommands);
  CHECK_THAT(text, ContainsSubstring("-a stop -d 'stops it\\'s node'\n"));
  CHECK_THAT(text, ContainsSubstring("'__fish_seen_subcommand_from stop' -l timeout\n"));
  CHECK_THAT(text, !ContainsSubstring("from list' -a"));
}

}  // namespace enit_completion_test
