#include <string>

#include "beam/beam_file.h"
#include "beam/calls.h"
#include "beam/module_code.h"
#include "enit/trace.h"
#include "eval/evaluate/failure.h"
#include "eval/syntax/lint.h"
#include "eval/syntax/parser.h"
#include "kazoo/cookie.h"
#include "kazoo/kazoo_config.h"
#include "node/distribution/header.h"
#include "node/distribution/tls.h"
#include "node/upgrade/tarball.h"
#include "otp/application/application_resource.h"
#include "otp/boot/boot_script.h"
#include "otp/release/release_resource.h"
#include "otp/upgrade/appup.h"
#include "relx/config/config.h"
#include "relx/config/release_toml.h"
#include "relx/overlay/mustache.h"
#include "start/sys_config.h"
#include "start/vm_args.h"
#include "sys/error.h"
#include "sys/temporary_directory.h"
#include "sys/wildcard.h"
#include "targets.h"
#include "term/atom_references.h"
#include "term/consult.h"
#include "term/external.h"
#include "term/external_view.h"
#include "term/print.h"
#include "term/scanner.h"

namespace relmk::fuzz {
namespace {

// The bytes as a file, for what reads one.
fs::path file_of(std::string_view bytes) {
  static const sys::TemporaryDirectory directory("relmk-fuzz");
  const fs::path path = directory.path() / "input";
  sys::write_file(path, bytes);
  return path;
}

// What is printed is read again as the same terms.
void terms(std::string_view bytes) {
  for (const Term& term : term::consult_text(kName, bytes)) {
    const std::string text = term::print_pretty(term, {true, 80, 0}) + ".\n";
    require(term::consult_text(kName, text) == Terms{term});
  }
}

void external_terms(std::string_view bytes) {
  const Term term = term::decode_external(bytes);
  term::print_plain(term);
  require(term::decode_external(term::encode_external(term)) == term);
}

// Messages between connected nodes, one after the other, each behind a byte that says how long it
// is.
void messages(std::string_view bytes) {
  node::AtomCache cache;
  while (!bytes.empty()) {
    const size_t size = static_cast<unsigned char>(bytes.front());
    std::string_view message = bytes.substr(1, size);
    bytes.remove_prefix(std::min(bytes.size(), size + 1));
    const std::vector<std::string> atoms = cache.take_header(message);
    while (!message.empty()) {
      const std::string term = term::take_referring_term(message, atoms);
      std::string_view rest = term;
      term::take_external(rest, term::DeepTerms::Opaque);
      require(rest.empty());
    }
  }
}

// As far as a script is looked at before anything is evaluated.
void expressions(std::string_view bytes) {
  for (const bool is_new : {false, true}) {
    try {
      const eval::ParsedScript script =
          eval::parse_script(kName, term::decode_source(kName, bytes),
                             {.maybe = is_new, .map_comprehensions = is_new, .sigils = is_new});
      eval::VariableNames names;
      for (const eval::ScriptForm& form : script.forms)
        eval::lint_form(form, names, is_new ? 27 : 25);
    } catch (const eval::UnknownToEvaluator&) {
    }
  }
}

void beams(std::string_view bytes) {
  const beam::BeamFile file(kName, std::string(bytes));
  const auto ask = [](auto question) {
    try {
      question();
    } catch (const Error&) {
    }
  };
  ask([&] { file.attributes(); });
  ask([&] { file.compile_info(); });
  ask([&] { beam::external_calls(file); });
  ask([&] { beam::code_calls(file); });
  ask([&] {
    const beam::ModuleCode code(file);
    require(beam::executes_the_same(code, code));
  });
}

void abstract_code(std::string_view bytes) {
  beam::abstract_calls(Atom("m"), term::inflated_external(bytes));
}

void mustache(std::string_view bytes) {
  const Term context = term::consult_text(
      kName, "[{a, \"b\"}, {b, [1, 2]}, {c, [{d, <<\"e\">>}]}, {f, false}, {g, #{h => 1.5}}].")[0];
  relx::MustacheOptions options;
  options.partial = [](const std::string& name) -> std::optional<std::string> {
    if (name == "p") return "{{a}} {{>q}}\n";
    return std::nullopt;
  };
  relx::render_mustache(kName, bytes, context, options);
}

void vm_args(std::string_view bytes) {
  start::validate_vm_args(kName, bytes);
  start::read_vm_args(kName, bytes, "/nonexistent", start::MissingFiles::Skip);
}

void kazoo_ini(std::string_view bytes) {
  const kazoo::KazooConfig config(kName, bytes);
  kazoo::kazoo_cookie(config, "kazoo_apps", {"host", "zone"});
}

void toml(std::string_view bytes) {
  relx::release_toml_terms(kName, bytes);
}

void relx_config(std::string_view bytes) {
  relx::RelxConfig config = relx::default_relx_config(kName);
  relx::apply_relx_terms(config, term::consult_text(kName, bytes));
}

void sys_config(std::string_view bytes) {
  start::validate_sys_config(kName, bytes);
  start::included_configs(kName, bytes);
}

// A pattern against names that are given, not those of this machine.
void patterns(std::string_view bytes) {
  const auto names = [](const fs::path& path) -> std::vector<std::string> {
    if (std::distance(path.begin(), path.end()) > 2) return {};
    return {"a", "b-1.0", ".c", "x[y]", "{z,q}"};
  };
  sys::WildcardNames tree;
  tree.names_in = names;
  tree.exists = [](const fs::path& path) { return path.native().size() < 64; };
  if (bytes.size() < 256) sys::wildcard(std::string(bytes), tree);
}

void resources(std::string_view bytes) {
  const Terms all = term::consult_text(kName, bytes);
  const auto ask = [&](auto read) {
    try {
      if (!all.empty()) read(all[0]);
    } catch (const Error&) {
    }
  };
  ask([](const Term& term) { otp::application_resource(term, kName); });
  ask([](const Term& term) { otp::release_resource(term, kName); });
}

void appups(std::string_view bytes) {
  const otp::Appup appup = otp::read_appup(file_of(bytes).string());
  otp::find_appup_script(appup, otp::UpgradeDirection::Up, "1.0");
}

void boot_scripts(std::string_view bytes) {
  otp::boot_template(kName, std::string(bytes));
}

void tls_options(std::string_view bytes) {
  node::read_tls_options(file_of(bytes));
}

void xml(std::string_view bytes) {
  kazoo::freeswitch_cookie(file_of(bytes));
}

void tarballs(std::string_view bytes) {
  const node::Tarball tarball(kName, std::string(bytes));
}

void traces(std::string_view bytes) {
  enit::TraceStream stream;
  stream.add(bytes);
  while (const auto message = stream.next())
    enit::trace_text(*message);
}

constexpr Target kTargets[] = {
    {"terms", terms},
    {"external-terms", external_terms},
    {"messages", messages},
    {"expressions", expressions},
    {"beams", beams},
    {"abstract-code", abstract_code},
    {"mustache", mustache},
    {"vm-args", vm_args},
    {"kazoo-ini", kazoo_ini},
    {"toml", toml},
    {"relx-config", relx_config},
    {"sys-config", sys_config},
    {"patterns", patterns},
    {"resources", resources},
    {"appups", appups},
    {"boot-scripts", boot_scripts},
    {"tls-options", tls_options},
    {"xml", xml},
    {"tarballs", tarballs},
    {"traces", traces},
    {"epmd", read_epmd_answers},
    {"handshake", read_handshake},
    {"node-answers", read_node_answers},
    {"enit-config", read_enit_config},
    {"enit-toml", read_enit_toml},
    {"enit-release", read_enit_release},
    {"enit-applied", read_applied},
    {"relups", read_relup},
    {"upgrade-instructions", translate_instructions},
    {"mix-answers", read_mix_answer},
    {"exchange-records", read_exchange_record},
    {"manifests", read_manifest},
    {"vm-args-variables", fill_vm_args},
};

}  // namespace

std::vector<Target> targets() {
  return {std::begin(kTargets), std::end(kTargets)};
}

}  // namespace relmk::fuzz
