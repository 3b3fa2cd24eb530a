#include "otp/upgrade/module_role.h"

#include <initializer_list>

#include "term/term.h"

namespace relmk::otp {

using beam::ModuleCode;

namespace {

bool has_behaviour(const ModuleCode& code, std::initializer_list<const char*> names) {
  const Term attributes = code.file().attributes();
  for (const Term& attribute : attributes.elements()) {
    if (!attribute.is_tagged("behaviour", 2) && !attribute.is_tagged("behavior", 2)) continue;
    if (!attribute[1].is_list()) continue;
    for (const Term& behaviour : attribute[1].elements())
      for (const char* name : names)
        if (behaviour.is_atom(name)) return true;
  }
  return false;
}

bool calls(const ModuleCode& code, const char* module, std::initializer_list<const char*> names) {
  for (const beam::BeamImport& import : code.file().imports()) {
    if (import.module.text() != module) continue;
    for (const char* name : names)
      if (import.name.text() == name) return true;
  }
  return false;
}

}  // namespace

bool is_supervisor(const ModuleCode& code) {
  if (!code.exports("init", 1)) return false;
  if (has_behaviour(code, {"supervisor", "Elixir.Supervisor", "supervisor_bridge"})) return true;
  return !code.file().find("Attr") && calls(code, "supervisor", {"start_link"});
}

bool changes_state(const ModuleCode& code) {
  return code.exports("code_change", 3) || code.exports("code_change", 4) ||
         code.exports("system_code_change", 4);
}

const char* process_kind(const ModuleCode& code) {
  if (code.exports("system_code_change", 4) || code.exports("system_continue", 3))
    return "special process";
  if (has_behaviour(code, {"gen_server", "Elixir.GenServer"})) return "gen_server";
  if (has_behaviour(code, {"gen_statem", "Elixir.GenStateMachine"})) return "gen_statem";
  if (has_behaviour(code, {"gen_event", "Elixir.GenEvent"})) return "gen_event";
  if (code.exports("callback_mode", 0)) return "gen_statem";
  if (code.exports("handle_call", 3)) return "gen_server";
  if (code.exports("handle_event", 2)) return "gen_event";
  return nullptr;
}

bool loads_nif(const ModuleCode& code) {
  return calls(code, "erlang", {"load_nif"});
}

}  // namespace relmk::otp
