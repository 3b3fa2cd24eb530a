#include "node/console/line_editor.h"

#include "catch.h"

namespace node_line_editor_test {

using namespace relmk::node;

TEST_CASE("line editor: the prompt of further lines ends in the same column") {
  CHECK(more_prompt("1> ") == ".. ");
  CHECK(more_prompt("(a@b)10> ") == "      .. ");
  CHECK(more_prompt("").ends_with(".. "));
}

}  // namespace node_line_editor_test
