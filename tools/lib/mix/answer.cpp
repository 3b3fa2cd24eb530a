#include "mix/answer.h"

#include <stdexcept>
#include <variant>

#include "sys/error.h"

namespace relmk::mix {
namespace {

[[noreturn]] void fail(const std::string& mix_exs, const std::string& what) {
  throw Error(mix_exs, "Elixir's answer is not understood: " + what);
}

// Text of several lines as one.
std::string one_line(const std::string& text) {
  std::string out;
  bool blank = false;
  for (const char c : text) {
    if (c == '\n' || c == '\r' || c == '\t' || c == ' ') {
      blank = !out.empty();
      continue;
    }
    if (blank) out += ' ';
    blank = false;
    out += c;
  }
  return out;
}

// {error, File, Line, Message, Hint}
[[noreturn]] void fail_as_elixir(const Term& term) {
  const Position at{static_cast<int>(term[2].as_integer()), 0};
  throw Error(term[1].bytes(), at, one_line(term[3].bytes())).with_hint(one_line(term[4].bytes()));
}

// The pairs of an answer, by name.
class Fields {
 public:
  Fields(const Term& term, const std::string& mix_exs) : term_(term), mix_exs_(mix_exs) {
    if (!term.is_proper_list()) fail(mix_exs, "it is no list");
  }

  Term term(const char* key) const {
    if (auto value = term::proplist_value(term_, key)) return *value;
    fail(mix_exs_, std::string("it has no ") + key);
  }
  const Terms list(const char* key) const { return term(key).elements(); }
  std::string text(const char* key) const { return term(key).bytes(); }
  bool flag(const char* key) const { return term(key).is_atom("true"); }
  std::optional<std::string> optional_text(const char* key) const {
    const Term value = term(key);
    return value.is_binary() ? std::optional(value.bytes()) : std::nullopt;
  }

 private:
  const Term& term_;
  const std::string& mix_exs_;
};

std::optional<fs::path> path_of(const std::optional<std::string>& text) {
  return text ? std::optional<fs::path>(*text) : std::nullopt;
}

std::vector<std::string> texts_of(const Terms& terms) {
  std::vector<std::string> texts;
  for (const Term& term : terms)
    texts.push_back(term.bytes());
  return texts;
}

BootScriptChoice boot_script_of(const Term& term, const std::string& mix_exs) {
  BootScriptChoice script{term[0].atom_text(), {}};
  for (const Term& entry : term[1].elements()) {
    const auto type = otp::start_type(entry[1].atom_text());
    if (!type) fail(mix_exs, "start type " + entry[1].atom_text());
    script.applications.emplace_back(entry[0].as_atom(), *type);
  }
  return script;
}

Read read_of(const Term& term) {
  const std::string& kind = term[1].atom_text();
  return {term[0].bytes(), kind == "existence" ? Read::Kind::Existence
                           : kind == "listing" ? Read::Kind::Listing
                                               : Read::Kind::Content};
}

void take_lists(Answer& answer, const Fields& fields, const std::string& mix_exs) {
  for (const Term& app : fields.list("applications"))
    answer.applications.push_back({app[0].as_atom(), app[1].bytes(), app[2].is_atom("true")});
  for (const Term& script : fields.list("boot_scripts"))
    answer.boot_scripts.push_back(boot_script_of(script, mix_exs));
  for (const Term& os : fields.list("executables"))
    answer.has_unix_executables = answer.has_unix_executables || os.is_atom("unix");
  for (const Term& path : fields.list("overlays"))
    answer.overlays.emplace_back(path.bytes());
  for (const Term& text : fields.list("files"))
    answer.texts.push_back(
        {text[0].bytes(), text[1].bytes(), static_cast<unsigned>(text[2].as_integer())});
}

Basis basis_of(const Fields& fields) {
  Basis basis;
  for (const Term& read : fields.list("reads"))
    basis.reads.push_back(read_of(read));
  basis.environment = texts_of(fields.list("environment"));
  basis.programs = texts_of(fields.list("programs"));
  return basis;
}

// Does `work`, which reads the answer as the terms that question.exs makes of a project.
template <typename Work>
auto understand(const std::string& mix_exs, Work work) {
  try {
    return work();
  } catch (const std::bad_variant_access&) {
    fail(mix_exs, "a value is of another kind");
  } catch (const std::out_of_range&) {
    fail(mix_exs, "a value is too short");
  }
}

Answer read_answer(const Term& term, const std::string& mix_exs) {
  if (term.is_tagged("error", 5)) fail_as_elixir(term);
  const Fields fields(term, mix_exs);
  Answer answer;
  answer.name = fields.term("name").atom_text();
  answer.version = fields.text("version");
  answer.path = fields.text("path");
  answer.tar_directory = fields.text("tar_directory");
  answer.otp_root = fields.text("otp_root");
  answer.erts_version = fields.text("erts_version");
  answer.erts_source = path_of(fields.optional_text("erts_source"));
  answer.has_config_providers = fields.flag("config_providers");
  answer.reboots = fields.flag("reboots");
  answer.makes_tar = fields.flag("tar");
  answer.cookie = fields.optional_text("cookie");
  answer.quiet = fields.flag("quiet");
  answer.runtime_config = path_of(fields.optional_text("runtime_config"));
  answer.consolidated = path_of(fields.optional_text("consolidated"));
  answer.copied_directories = texts_of(fields.list("copied"));
  const Term strip = fields.term("strip");
  if (strip.is_tuple(2))
    answer.strip = StripChoice{texts_of(strip[0].elements()), strip[1].is_atom("true")};
  take_lists(answer, fields, mix_exs);
  answer.basis = basis_of(fields);
  return answer;
}

ReleaseList read_list(const Term& term, const std::string& mix_exs) {
  if (term.is_tagged("error", 5)) fail_as_elixir(term);
  const Fields fields(term, mix_exs);
  ReleaseList out{{}, basis_of(fields)};
  for (const Term& release : fields.list("releases"))
    out.releases.push_back({release[0].atom_text(), release[1].bytes()});
  return out;
}

}  // namespace

Answer answer_of_term(const Term& term, const std::string& mix_exs) {
  return understand(mix_exs, [&] { return read_answer(term, mix_exs); });
}

ReleaseList release_list_of_term(const Term& term, const std::string& mix_exs) {
  return understand(mix_exs, [&] { return read_list(term, mix_exs); });
}

}  // namespace relmk::mix
