#include "otp/application/application_resource.h"

#include "applications.h"
#include "catch.h"
#include "scratch.h"
#include "sys/error.h"

namespace otp_application_resource_test {

using namespace relmk;
using namespace relmk::otp;

TEST_CASE("application resource: what is not given has systools' defaults") {
  const ApplicationResource app = test_application("a");
  CHECK(app.name == Atom("a"));
  CHECK(app.version == "1");
  CHECK(app.id.empty());
  CHECK(app.env.is_nil());
  CHECK(app.max_time.is_atom("infinity"));
  CHECK_FALSE(app.mod);
  CHECK_FALSE(app.start_phases);
  CHECK(app.included_applications.empty());
  CHECK(app.directory == "lib/a-1");
}

TEST_CASE("application resource: the defaults may be written out") {
  const ApplicationResource app = test_application("a", "{mod,[]},{start_phases,undefined}");
  CHECK_FALSE(app.mod);
  CHECK_FALSE(app.start_phases);
}

TEST_CASE("application resource: runtime dependencies are read, and never refused") {
  CHECK(test_application("a", "{runtime_dependencies,[\"erts-13\",x]}").runtime_dependencies ==
        std::vector<std::string>{"erts-13"});
  CHECK(test_application("a", "{runtime_dependencies,x}").runtime_dependencies.empty());
}

TEST_CASE("application resource: of a key that stands twice the first counts") {
  CHECK(test_application("a", "{id,\"1\"},{id,2}").id == "1");
}

TEST_CASE("application resource: a wrong value is told with its position and what was expected") {
  CHECK_THROWS_WITH(test_application("a", "{registered,\n[\"a\"]}"),
                    "lib/a-1/ebin/a.app:1:17: error: Bad parameter in .app file: registered\n"
                    "hint: {registered, Value}: the value is to be a list of atoms");
}

TEST_CASE("application resource: an empty file is told as such") {
  Scratch scratch;
  const std::string file = (scratch.path / "a.app").string();
  sys::write_file(file, "");
  CHECK_THROWS_WITH(read_application_resource(file), file + ": error: no Erlang term in it");
}

}  // namespace otp_application_resource_test
