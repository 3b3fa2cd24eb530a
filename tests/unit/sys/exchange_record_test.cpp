#include "sys/exchange_record.h"

#include "catch.h"
#include "sys/error.h"

namespace sys_exchange_record_test {

using namespace relmk;
using namespace relmk::sys;
using Kind = ExchangeStep::Kind;

TEST_CASE("exchange record: its text is read back as it was") {
  ExchangeRecord record;
  record.tool = "/opt/a\nb\\n/nodetool";
  record.areas = {"../new", "/other mount/new"};
  record.steps = {{Kind::Place, 1, "lib/a 1", 0},
                  {Kind::Replace, 0, "bin/\\n", 0},
                  {Kind::Remove, 0, "x\ny", 0},
                  {Kind::RemoveDirectory, 0, "lib/b", 0755},
                  {Kind::None, 0, "z", 0}};
  record.modes = {{"lib", 0555, 0755}};
  const std::string text = print_exchange(record);
  CHECK(text ==
        "finish\nrelmk exchange 1\n/opt/a\\nb\\\\n/nodetool\narea ../new\narea /other mount/new\n"
        "mode 555 755 lib\nplace 1 lib/a 1\nreplace 0 bin/\\\\n\nremove 0 x\\ny\nrmdir 755 lib/b\n"
        "none 0 z\nend\n");
  CHECK(print_exchange(read_exchange(text)) == text);
  CHECK(read_exchange(text).tool == record.tool);
  CHECK(read_exchange(text).steps[2].path == "x\ny");
  record.is_undone = true;
  CHECK(read_exchange(print_exchange(record)).is_undone);
}

TEST_CASE("exchange record: one word is written over the other") {
  ExchangeRecord record;
  std::string text = print_exchange(record);
  text.replace(0, kUndoWord.size(), kUndoWord);
  CHECK(read_exchange(text).is_undone);
}

TEST_CASE("exchange record: what is no journal is refused") {
  const std::string begin = "finish\nrelmk exchange 1\n\n";
  CHECK_THROWS_WITH(read_exchange(""), "error: its journal is none");
  CHECK_THROWS_WITH(read_exchange("finish\nrelmk exchange 2\n\nend\n"),
                    "error: its journal is another relmk's");
  CHECK_THROWS_WITH(read_exchange(begin + "area x\n"), "error: its journal ends early");
  for (const char* line : {"place 0 x", "area x\nplace 9z x", "area x\nplace 1 x", "mode 7 x",
                           "move 0 x", "rmdir x"}) {
    CAPTURE(line);
    CHECK_THROWS_WITH(read_exchange(begin + line + "\nend\n"),
                      "error: its journal cannot be understood");
  }
}

}  // namespace sys_exchange_record_test
