// The order of checks is that of systools_rc:check_op/1, so that of several faults the same one is
// told.
#include "otp/upgrade/instruction_syntax.h"

#include "otp/application/print_line.h"
#include "term/print.h"

namespace relmk::otp {
namespace {

// {Name, First, Rest…}
Term make(const char* name, const Term& first, Terms rest) {
  Terms elements{Term::atom(name), first};
  elements.insert(elements.end(), rest.begin(), rest.end());
  return Term::tuple(std::move(elements));
}

bool is_change(const Term& term) {
  return term.is_tuple() || term.is_atom("soft");
}

// systools_rc:expand_script/1 of one instruction.
Term written_out(const Term& term) {
  const Term brutal = Term::atom("brutal_purge");
  const Term soft = Term::atom("soft");
  const Term none;
  const bool update = term.is_tagged("update");
  if (term.is_tagged("load_module", 2)) return make("load_module", term[1], {brutal, brutal, none});
  if (term.is_tagged("load_module", 3) && term[2].is_list())
    return make("load_module", term[1], {brutal, brutal, term[2]});
  if (term.is_tagged("add_application", 2))
    return make("add_application", term[1], {Term::atom("permanent")});
  if (update && term.is_tuple(2)) return make("update", term[1], {soft, brutal, brutal, none});
  if (update && term.is_tuple(3)) {
    if (term[2].is_atom("supervisor")) {
      const Term advanced = Term::tuple({Term::atom("advanced"), none});
      return make("update", term[1],
                  {Term::atom("static"), Term::atom("default"), advanced, brutal, brutal, none});
    }
    if (is_change(term[2])) return make("update", term[1], {term[2], brutal, brutal, none});
    if (term[2].is_list()) return make("update", term[1], {soft, brutal, brutal, term[2]});
  }
  if (update && term.is_tuple(4) && is_change(term[2]) && term[3].is_list())
    return make("update", term[1], {term[2], brutal, brutal, term[3]});
  return term;
}

class Checks {
 public:
  explicit Checks(const Instruction& instruction)
      : instruction_(instruction), term_(instruction.term) {}

  void run() const;

 private:
  [[noreturn]] void fail(const std::string& what) const { throw instruction_.error(what); }
  [[noreturn]] void fail(const char* what, const Term& term, const char* should = "") const {
    fail(std::string(what) + ": " + print_line(term) + should);
  }
  bool is(std::string_view name, size_t arity) const { return term_.is_tagged(name, arity); }

  void module(const Term& term) const {
    if (!term.is_atom()) fail("Bad module", term, "(should be atom())");
  }
  void modules(const Term& term) const {
    list(term);
    for (const Term& element : term.elements())
      module(element);
  }
  void list(const Term& term) const {
    if (!term.is_proper_list()) fail("Bad list", term);
  }
  void application(const Term& term) const {
    if (!term.is_atom()) fail("Bad application", term, "(should be atom())");
  }
  void change(const Term& term) const {
    if (!term.is_atom("soft") && !term.is_tagged("advanced", 2))
      fail("Bad change spec", term, "(should be soft | {advanced, E})");
  }
  void module_type(const Term& term) const {
    if (!term.is_atom("static") && !term.is_atom("dynamic"))
      fail("Bad module type", term, "(should be static | dynamic)");
  }
  void purge(const Term& term) const {
    if (!term.is_atom("soft_purge") && !term.is_atom("brutal_purge"))
      fail("Bad purge method", term, "(should be soft_purge | brutal_purge)");
  }
  void timeout(const Term& term) const {
    if (term.is_atom("default") || term.is_atom("infinity")) return;
    if (!term.is_integer() || Term::compare(term, Term(0)) <= 0)
      fail("Bad timeout", term, "(should be infinity | int() > 0)");
  }
  // systools has no words for these two: it prints its reason.
  void start_type(const Term& term) const {
    for (const char* type : {"none", "load", "temporary", "transient", "permanent"})
      if (term.is_atom(type)) return;
    fail("{bad_start_type," + print_line(term) + "}");
  }
  void mode(const Term& term) const {
    if (!term.is_atom("up") && !term.is_atom("down")) fail("{bad_mode," + print_line(term) + "}");
  }
  void call(const Term& term) const {
    module(term[0]);
    if (!term[1].is_atom()) fail("Bad function", term[1], "(should be atom())");
    if (!term[2].is_list()) fail("Bad argument list", term[2]);
  }
  void purged_module(const Term& term) const {
    module(term[0]);
    purge(term[1]);
    purge(term[2]);
  }
  void extras(const Term& term) const {
    for (const Term& element : term.elements()) {
      if (!element.is_tuple(2)) fail("Bad code_change", element, "(should be {Mod, Extra})");
      module(element[0]);
    }
  }
  void update() const;
  bool module_instruction() const;
  bool application_instruction() const;
  bool loading() const;
  bool processes() const;
  bool nodes() const;

