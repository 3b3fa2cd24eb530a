#include "enit/configuration.h"

#include "catch.h"
#include "enit/configuration_text.h"
#include "scratch.h"
#include "term/print.h"

namespace enit_configuration_test {

using namespace relmk;
using namespace relmk::enit;

namespace {

struct Files {
  using Texts = std::vector<std::pair<const char*, std::string>>;
  explicit Files(const Texts& texts) {
    for (const auto& [name, text] : texts) {
      sys::write_file(scratch.path / name, text);
      paths.push_back(scratch.path / name);
    }
    read = read_configuration(paths, faults);
  }
  std::string text() const {
    ConfigurationView view;
    return configuration_term(read, view);
  }
  Scratch scratch;
  std::vector<fs::path> paths;
  Faults faults;
  Configuration read;
};

}  // namespace

TEST_CASE("enit configuration: later files win key by key, and each value knows its place") {
  const Files files(Files::Texts{{"a.config", "{a, [{x, 1}, {y, [1,2]}]}.\n{a, [{z, 3}]}.\n"},
                                 {"b.config", "\n{a, [\n  {y, [3]}]}.\n"}});
  CHECK(files.faults.none());
  CHECK(files.text() == "[{a,[{x,1},{y,[3]},{z,3}]}].\n");
  const Setting& y = files.read.sections.at("a").at("y");
  CHECK(y.file == files.paths[1].string());
  CHECK(y.at == Position{3, 3});
}

TEST_CASE("enit configuration: a file has any number of extensions") {
  const Files files(Files::Texts{{"a.config",
                                  "{extension, one, [{applications, [x]}]}.\n"
                                  "{extension, two, [{applications, [y, y, z]}]}.\n"}});
  REQUIRE(files.read.extensions.size() == 2);
  CHECK(files.read.extensions[1].applications.names == std::vector<Atom>{Atom("y"), Atom("z")});
}

TEST_CASE("enit configuration: every fault is told with its place") {
  const Files files(
      Files::Texts{{"a.config", "{a, [b]}.\n[{a, []}].\n{c, 1}.\n"}, {"b.config", "{a,\n"}});
  REQUIRE(files.faults.all().size() == 4);
  CHECK(files.faults.all()[0].position() == Position{1, 5});
  CHECK(files.faults.all()[1].position() == Position{2, 1});
  CHECK(files.faults.all()[2].position() == Position{3, 1});
  CHECK(files.faults.all()[3].file() == files.paths[1].string());
}

TEST_CASE("enit configuration: TOML says the same, with forms for what it has no word for") {
  const Files files(
      Files::Texts{{"a.config", "{a, [{x, 1}]}.\n"},
                   {"r.toml",
                    "[a]\nx = \"text\"\natom = { atom = \"up\" }\nip = { tuple = [127, 0, 0, 1] }\n"
                    "bin = { binary = \"b\" }\nterm = { term = \"#{k => <<1>>}\" }\n"
                    "list = [1, true]\nplain = { k = 1, l = 2 }\n"
                    "[extension.more]\napplications = [\"snmp\"]\n"}});
  CHECK(files.faults.none());
  const Section& a = files.read.sections.at("a");
  const auto text = [&](const char* key) { return term::print_plain(a.at(key).value); };
  CHECK(a.at("x").value == Term::string("text"));
  CHECK(a.at("x").at.line == 2);
  CHECK(text("atom") == "up");
  CHECK(text("ip") == "{127,0,0,1}");
  CHECK(a.at("bin").value == Term::binary("b"));
  CHECK(text("term") == "#{k => <<1>>}");
  CHECK(text("list") == "[1,true]");
  CHECK(text("plain") == "[{k,1},{l,2}]");
  CHECK(files.read.extensions.at(0).applications.names == std::vector<Atom>{Atom("snmp")});
}

TEST_CASE("enit configuration: TOML that would make an atom of 256 characters is refused") {
  const std::string name(256, 'x');
  const Files files(Files::Texts{
      {"r.toml", "[a]\nx = { atom = \"" + name + "\" }\n" + name + " = 1\nfits = { atom = \"" +
                     name.substr(1) + "\" }\nm = { map = { " + name + " = 1 } }\n[" + name +
                     "]\n[extension." + name + "]\napplications = []\n"}});
  REQUIRE(files.faults.all().size() == 5);
  for (const Error& fault : files.faults.all())
    CHECK(fault.message() == "longer than the 255 characters of an atom");
  CHECK(files.read.sections.at("a").size() == 1);
}

TEST_CASE("enit configuration: a cookie is shown only where that is wanted") {
  const Files files(
      Files::Texts{{"a.config", "{node, [{cookie, \"monster\"}, {smp, enabled}]}.\n"}});
  ConfigurationView view;
  CHECK(configuration_text(files.read, view).find("monster") == std::string::npos);
  CHECK(configuration_json(files.read, view).find("monster") == std::string::npos);
  CHECK(configuration_term(files.read, view).find("monster") == std::string::npos);
  view.with_cookie = true;
  CHECK(configuration_text(files.read, view).find("monster") != std::string::npos);
}

}  // namespace enit_configuration_test
