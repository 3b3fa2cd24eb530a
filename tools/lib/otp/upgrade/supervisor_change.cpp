#include "otp/upgrade/supervisor_change.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "beam/constant_call.h"
#include "otp/application/print_line.h"
#include "term/print.h"

namespace relmk::otp {
namespace {

using beam::CodeFunction;
using beam::CodeInstruction;
using beam::KnownTerm;
using beam::ModuleCode;

struct Child {
  Term id;
  Term start;
  bool is_temporary = false;
};

struct Specification {
  std::string strategy;
  std::vector<Child> children;  // in the order in which they are started
};

// {Id, Start, Restart, …} or a map.
std::optional<Child> child_of(const Term& spec) {
  if (spec.is_tuple(6)) return Child{spec[0], spec[1], spec[2].is_atom("temporary")};
  if (!spec.is_map()) return std::nullopt;
  const Term* id = spec.find(Term::atom("id"));
  const Term* start = spec.find(Term::atom("start"));
  const Term* restart = spec.find(Term::atom("restart"));
  if (!id || !start) return std::nullopt;
  return Child{*id, *start, restart && restart->is_atom("temporary")};
}

std::optional<std::string> strategy_of(const Term& flags) {
  if (flags.is_tuple() && !flags.elements().empty() && flags[0].is_atom())
    return flags[0].atom_text();
  if (!flags.is_map()) return std::nullopt;
  const Term* strategy = flags.find(Term::atom("strategy"));
  if (!strategy) return "one_for_one";
  if (!strategy->is_atom()) return std::nullopt;
  return strategy->atom_text();
}

// Of {ok, {Flags, Children}}.
std::optional<Specification> specification(const KnownTerm& result) {
  if (!result || !result->is_tagged("ok", 2) || !(*result)[1].is_tuple(2)) return std::nullopt;
  const Term& answer = (*result)[1];
  const std::optional<std::string> strategy = strategy_of(answer[0]);
  if (!strategy || !answer[1].is_proper_list()) return std::nullopt;
  Specification found{*strategy, {}};
  for (const Term& spec : answer[1].elements()) {
    const std::optional<Child> child = child_of(spec);
    if (!child) return std::nullopt;
    found.children.push_back(*child);
  }
  return found;
}

// How the module starts itself: the supervisor's name, to call it by, and what init/1 is given.
struct Start {
  std::optional<Term> name;
  KnownTerm argument;
};

Start start_of(const ModuleCode& code) {
  for (const auto& arguments : arguments_of_calls(code, "supervisor", "start_link", 3)) {
    if (!arguments[1] || *arguments[1] != Term(code.module())) continue;
    Start start{std::nullopt, arguments[2]};
    if (arguments[0] && arguments[0]->is_tagged("local", 2))
      start.name = (*arguments[0])[1];
    else if (arguments[0])
      start.name = arguments[0];  // {global, Name} or {via, Module, Name}
    return start;
  }
  for (const auto& arguments : arguments_of_calls(code, "supervisor", "start_link", 2))
    if (arguments[0] && *arguments[0] == Term(code.module())) return {std::nullopt, arguments[1]};
  return {};
}

const Child* find(const std::vector<Child>& children, const Term& id) {
  const auto found = std::find_if(children.begin(), children.end(),
                                  [&](const Child& child) { return child.id == id; });
  return found == children.end() ? nullptr : &*found;
}

Term call(const char* function, const Term& supervisor, const Term& id) {
  return Term::tuple(
      {Term::atom("apply"), Term::tuple({Term::atom("supervisor"), Term::atom(function),
                                         Term::list({supervisor, id})})});
}

struct Work {
  Terms before;
  Terms after;
  std::vector<std::string> temporary;  // children that cannot be ended safely
};

// From one list of children to the other: what goes is ended in the reverse of its order of start,
// before the update; what comes is started after it, when the supervisor knows its specification.
Work children_work(const Term& supervisor, const std::vector<Child>& from,
                   const std::vector<Child>& to) {
  Work work;
  for (auto child = from.rbegin(); child != from.rend(); ++child) {
    const Child* kept = find(to, child->id);
    if (kept && kept->start == child->start) continue;
    if (child->is_temporary) {
      work.temporary.push_back(print_line(child->id));
      continue;
    }
    work.before.push_back(call("terminate_child", supervisor, child->id));
    if (!kept) work.before.push_back(call("delete_child", supervisor, child->id));
  }
  for (const Child& child : to) {
    const Child* old = find(from, child.id);
    if (old && (old->start == child.start || old->is_temporary)) continue;
    work.after.push_back(call("restart_child", supervisor, child.id));
  }
  return work;
}

// The functions that init/1 reaches within its module.
std::map<std::string, const CodeFunction*> reached_from_init(const ModuleCode& code) {
  std::map<std::string, const CodeFunction*> reached;
  std::vector<const CodeFunction*> left{code.find("init", 1)};
  while (!left.empty()) {
    const CodeFunction* function = left.back();
    left.pop_back();
    if (!function) continue;
    const std::string name = fmt::format("{}/{}", function->name.text(), function->arity);
    if (!reached.emplace(name, function).second) continue;
    for (const CodeInstruction& i : function->instructions) {
      namespace op = beam::opcode;
      if (i.opcode == op::kCall || i.opcode == op::kCallOnly || i.opcode == op::kCallLast)
        left.push_back(code.local_callee(i.operands[1]));
      if (i.opcode == op::kMakeFun2 || i.opcode == op::kMakeFun3)
        left.push_back(code.fun_body(i.operands[0]));
    }
  }
  return reached;
}

bool inits_differ(const ModuleCode& from, const ModuleCode& to) {
  const auto old = reached_from_init(from), now = reached_from_init(to);
  if (old.size() != now.size()) return true;
  return std::any_of(old.begin(), old.end(), [&](const auto& entry) {
    const auto other = now.find(entry.first);
    return other == now.end() || from.text(*entry.second) != to.text(*other->second);
  });
}

using Names = std::set<std::string, std::less<>>;

// Functions of OTP that act; of a module without names, all of them.
const std::map<std::string, Names, std::less<>>& acting_functions() {
  static const std::map<std::string, Names, std::less<>> functions = {
      {"erlang",
       {"!",
        "apply",
        "cancel_timer",
        "demonitor",
        "erase",
        "exit",
        "halt",
        "link",
        "monitor",
        "open_port",
        "process_flag",
        "put",
        "register",
        "send",
        "send_after",
        "send_nosuspend",
        "spawn",
        "spawn_link",
        "spawn_monitor",
        "spawn_opt",
        "spawn_request",
        "start_timer",
        "system_flag",
        "trace",
        "unlink",
        "unregister"}},
      {"ets",
       {"new", "insert", "insert_new", "delete", "delete_object", "delete_all_objects", "give_away",
        "rename", "setopts", "update_counter", "update_element", "file2tab", "take"}},
      {"application",
       {"start", "stop", "load", "unload", "ensure_started", "ensure_all_started", "set_env",
        "unset_env"}},
      {"file",
       {"write_file", "delete", "del_dir", "del_dir_r", "make_dir", "open", "rename", "copy",
        "change_mode", "make_symlink", "write_file_info"}},
      {"filelib", {"ensure_dir", "ensure_path"}},
      {"os", {"cmd", "putenv", "unsetenv"}},
      {"persistent_term", {"put", "erase"}},
      {"code", {"add_path", "add_patha", "add_pathz", "load_file", "load_binary", "purge"}},
      {"timer",
       {"sleep", "apply_after", "apply_interval", "send_after", "send_interval", "exit_after"}},
      {"logger",
       {"add_handler", "set_primary_config", "add_primary_filter", "update_handler_config"}},
      {"gen_server", {}},
      {"gen_statem", {}},
      {"gen_event", {}},
      {"gen_fsm", {}},
      {"proc_lib", {}},
      {"supervisor",
       {"start_child", "start_link", "terminate_child", "delete_child", "restart_child"}},
      {"gen_tcp", {}},
      {"gen_udp", {}},
      {"gen_sctp", {}},
      {"ssl", {}},
      {"mnesia", {}},
      {"dets", {}},
      {"disk_log", {}},
      {"global", {}},
      {"pg", {}},
      {"net_kernel", {}},
      {"httpc", {}},
      {"ranch", {}},
      {"cowboy", {}}};
  return functions;
}

bool acts(const beam::FunctionName& callee) {
  const auto module = acting_functions().find(callee.module.text());
  if (module == acting_functions().end()) return false;
  return module->second.empty() || module->second.contains(callee.name.text());
}

void add_work(SupervisorChange& change, const Specification& old, const Specification& now,
              const std::optional<Term>& name, const Atom& module) {
  const Work up = children_work(name.value_or(Term()), old.children, now.children);
  const Work down = children_work(name.value_or(Term()), now.children, old.children);
  for (const std::string& id : up.temporary)
    change.warnings.push_back(fmt::format(
        "{}: its child {} is temporary: it runs on as it was started", module.text(), id));
  const bool is_needed = !up.before.empty() || !up.after.empty();
  if (is_needed && !name) {
    change.refused = "its children changed, and it is started without a name to call it by";
    return;
  }
  change.before_up = up.before;
  change.after_up = up.after;
  change.before_down = down.before;
  change.after_down = down.after;
}

}  // namespace

SupervisorChange supervisor_change(const ModuleCode& from, const ModuleCode& to) {
  SupervisorChange change;
  const Start old_start = start_of(from), start = start_of(to);
  const auto old = specification(constant_result(from, "init", {old_start.argument}));
  const auto now = specification(constant_result(to, "init", {start.argument}));
  const std::string name = start.name ? print_line(*start.name) : "SUPERVISOR";
  change.hint = fmt::format(
      "for a child that is new, add {{apply,{{supervisor,restart_child,[{0},ID]}}}} after the "
      "update; for one that is gone, {{apply,{{supervisor,terminate_child,[{0},ID]}}}} and "
      "delete_child before it; and the reverse on the way back",
      name);
  const std::string module = print_atom(to.module(), true);
  if (!old || !now) {
    if (inits_differ(from, to))
      change.warnings.push_back(fmt::format(
          "{}: what init/1 returns is not a literal, and it changed: whether children have to be "
          "started or ended cannot be told",
          module));
    return change;
  }
  constexpr const char* kSimple = "simple_one_for_one";
  if ((old->strategy == kSimple) != (now->strategy == kSimple)) {
    change.refused = fmt::format(
        "its strategy changed from {} to {}, which a running supervisor "
        "does not take",
        old->strategy, now->strategy);
    change.hint = "write an appup by hand that restarts the supervisor or the application";
    return change;
  }
  // Children of simple_one_for_one are started by others, and keep what they were started with.
  if (now->strategy != kSimple) add_work(change, *old, *now, start.name, to.module());
  return change;
}

std::vector<std::string> side_effects_of_init(const ModuleCode& code) {
  std::set<std::string> found;
  for (const auto& [name, function] : reached_from_init(code)) {
    for (const CodeInstruction& i : function->instructions) {
      if (i.opcode == beam::opcode::kSend) found.insert("!");
      const beam::FunctionName callee = code.external_callee(i);
      if (acts(callee)) found.insert(callee.text());
    }
  }
  return {found.begin(), found.end()};
}

}  // namespace relmk::otp
