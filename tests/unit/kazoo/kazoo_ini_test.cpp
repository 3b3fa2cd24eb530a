// What zucchini 0.1.0 itself answers for these texts.
#include "kazoo/kazoo_ini.h"

#include "catch.h"

namespace kazoo_kazoo_ini_test {

using namespace relmk;
using namespace relmk::kazoo;

namespace {

// Sections and properties on one line, a number after `#`: `[aa]cookie=x;port=#12;`.
std::string read(std::string_view text) {
  std::string out;
  for (const IniSection& section : parse_kazoo_ini("config.ini", text)) {
    out += "[" + section.name + "]";
    for (const IniProperty& property : section.properties) {
      using enum IniProperty::Kind;
      out += property.name + "=" + (property.kind == Number ? "#" : "");
      out += (property.kind == Absent ? "undefined" : property.value) + ";";
    }
  }
  return out;
}

std::string error_of(std::string_view text) {
  try {
    return read(text);
  } catch (const Error& error) {
    return error.text();
  }
}

struct Case {
  std::string_view text;
  std::string_view answer;
};

}  // namespace

TEST_CASE("kazoo_ini: values are Kazoo's") {
  const Case cases[] = {
      {"[aa]", "[aa]"},
      {"[aa]\ncookie = change_me\n", "[aa]cookie=change_me;"},
      {"[aa]\ncookie=change_me", "[aa]cookie=change_me;"},
      {"[aa]\n  cookie  =  a b c  \n", "[aa]cookie=a b c;"},
      {"[aa]\ncookie = \"a b\"\n", "[aa]cookie=\"a b\";"},
      {"[aa]\ncookie = \"a=b;c\"\n", "[aa]cookie=\"a=b;c\";"},
      {"[aa]\ncookie = \"1\" \"2\"\n", "[aa]cookie=\"1\" \"2\";"},
      {"[aa]\ncookie = \"a\" ; \"x\"\n", "[aa]cookie=\"a\" ; \"x\";"},
      {"[aa]\ncookie = a ; comment\n", "[aa]cookie=a;"},
      {"[aa]\ncookie = a;b\n", "[aa]cookie=a;"},
      {"[aa]\ncookie = a#b\n", "[aa]cookie=a#b;"},
      {"[aa]\ncookie = # a\n", "[aa]cookie=# a;"},
      {"[aa]\ncookie = a]b\n", "[aa]cookie=a]b;"},
      {"[aa]\ncookie = a:b\n", "[aa]cookie=a:b;"},
      {"[aa]\ncookie =\tx\t\n", "[aa]cookie=\tx\t;"},
      {"[aa]\ncookie = abc\r\n", "[aa]cookie=abc\r;"},
      {"[aa]\ncookie = \xC3\xA9\n", "[aa]cookie=\xC3\xA9;"},
      {"[aa]\ncookie = 12\n", "[aa]cookie=#12;"},
      {"[aa]\ncookie = 0012\n", "[aa]cookie=#12;"},
      {"[aa]\ncookie = -0\n", "[aa]cookie=#0;"},
      {"[aa]\ncookie = 12 ; twelve\n", "[aa]cookie=12;"},
      {"[aa]\ncookie = 1-2\n", "[aa]cookie=1-2;"},
      {"[aa]\ncookie = 127.0.0.1\n", "[aa]cookie=127.0.0.1;"},
      {"[aa]\ncookie = 1.50\n", "[aa]cookie=#1.5;"},
      {"[aa]\ncookie = -0.5\n", "[aa]cookie=#-0.5;"},
      {"[aa]\ncookie = 0.00000001234\n", "[aa]cookie=#1.234e-8;"},
      {"[aa]\ncookie = 100000000000.0\n", "[aa]cookie=#1.0e+11;"},
      {"[aa]\ncookie = 123456789.125\n", "[aa]cookie=#123456789.125;"},
      {"[aa]\ncookie = true\n", "[aa]cookie=true;"},
      {"[aa]\ncookie =\n[bb]\n", "[aa]cookie=undefined;[bb]"},
      {"[aa]\ncookie =\n  below\n", "[aa]cookie=below;"},
      {"[aa]\ncookie =\n; comment\n# value\n", "[aa]cookie=# value;"},
      {"[aa]\ncookie = xx [bb]\nport = 1\n", "[aa]cookie=xx;[bb]port=#1;"},
      {"  [ aa ]\nport = 1\n", "[aa]port=#1;"},
      {"; first\n\n[aa];x\nport = 1\n[aa]\n", "[aa]port=#1;[aa]"},
      {"[aa b]\nthe port = 1\n", "[aa b]the port=#1;"},
      {"[\naa]\nkk.l@m-n_o = 1\n", "[aa]kk.l@m-n_o=#1;"},
      {"[aa]\ncookie:x = 1\nport\t= 2\n", "[aa]"},  // no names of Kazoo's
  };
  for (const Case& c : cases) {
    INFO(c.text);
    CHECK(read(c.text) == c.answer);
  }
}

TEST_CASE("kazoo_ini: a value longer than inih's lines arrives whole") {
  std::string value;
  for (int i = 0; i < 250; ++i)
    value += "a;b \t\1"[i % 6];
  CHECK(read("[aa]\ncookie = \"" + value + "\"\nport = 1\n") ==
        "[aa]cookie=\"" + value + "\";port=#1;");
}

TEST_CASE("kazoo_ini: what Kazoo refuses is an error with its place") {
  const Case cases[] = {
      {"", "config.ini: error: Kazoo's parser refuses the file: it is empty"},
      {"; comment\n", "config.ini:2:1: error: Kazoo's parser refuses the file: it ends before"},
      {"[aa]\n# c\ncookie = abc\n",
       "config.ini:2:1: error: Kazoo's parser refuses the file: a comment"},
      {"[aa]\r\ncookie = abc\r\n",
       "config.ini:1:5: error: Kazoo's parser refuses the file: a carriage"},
      {"\xEF\xBB\xBF[aa]\n",
       "config.ini:1:1: error: Kazoo's parser refuses the file: it begins with"},
      {"[aa]\ncookie = a=b\n", "config.ini:2:11: error: Kazoo's parser refuses the file: a stray"},
      {"[aa]\ncookie = a[b\n", "config.ini:2:12: error: Kazoo's parser refuses the file: a stray"},
      {"[aa]\n  cookie\n", "config.ini:2:3: error: Kazoo's parser refuses the file: a line is no"},
      {"[aa]\nb = 1\n", "config.ini:2:1: error: Kazoo's parser refuses the file: a line is no"},
      {"[a]\n", "config.ini:1:2: error: Kazoo's parser refuses the file: nothing may stand"},
      {"[aa] \nbb = 1\n",
       "config.ini:1:2: error: Kazoo's parser refuses the file: nothing may stand"},
      {"[aa] ; c\nbb = 1\n",
       "config.ini:1:2: error: Kazoo's parser refuses the file: nothing may stand"},
      {"cookie = abc\n",
       "config.ini:1:1: error: Kazoo's parser refuses the file: a stray character"},
      {"[aa]\ncookie = \"a\" ; c\n",
       "config.ini:2:14: error: Kazoo's parser refuses the file: nothing may stand on the line "
       "after a closing quote"},
      {"[aa]\ncookie = a\"b\n", "config.ini:2:11: error: Kazoo's parser fails at a quote"},
      {"[aa]\ncookie = \"\"\n", "config.ini:2:10: error: Kazoo's parser fails at a quote"},
      {"[aa]\ncookie =\t12\n",
       "config.ini:2:10: error: Kazoo's parser fails at a number after a tab"},
  };
  for (const Case& c : cases) {
    INFO(c.text);
    const std::string error = error_of(c.text);
    CHECK(error.substr(0, c.answer.size()) == c.answer);
    CHECK(error.find("built-in cookie change_me") != std::string::npos);
    CHECK(error.find("abc") == std::string::npos);
  }
}

}  // namespace kazoo_kazoo_ini_test
