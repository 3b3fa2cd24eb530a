#include "enit/configuration_text.h"

#include "catch.h"

namespace enit_configuration_text_test {

using namespace relmk;
using namespace relmk::enit;

namespace {

Configuration configuration() {
  Configuration all;
  all.sections["a"]["list"] = {Term::list({Term(1), Term(2)}), "/etc/x.config", {3, 4}};
  all.sections["a"]["text"] = {Term::string("t\"t"), "/etc/y.config", {1, 1}};
  all.sections["node"]["cookie"] = {Term::string("monster"), "/etc/x.config", {1, 2}};
  return all;
}

}  // namespace

TEST_CASE("enit configuration text: terms, and behind each key its place") {
  ConfigurationView view;
  view.application = "a";
  CHECK(configuration_text(configuration(), view) ==
        "{a, [\n"
        "    {list, [1,2]},  % /etc/x.config:3\n"
        "    {text, \"t\\\"t\"}  % /etc/y.config:1\n"
        "]}.\n");
}

TEST_CASE("enit configuration text: JSON has value, term, file and line") {
  ConfigurationView view;
  CHECK(configuration_json(configuration(), view) ==
        R"({"a":{"list":{"value":[1,2],"term":"[1,2]","file":"/etc/x.config","line":3},)"
        R"("text":{"value":"t\"t","term":"\"t\\\"t\"","file":"/etc/y.config","line":1}},)"
        R"("node":{"cookie":{"value":null,"file":"/etc/x.config","line":1}}})"
        "\n");
}

TEST_CASE("enit configuration text: one term for file:consult") {
  ConfigurationView view;
  view.with_cookie = true;
  Configuration all = configuration();
  all.sections["node"]["cookie"].value = Term::string("co");
  CHECK(configuration_term(all, view) ==
        "[{a,[{list,[1,2]},{text,[116,34,116]}]},{node,[{cookie,[99,111]}]}].\n");
}

}  // namespace enit_configuration_text_test
