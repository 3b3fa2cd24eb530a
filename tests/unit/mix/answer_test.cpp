#include "mix/answer.h"

#include "catch.h"
#include "sys/error.h"
#include "term/consult.h"

namespace mix_answer_test {

using namespace relmk;

namespace {

constexpr const char* kAnswer = R"([
  {name, shop}, {version, <<"1.0.0">>}, {path, <<"/r/shop">>}, {tar_directory, <<"/r">>},
  {build_path, <<"/b">>}, {otp_root, <<"/otp">>}, {erts_version, <<"13.1">>}, {erts_source, nil},
  {applications, [{kernel, <<"/otp/lib/kernel-8">>, true}, {shop, <<"/b/lib/shop">>, false}]},
  {boot_scripts, [{start, [{kernel, permanent}, {shop, load}]}]},
  {config_providers, true}, {reboots, false}, {tar, true},
  {strip, {[<<"Code">>, <<"Docs">>], true}}, {cookie, <<"c">>}, {quiet, true},
  {executables, [unix, windows]}, {runtime_config, nil}, {overlays, [<<"/o">>]}, {copied, [<<"priv">>]},
  {consolidated, <<"/b/lib/shop/consolidated">>},
  {files, [{<<"releases/1.0.0/vm.args">>, <<"+Q 1\n">>, 420}]},
  {reads, [{<<"/p/mix.exs">>, file}, {<<"/p/rel">>, existence}, {<<"/p/apps">>, listing}]},
  {environment, [<<"MIX_ENV">>]}, {programs, []}].
)";

Term term_of(const std::string& text) {
  return term::consult_text("answer", text).at(0);
}

}  // namespace

TEST_CASE("mix answer: a release") {
  const mix::Answer answer = mix::answer_of_term(term_of(kAnswer), "mix.exs");
  CHECK(answer.name == "shop");
  CHECK_FALSE(answer.erts_source);
  REQUIRE(answer.applications.size() == 2);
  CHECK(answer.applications[0].is_otp);
  CHECK(answer.applications[1].directory == "/b/lib/shop");
  REQUIRE(answer.boot_scripts.size() == 1);
  CHECK(answer.boot_scripts[0].applications[1].second == otp::StartType::Load);
  REQUIRE(answer.strip);
  CHECK(answer.strip->compress);
  CHECK(answer.strip->chunks == std::vector<std::string>{"Code", "Docs"});
  CHECK(answer.cookie == "c");
  CHECK(answer.has_unix_executables);
  CHECK_FALSE(answer.runtime_config);
  CHECK(answer.texts.at(0).mode == 0644);
  CHECK(answer.basis.reads.at(0).kind == mix::Read::Kind::Content);
  CHECK(answer.basis.reads.at(1).kind == mix::Read::Kind::Existence);
  CHECK(answer.basis.reads.at(2).kind == mix::Read::Kind::Listing);
}

TEST_CASE("mix answer: what Elixir found wrong has its place, in one line") {
  try {
    mix::answer_of_term(
        term_of(R"({error, <<"config/config.exs">>, 3, <<"no\n  match ">>, <<"look">>}.)"),
        "mix.exs");
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.text() == "config/config.exs:3: error: no match\nhint: look");
  }
}

TEST_CASE("mix answer: one that lacks something is refused") {
  CHECK_THROWS_AS(mix::answer_of_term(term_of("[{name, shop}]."), "mix.exs"), Error);
  CHECK_THROWS_AS(mix::answer_of_term(term_of("shop."), "mix.exs"), Error);
}

TEST_CASE("mix answer: a value of another kind is told of the project") {
  const std::string answer = kAnswer;
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {"{version, <<\"1.0.0\">>}", "{version, 1}"},
           {"{name, shop}", "{name, <<\"shop\">>}"},
           {"{copied, [<<\"priv\">>]}", "{copied, [priv]}"},
           {"{shop, load}", "{shop}"},
           {"{programs, []}", "{programs, none}"}}) {
    std::string odd = answer;
    odd.replace(odd.find(from), from.size(), to);
    CAPTURE(to);
    CHECK_THROWS_WITH(
        mix::answer_of_term(term_of(odd), "mix.exs"),
        Catch::Matchers::StartsWith("mix.exs: error: Elixir's answer is not understood"));
  }
  CHECK_THROWS_AS(
      mix::release_list_of_term(
          term_of("[{releases, [a]}, {reads, []}, {environment, []}, {programs, []}]."), "mix.exs"),
      Error);
}

TEST_CASE("mix answer: the releases, by name and version") {
  const auto all =
      mix::release_list_of_term(term_of(R"([{releases, [{b, <<"2.0">>}, {a, <<>>}]}, {reads, []},
                  {environment, [<<"X">>]}, {programs, []}].)"),
                                "mix.exs");
  REQUIRE(all.releases.size() == 2);
  CHECK(all.releases[0].name == "b");
  CHECK(all.releases[0].version == "2.0");
  CHECK(all.releases[1].name == "a");
  CHECK(all.releases[1].version == "");
  CHECK(all.basis.environment == std::vector<std::string>{"X"});
}

}  // namespace mix_answer_test
