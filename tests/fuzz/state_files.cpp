// What releases are described by, and what relmk itself keeps: upgrade instructions, enit's files,
// Mix's answers, journals.
#include "enit/applied.h"
#include "enit/configuration_text.h"
#include "enit/node_settings.h"
#include "mix/answer.h"
#include "node/upgrade/relup_script.h"
#include "otp/upgrade/appup.h"
#include "otp/upgrade/instructions.h"
#include "plan/manifest.h"
#include "start/vm_args_template.h"
#include "sys/error.h"
#include "sys/exchange_record.h"
#include "sys/temporary_directory.h"
#include "targets.h"
#include "term/consult.h"
#include "term/external.h"

namespace relmk::fuzz {
namespace {

// The bytes as a file of that name, for what reads one.
fs::path named_file(std::string_view bytes, const char* name) {
  static const sys::TemporaryDirectory directory("relmk-fuzz-state");
  const fs::path path = directory.path() / name;
  sys::write_file(path, bytes);
  return path;
}

// All that a command asks of a configuration. What is wrong with it is a fault, and the rest holds.
void take_configuration(const fs::path& file) {
  enit::Faults faults;
  const enit::Configuration configuration = enit::read_configuration({file}, faults);
  const Terms all = term::consult_text(kName, enit::configuration_term(configuration, {}));
  require(all.size() == 1);
  enit::configuration_text(configuration, {});
  enit::configuration_json(configuration, {});
  enit::node_settings("r", configuration, {}, faults);
  faults.raise();
}

}  // namespace

void read_enit_config(std::string_view bytes) {
  take_configuration(named_file(bytes, "input.config"));
}

void read_enit_toml(std::string_view bytes) {
  take_configuration(named_file(bytes, "input.toml"));
}

void read_enit_release(std::string_view bytes) {
  enit::Faults faults;
  enit::ReleasePlace place;
  place.name = "r";
  place.directory = named_file(bytes, "release.enit").parent_path();
  enit::read_specification(place, faults);
  faults.raise();
}

void read_applied(std::string_view bytes) {
  const Term term = term::decode_external(bytes);
  const auto applied = enit::applied_of(term);
  if (applied) require(enit::applied_of(enit::applied_term(*applied)).has_value());
}

void read_relup(std::string_view bytes) {
  const node::RelupFile relup{kName, std::string(bytes)};
  const node::RelupScript script = node::find_relup_script("1", "2", relup, relup);
  script.changed_modules();
  script.suspended_modules();
  script.looks_for_processes();
  script.kills_when_permanent(Atom("m"));
}

void translate_instructions(std::string_view bytes) {
  const otp::UpgradeApplication before{Atom("a"), "1", Atom("permanent"), {Atom("m"), Atom("n")}};
  otp::UpgradeApplication after = before;
  after.version = "2";
  for (const Term& list : term::consult_text(kName, bytes))
    for (const auto direction : {otp::UpgradeDirection::Up, otp::UpgradeDirection::Down})
      otp::low_level_instructions(direction, {{list, kName}}, {after}, {before});
}

// As a project's Elixir writes it, and as it is kept.
void read_mix_answer(std::string_view bytes) {
  const Term term = term::decode_external(bytes);
  try {
    mix::release_list_of_term(term, "mix.exs");
  } catch (const Error&) {
  }
  mix::answer_of_term(term, "mix.exs");
}

void read_exchange_record(std::string_view bytes) {
  const sys::ExchangeRecord record = sys::read_exchange(bytes);
  const std::string text = sys::print_exchange(record);
  require(sys::print_exchange(sys::read_exchange(text)) == text);
}

void read_manifest(std::string_view bytes) {
  const auto manifest = plan::Manifest::read(named_file(bytes, "manifest"));
  if (!manifest) throw Error("no manifest");
}

void fill_vm_args(std::string_view bytes) {
  for (const auto needed : {start::NeededVariables::OfIdentity, start::NeededVariables::All})
    start::fill_vm_args(kName, bytes, {{"A", "a ${B} c"}, {"B", "${A}"}, {"N", "n\nm"}}, needed);
}

}  // namespace relmk::fuzz
