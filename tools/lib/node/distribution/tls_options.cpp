#include <map>

#include "node/distribution/tls.h"
#include "sys/error.h"
#include "sys/files.h"
#include "term/consult.h"

namespace relmk::node {
namespace {

std::string option_text(const Term& value, const fs::path& file, const Term& at) {
  if (value.is_string()) return value.to_utf8();
  if (value.is_binary()) return value.bytes();
  if (value.is_atom()) return value.atom_text();
  throw Error(file.string(), at.position(), "a text was expected as value of a TLS option");
}

// Files are relative to where the node runs, which is not known here; the directory of the option
// file is the next best.
fs::path path_of(const Term& value, const fs::path& file, const Term& at) {
  const fs::path path = option_text(value, file, at);
  if (path.is_absolute() || fs::exists(path)) return path;
  return fs::exists(file.parent_path() / path) ? file.parent_path() / path : path;
}

// #{certfile => …, keyfile => …, password => …}, the first of certs_keys.
void take_certificate(TlsOptions& options, const Term& certificate, const fs::path& file,
                      const Term& at) {
  for (const auto& [key, value] : certificate.entries()) {
    if (key.is_atom("certfile")) options.certificate = path_of(value, file, at);
    if (key.is_atom("keyfile")) options.key = path_of(value, file, at);
    if (key.is_atom("password")) options.password = option_text(value, file, at);
  }
}

void take_option(TlsOptions& options, const Term& option, const fs::path& file) {
  if (!option.is_tuple(2) || !option[0].is_atom()) return;
  const std::string& key = option[0].atom_text();
  const Term& value = option[1];
  if (key == "certfile") options.certificate = path_of(value, file, option);
  if (key == "keyfile") options.key = path_of(value, file, option);
  if (key == "cacertfile") options.authorities = path_of(value, file, option);
  if (key == "password") options.password = option_text(value, file, option);
  if (key == "certs_keys" && value.is_proper_list() && !value.is_nil() && value[0].is_map()) {
    take_certificate(options, value[0], file, option);
  }
  if (key == "verify") options.verify = value.is_atom("verify_peer");
  if (key == "server_name_indication") {
    options.server_name = value.is_atom("disable") ? "" : option_text(value, file, option);
  }
  if (key == "versions" && value.is_proper_list()) {
    for (const Term& version : value.elements()) {
      options.versions.push_back(option_text(version, file, option));
    }
  }
  if (key == "ciphers" && value.is_string()) options.ciphers = value.to_utf8();
}

// The word that makes them none may be a password, so that no message quotes it.
Terms terms_in(const fs::path& file) {
  const std::string text = sys::read_file(file);
  try {
    return term::consult_text(file.string(), text);
  } catch (const Error& error) {
    throw Error(file.string(), error.position(), "this is no Erlang term")
        .with_hint("what is wrong in it is not shown: it may be a password");
  }
}

}  // namespace

TlsOptions tls_options_of_arguments(const std::vector<start::VmArgument>& words,
                                    const fs::path& directory) {
  constexpr std::string_view kClient = "client_";
  TlsOptions options;
  for (size_t i = 0; i < words.size(); i += 2) {
    if (i + 1 == words.size()) {
      throw Error(words[i].file, words[i].at,
                  "an -ssl_dist_opt lacks its value");  // the word may be a part of a password
    }
    if (!words[i].text.starts_with(kClient)) continue;
    const std::string option = words[i].text.substr(kClient.size());
    const std::string& value = words[i + 1].text;
    if (option == "certfile") options.certificate = directory / value;
    if (option == "keyfile") options.key = directory / value;
    if (option == "cacertfile") options.authorities = directory / value;
    if (option == "password") options.password = value;
    if (option == "verify") options.verify = value == "verify_peer";
    if (option == "ciphers") options.ciphers = value;
  }
  return options;
}

TlsOptions read_tls_options(const fs::path& file) {
  const Terms terms = terms_in(file);
  if (terms.empty() || !terms[0].is_proper_list()) {
    throw Error(file.string(), "a list [{server, Options}, {client, Options}] was expected");
  }
  TlsOptions options;
  const std::optional<Term> client = term::proplist_value(terms[0], "client");
  if (!client || !client->is_proper_list()) return options;
  for (const Term& option : client->elements())
    take_option(options, option, file);
  return options;
}

}  // namespace relmk::node
