#include "relx/config/config.h"

#include "catch.h"
#include "sys/error.h"
#include "term/consult.h"

namespace relx_config_test {

using namespace relmk;
using namespace relmk::relx;

namespace {

RelxConfig config_of(const std::string& text) {
  RelxConfig config = default_relx_config("relx.config");
  apply_relx_terms(config, term::consult_text("relx.config", text));
  return config;
}

std::string error_of(const std::string& text) {
  try {
    config_of(text);
  } catch (const Error& error) {
    return error.text();
  }
  return "none";
}

const std::string kReleases =
    "{release,{a,\"1.2\"},[]}. {release,{a,\"1.10\"},[]}. {release,{b,\"3\"},[]}. ";

std::string chosen(const std::string& more, const std::optional<std::string>& name,
                   const std::optional<std::string>& version) {
  try {
    const RelxConfig config = config_of(kReleases + more);
    const ConfiguredRelease& release = choose_release(config, name, version);
    return release.name.text() + "-" + release.version;
  } catch (const Error& error) {
    return error.message();
  }
}

}  // namespace

TEST_CASE("config: what is there where nothing is said") {
  const RelxConfig config = config_of("");
  CHECK(config.root_dir == fs::current_path());
  CHECK(config.output_dir == fs::current_path() / "_rel");
  CHECK_FALSE(config.mode);
  CHECK(config.extended_start_script);
  CHECK(config.src_tests);
}

TEST_CASE("config: a chunk to keep whose name differs from a compiler's in case is refused") {
  CHECK(config_of("{debug_info,{keep,[\"Docs\",'Dbgi',\"mine\"]}}.").kept_chunks == "DocsDbgimine");
  CHECK(error_of("{debug_info,{keep,[\"Docs\",dbgi]}}.") ==
        "relx.config:1:1: error: no BEAM file has a chunk of this name: dbgi\n"
        "hint: expected \"Dbgi\"");
}

TEST_CASE("config: a mode is several settings, each of which a later term changes") {
  const RelxConfig prod = config_of("{mode,prod}.");
  CHECK(prod.mode == Mode::Prod);
  CHECK(prod.strip_debug_info);
  CHECK(std::get<bool>(prod.include_erts));
  CHECK(prod.include_src == false);
  const RelxConfig dev = config_of("{mode,prod}. {mode,dev}. {include_erts,true}.");
  CHECK(dev.mode == Mode::Dev);
  CHECK_FALSE(dev.strip_debug_info);
  CHECK(std::get<bool>(dev.include_erts));
  CHECK_FALSE(config_of("{dev_mode,true}. {dev_mode,false}.").mode);
}

TEST_CASE("config: terms that add up, and terms that replace") {
  const RelxConfig config = config_of(
      "{overlay_vars,\"a.config\"}. {overlay_vars,[\"b.config\",{k,v}]}. "
      "{exclude_apps,[x]}. {exclude_apps,[y]}. {exclude_modules,[{a,[m,n]}]}.");
  CHECK(config.overlay_vars.size() == 3);
  CHECK(config.exclude_apps == std::vector<Atom>{Atom("y")});
  REQUIRE(config.exclude_modules.size() == 1);
  CHECK(config.exclude_modules[0].second.size() == 2);
  CHECK_FALSE(config.exref);
  CHECK(config_of("{exref,true}.").exref == std::vector<Atom>{});
}

TEST_CASE("config: files by name, none at all, or the default") {
  CHECK(config_of("{vm_args,\"/etc/vm.args\"}.").vm_args.path == "/etc/vm.args");
  CHECK(config_of("{vm_args,false}.").vm_args.none);
  const FileChoice choice = config_of("{vm_args,undefined}.").vm_args;
  CHECK_FALSE(choice.path);
  CHECK_FALSE(choice.none);
}

TEST_CASE("config: a malformed term is refused where it stands") {
  CHECK(error_of("\n {mode,odd}.") ==
        "relx.config:2:2: error: malformed mode: odd\nhint: expected dev, prod or minimal");
  CHECK(error_of("{include_src,1}.").starts_with("relx.config:1:1: error: malformed include_src"));
  CHECK(error_of("{lib_dirs,x}.").starts_with("relx.config:1:1: error: malformed lib_dirs"));
  CHECK(error_of("{overrides,[x]}.").starts_with("relx.config:1:1: error: malformed overrides"));
  for (const char* form : {"{}", "{r}", "{r,\"1\",x}", "\"r\"", "{\"r\",\"1\"}", "{r,1}"})
    CHECK(error_of("{default_release," + std::string(form) + "}.")
              .starts_with("relx.config:1:1: error: malformed default_release"));
}

TEST_CASE("config: rebar3's own overrides count for nothing") {
  const std::string forms = "{add,a,[{erl_opts,[]}]},{override,a,[]},{del,a,[]}";
  CHECK(error_of("{overrides,[" + forms + ",{a,\"dir\"}]}.") == "none");
}

TEST_CASE("config: an unknown term is an error where warnings are, wherever that stands") {
  CHECK(error_of("{odd,1}. {warnings_as_errors,true}.") ==
        "relx.config:1:1: error: Unknown term found in relx configuration: {odd,1}");
  CHECK(error_of("{odd,1}.") == "none");
}

TEST_CASE("config: which release is meant") {
  CHECK(chosen("", "a", {}) == "a-1.10");
  CHECK(chosen("", "a", "1.2") == "a-1.2");
  CHECK(chosen("{default_release,a}.", {}, {}) == "a-1.10");
  CHECK(chosen("{default_release,{a,\"1.2\"}}.", {}, {}) == "a-1.2");
  CHECK(chosen("{default_release,a,\"1.2\"}.", {}, {}) == "a-1.2");
  CHECK(chosen("", {}, {}).starts_with("Must specify the name of the release"));
  CHECK(chosen("", "c", {}) == "No releases exist in the system for c!");
  CHECK(chosen("", "a", "9") == "No releases exist in the system for a:9!");
  CHECK_THROWS_WITH(choose_release(config_of(""), {}, {}),
                    "relx.config: error: No releases have been specified in the system!");
}

TEST_CASE("config: a release's own terms go over the common ones") {
  const RelxConfig config =
      config_of("{mode,dev}. {exclude_apps,[x]}. {release,{a,\"1\"},[],[{mode,prod}]}.");
  const RelxConfig own = config_of_release(config, config.releases.front());
  CHECK(own.mode == Mode::Prod);
  CHECK(own.exclude_apps == std::vector<Atom>{Atom("x")});
}

}  // namespace relx_config_test