  const Instruction& instruction_;
  const Term& term_;
};

// {update, Mod, [ModType, [Timeout,]] Change, PrePurge, PostPurge, [Mod]}
void Checks::update() const {
  size_t at = 1;
  module(term_[at++]);
  if (term_.is_tuple(8)) module_type(term_[at++]);
  if (!term_.is_tuple(6)) timeout(term_[at++]);
  change(term_[at++]);
  purge(term_[at++]);
  purge(term_[at++]);
  modules(term_[at]);
}

bool Checks::module_instruction() const {
  if (is("update", 6) || is("update", 7) || is("update", 8)) {
    update();
  } else if (is("load_module", 5)) {
    module(term_[1]);
    purge(term_[2]);
    purge(term_[3]);
    modules(term_[4]);
  } else if (is("add_module", 2) || is("delete_module", 2)) {
    module(term_[1]);
  } else if (is("add_module", 3) || is("delete_module", 3)) {
    module(term_[1]);
    modules(term_[2]);
  } else {
    return false;
  }
  return true;
}

bool Checks::application_instruction() const {
  if (is("remove_application", 2) || is("restart_application", 2)) {
    application(term_[1]);
  } else if (is("add_application", 3)) {
    application(term_[1]);
    start_type(term_[2]);
  } else {
    return false;
  }
  return true;
}

bool Checks::loading() const {
  if (is("load_object_code", 2) && term_[1].is_tuple(3)) {
    const Term& library = term_[1];
    if (!library[0].is_atom()) fail("Bad library", library[0], "(should be atom())");
    if (!library[1].is_list()) fail("Bad library version", library[1], "(should be string())");
    modules(library[2]);
  } else if ((is("load", 2) || is("remove", 2)) && term_[1].is_tuple(3)) {
    purged_module(term_[1]);
  } else if (is("purge", 2)) {
    modules(term_[1]);
  } else {
    return false;
  }
  return true;
}

bool Checks::processes() const {
  if (is("suspend", 2)) {
    list(term_[1]);
    for (const Term& element : term_[1].elements()) {
      module(element.is_tuple(2) ? element[0] : element);
      if (element.is_tuple(2)) timeout(element[1]);
    }
  } else if (is("resume", 2) || is("stop", 2) || is("start", 2)) {
    modules(term_[1]);
  } else if (is("code_change", 2)) {
    list(term_[1]);
    extras(term_[1]);
  } else if (is("code_change", 3)) {
    list(term_[2]);
    mode(term_[1]);
    extras(term_[2]);
  } else {
    return false;
  }
  return true;
}

bool Checks::nodes() const {
  if (is("apply", 2) && term_[1].is_tuple(3)) {
    call(term_[1]);
  } else if (is("sync_nodes", 3) && term_[2].is_tuple(3)) {
    call(term_[2]);
  } else if (is("sync_nodes", 3)) {
    list(term_[2]);
    for (const Term& node : term_[2].elements())
      if (!node.is_atom()) fail("Bad node", node, "(should be atom())");
  } else {
    return false;
  }
  return true;
}

void Checks::run() const {
  if (term_.is_atom("mnesia_backup")) fail("{not_yet_implemented,mnesia_backup}");
  for (const char* word :
       {"restart", "reboot", "point_of_no_return", "restart_new_emulator", "restart_emulator"})
    if (term_.is_atom(word)) return;
  if (module_instruction() || application_instruction() || loading() || processes() || nodes())
    return;
  fail("Bad instruction", term_);
}

}  // namespace

bool Instruction::has_dependencies() const {
  return term.is_tagged("update") || term.is_tagged("load_module") ||
         term.is_tagged("add_module") || term.is_tagged("delete_module");
}

std::vector<Instruction> expanded_instructions(const UpgradeScript& script) {
  const Term& list = script.instructions;
  if (!list.is_proper_list())
    throw Error(script.file, list.position(), "Bad list: " + print_line(list));
  std::vector<Instruction> instructions;
  const auto append = [&](const Term& term, Position otherwise) {
    const Position at = term.position() ? term.position() : otherwise;
    instructions.push_back({term, script.file, at});
  };
  for (const Term& element : list.elements()) {
    if (element.is_proper_list()) {
      // systools takes its elements in, as they are.
      for (const Term& inner : element.elements())
        append(inner, element.position());
    } else {
      append(element, list.position());
      instructions.back().term = written_out(element);
    }
  }
  return instructions;
}

void check_syntax(const std::vector<Instruction>& instructions) {
  for (const Instruction& instruction : instructions)
    Checks(instruction).run();
}

Instruction normalized(const Instruction& instruction) {
  const Term& term = instruction.term;
  const Term dynamic = Term::atom("dynamic");
  if (term.is_tagged("update", 6)) {
    return instruction.becoming(make(
        "update", term[1], {dynamic, Term::atom("default"), term[2], term[3], term[4], term[5]}));
  }
  if (term.is_tagged("update", 7)) {
    return instruction.becoming(
        make("update", term[1], {dynamic, term[2], term[3], term[4], term[5], term[6]}));
  }
  if (term.is_tagged("add_module", 2))
    return instruction.becoming(make("add_module", term[1], {Term()}));
  if (term.is_tagged("delete_module", 2))
    return instruction.becoming(make("delete_module", term[1], {Term()}));
  return instruction;
}

}  // namespace relmk::otp
