#include "otp/application/print_line.h"

#include "catch.h"
#include "term/consult.h"

namespace otp_print_line_test {

using namespace relmk;

TEST_CASE("print line: one line, however long, with texts as texts") {
  const std::string name(100, 'x');
  const std::string text = "{" + name + ",[" + name + ",{a,\"bä\"}],#{k => " + name + "}}";
  CHECK(otp::print_line(term::consult_text("f", text + ".").front()) == text);
}

}  // namespace otp_print_line_test
