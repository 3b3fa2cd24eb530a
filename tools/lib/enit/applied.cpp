#include "enit/applied.h"

#include <fmt/format.h>

#include <algorithm>

namespace relmk::enit {
namespace {

Term pair(const char* key, Term value) {
  return Term::tuple({Term::atom(key), std::move(value)});
}

std::string text_at(const Term& list, const char* key) {
  const auto value = proplist_value(list, key);
  return value ? text_of(*value).value_or("") : std::string();
}

bool is_list_of(const std::optional<Term>& list, bool (*fits)(const Term&)) {
  return list && list->is_proper_list() &&
         std::all_of(list->elements().begin(), list->elements().end(), fits);
}

// {App, Version, Directory}
bool is_applied_application(const Term& term) {
  return term.is_tuple(3) && term[0].is_atom() && text_of(term[1]) && text_of(term[2]);
}

}  // namespace

Term applied_term(const Applied& applied) {
  Terms applications;
  for (const Applied::Application& app : applied.applications) {
    applications.push_back(
        Term::tuple({app.name, Term::string(app.version), Term::string(app.directory)}));
  }
  return Term::list({pair("release", Term::string(applied.release)),
                     pair("version", Term::string(applied.version)),
                     pair("state", Term::string(applied.state)),
                     pair("named", Term::list(Terms(applied.named.begin(), applied.named.end()))),
                     pair("applications", Term::list(std::move(applications))),
                     pair("node", applied.node), pair("configuration", applied.configuration)});
}

std::optional<Applied> applied_of(const Term& term) {
  const auto configuration = proplist_value(term, "configuration");
  const auto named = proplist_value(term, "named");
  const auto applications = proplist_value(term, "applications");
  if (!configuration || !is_list_of(applications, is_applied_application) ||
      !is_list_of(named, [](const Term& name) { return name.is_atom(); })) {
    return std::nullopt;
  }
  Applied applied;
  applied.release = text_at(term, "release");
  applied.version = text_at(term, "version");
  applied.state = text_at(term, "state");
  applied.configuration = *configuration;
  applied.node = proplist_value(term, "node").value_or(Term());
  for (const Term& name : named->elements())
    applied.named.push_back(name.as_atom());
  for (const Term& app : applications->elements()) {
    applied.applications.push_back({app[0].as_atom(), *text_of(app[1]), *text_of(app[2])});
  }
  return applied;
}

Applied ask_applied(node::Rpc& rpc, const std::string& node) {
  const Term found =
      rpc.call("application", "get_env", {Term::atom("enit"), Term::atom("applied")});
  const auto applied = found.is_tagged("ok", 2) ? applied_of(found[1]) : std::nullopt;
  if (!applied) {
    throw Error(
        fmt::format("{} was not started by enit: what was applied to it is not known", node));
  }
  return *applied;
}

}  // namespace relmk::enit
