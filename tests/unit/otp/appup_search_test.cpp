#include "otp/upgrade/appup_search.h"

#include "catch.h"
#include "otp/upgrade/appup.h"
#include "term/consult.h"
#include "term/print.h"
#include "versions.h"

namespace otp_appup_search_test {

using namespace relmk;
using namespace relmk::otp;

namespace {

struct Fixture : ApplicationVersions {
  Fixture() {
    put("1", {{"m", "lists"}});
    put("2", {{"m", "maps"}});
  }
  FoundAppup found(const AppupSources& sources = {}) const {
    return find_appup(read_application_resource(path("1") / "ebin/a.app"),
                      read_application_resource(path("2") / "ebin/a.app"), sources);
  }
  void in_ebin(const std::string& text) const { sys::write_file(path("2") / "ebin/a.appup", text); }
};

using Source = ApplicationChange::Source;

}  // namespace

TEST_CASE_METHOD(Fixture, "appup search: by hand then in ebin then made") {
  CHECK(found().source == Source::Made);
  CHECK(term::print_plain(found().up) == "[{load_module,m}]");
  in_ebin("{\"2\",[{\"1\",[ebin]}],[{\"1\",[ebin]}]}.\n");
  CHECK(found().source == Source::Ebin);
  CHECK(term::print_plain(found().up) == "[ebin]");
  const fs::path file = written_appup_file(scratch.path / "appups", Atom("a"), "1", "2");
  CHECK(file == scratch.path / "appups/a/1-2.appup");
  sys::make_directories(file.parent_path());
  sys::write_file(file, "{\"2\",[{\"1\",[hand]}],[{\"1\",[hand]}]}.\n");
  CHECK(found({scratch.path / "appups", true}).source == Source::Directory);
  CHECK(term::print_plain(found({scratch.path / "appups", true}).down) == "[hand]");
}

TEST_CASE_METHOD(Fixture, "appup search: a direction that ebin lacks is made") {
  in_ebin("{\"2\",[{\"1\",[ebin]}],[]}.\n");
  const FoundAppup appup = found();
  CHECK(term::print_plain(appup.up) == "[ebin]");
  CHECK(term::print_plain(appup.down) == "[{load_module,m}]");
  CHECK_FALSE(appup.made_up);
  CHECK(appup.made_down);
  CHECK_THROWS_AS(found({"", false}), Error);
}

TEST_CASE("appup search: made entries are told from written ones") {
  const Scratch scratch;
  const std::string file = scratch.path / "a.appup";
  sys::write_file(file, "{\"2\",[{\"1\",[written]}],[{\"1\",[written]}]}.\n");
  ApplicationResource newer;
  newer.version = "2";
  const Terms made{term::consult_text("x", "{\"0\",[made]}.").front()};
  sys::write_file(file, merged_appup_text(file, newer, made, made));
  CHECK(is_made_appup(file));
  CHECK(read_appup(file).up.elements().size() == 2);
  CHECK(written_entries(file).up == term::consult_text("x", "[{\"1\",[written]}].").front());
  // Somebody edits it: then it is written by hand.
  sys::write_file(file, sys::read_file(file) + "% mine\n");
  CHECK_FALSE(is_made_appup(file));
  CHECK(written_entries(file).up.elements().size() == 2);
}

}  // namespace otp_appup_search_test
