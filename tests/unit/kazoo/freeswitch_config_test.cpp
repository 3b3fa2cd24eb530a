#include "catch.h"
#include "kazoo/cookie.h"
#include "scratch.h"

namespace kazoo_freeswitch_config_test {

using namespace relmk;
using namespace relmk::kazoo;

namespace {

// `LINE VALUE`, or the error without its file.
std::string read(const std::string& settings) {
  Scratch scratch;
  const fs::path file = scratch.path / "kazoo.conf.xml";
  sys::write_file(file, "<configuration name=\"kazoo.conf\">\n<settings>\n" + settings +
                            "</settings>\n</configuration>\n");
  try {
    const Cookie cookie = freeswitch_cookie(file);
    return std::to_string(cookie.at.line) + " " + cookie.value;
  } catch (const Error& error) {
    return error.text().substr(file.string().size());
  }
}

}  // namespace

TEST_CASE("freeswitch_config: the cookie, and of several the last") {
  CHECK(read("<param name=\"cookie\" value=\"a&amp;b\"/>\n") == "3 a&b");
  CHECK(read("<param name=\"cookie\" value=\"a\"/>\n<param name=\"cookie\" value=\"b\"/>\n") ==
        "4 b");
  CHECK(read("<!-- <param name=\"cookie\" value=\"a\"/> -->\n<param name=\"cookie\" "
             "value=\"b\"/>\n") == "4 b");
}

TEST_CASE("freeswitch_config: of a whole configuration only mod_kazoo's part counts") {
  Scratch scratch;
  const fs::path file = scratch.path / "freeswitch.xml";
  sys::write_file(file, R"(<document><section name="configuration">
<configuration name="kazoo.conf"><settings><param name="cookie" value="a"/></settings></configuration>
<configuration name="erlang_event.conf"><settings><param name="cookie" value="b"/></settings></configuration>
</section></document>)");
  CHECK(freeswitch_cookie(file).value == "a");
}

TEST_CASE("freeswitch_config: what this file alone does not tell is said plainly") {
  CHECK(read("<param name=\"port\" value=\"1\"/>\n") == ": error: no parameter `cookie`");
  CHECK(read("<param name=\"cookie\" value=\"\"/>\n") ==
        ":3: error: the parameter `cookie` is empty");
  CHECK(read("<param name=\"cookie\" value=\"x$${secret}y\"/>\n") ==
        ":3: error: the cookie holds FreeSWITCH's variable $${secret}, whose value is not in this "
        "file");
  CHECK(read("\n<X-PRE-PROCESS cmd=\"include\" data=\"cookie.xml\"/>\n") ==
        ":4: error: no parameter `cookie` here, but FreeSWITCH includes cookie.xml: look there");
  CHECK(read("<param name=\"cookie-file\" value=\"/etc/cookie\"/>\n") ==
        ":3: error: the cookie is not here: the parameter `cookie-file` names another file");
  CHECK(
      read("<param name=\"cookie\" value=\"a\"/>\n<param name=\"cookie-file\" value=\"/b\"/>\n") ==
      ":4: error: the cookie is not here: the parameter `cookie-file` names another file");
  CHECK(
      read("<param name=\"cookie-file\" value=\"/b\"/>\n<param name=\"cookie\" value=\"a\"/>\n") ==
      "4 a");
  CHECK(read("<param name=\"cookie\"\n").starts_with(":"));
}

}  // namespace kazoo_freeswitch_config_test
