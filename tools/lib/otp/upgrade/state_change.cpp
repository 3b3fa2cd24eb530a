// The forms are those of "The Abstract Format" (ERTS User's Guide).
#include "otp/upgrade/state_change.h"

#include <fmt/core.h>

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <set>

#include "sys/words.h"
#include "term/external.h"
#include "term/print.h"

namespace relmk::otp {
namespace {

using Fields = std::vector<std::string>;

// What is looked at of a module's forms.
struct Forms {
  std::map<std::string, Fields> records;
  std::map<std::pair<std::string, int64_t>, Terms> functions;  // their clauses
};

std::string field_name(const Term& field) {
  const Term& plain = field.is_tagged("typed_record_field") ? field[1] : field;
  if (!plain.is_tagged("record_field") || plain.elements().size() < 3) return {};
  return plain[2].is_tagged("atom", 3) && plain[2][2].is_atom() ? plain[2][2].atom_text() : "";
}

std::optional<Forms> read_forms(const beam::BeamFile& file) {
  const std::string bytes = file.forms();
  if (bytes.empty()) return std::nullopt;
  const std::string versioned = "\x83" + bytes;
  std::string_view left = versioned;
  const Term all = term::take_external(left, term::DeepTerms::Opaque);
  if (!all.is_list()) return std::nullopt;
  Forms forms;
  for (const Term& form : all.elements()) {
    if (form.is_tagged("attribute", 4) && form[2].is_atom("record") && form[3].is_tuple(2) &&
        form[3][0].is_atom() && form[3][1].is_list()) {
      Fields& fields = forms.records[form[3][0].atom_text()];
      for (const Term& field : form[3][1].elements())
        fields.push_back(field_name(field));
    } else if (form.is_tagged("function", 5) && form[2].is_atom() && form[3].is_small_integer() &&
               form[4].is_list()) {
      forms.functions[{form[2].atom_text(), form[3].as_integer()}] = form[4].elements();
    }
  }
  return forms;
}

// Calls `visit` with every tuple in a term, outer ones first.
void each_tuple(const Term& term, const std::function<void(const Term&)>& visit) {
  if (term.is_tuple()) visit(term);
  if (!term.is_tuple() && !term.is_list()) return;
  for (const Term& element : term.elements())
    each_tuple(element, visit);
}

// {record, Anno, Name, …}, and with an expression that is changed before the name.
std::string record_name(const Term& form) {
  if (form.is_tagged("record", 4) && form[2].is_atom()) return form[2].atom_text();
  if (form.is_tagged("record", 5) && form[3].is_atom()) return form[3].atom_text();
  return {};
}

// Where callbacks of gen_server, gen_statem, gen_event and the like have the state: name, arity,
// number of the argument.
struct StateArgument {
  const char* name;
  int64_t arity;
  size_t argument;
};
constexpr StateArgument kStateArguments[] = {
    {"handle_call", 3, 2},     {"handle_cast", 2, 1},  {"handle_info", 2, 1},
    {"handle_continue", 2, 1}, {"terminate", 2, 1},    {"handle_event", 4, 3},
    {"terminate", 3, 2},       {"handle_event", 2, 1}, {"handle_call", 2, 1}};

// clause: {clause, Anno, Patterns, Guards, Body}
const Terms* patterns_of(const Term& clause) {
  return clause.is_tagged("clause", 5) && clause[2].is_list() ? &clause[2].elements() : nullptr;
}

std::set<std::string> state_records(const Forms& forms) {
  std::set<std::string> names;
  const auto add = [&names](const Term& form) {
    if (const std::string name = record_name(form); !name.empty()) names.insert(name);
  };
  for (const StateArgument& where : kStateArguments) {
    const auto function = forms.functions.find({where.name, where.arity});
    if (function == forms.functions.end()) continue;
    for (const Term& clause : function->second) {
      const Terms* patterns = patterns_of(clause);
      if (patterns && patterns->size() > where.argument)
        each_tuple((*patterns)[where.argument], add);
    }
  }
  if (const auto init = forms.functions.find({"init", 1}); init != forms.functions.end()) {
    for (const Term& clause : init->second)
      if (patterns_of(clause)) each_tuple(clause[4], add);
  }
  return names;
}

// Whether a clause of code_change only gives back the state that it was given.
bool is_identity(const Term& clause, const Term& state) {
  if (!state.is_tagged("var", 3) || !clause[4].is_list() || clause[4].elements().empty())
    return false;
  const Term& result = clause[4].elements().back();
  if (!result.is_tagged("tuple", 3) || !result[2].is_list() || result[2].elements().empty())
    return false;
  const Term& returned = result[2].elements().back();
  return returned.is_tagged("var", 3) && returned[2] == state[2];
}

// Whether code_change has a clause that takes an old state of this record to another one: not one
// that matches the record as it is now, and not one that gives back what it is given.
bool converts(const Forms& forms, const std::string& record) {
  for (const auto& [arity, argument] : {std::pair<int64_t, size_t>{3, 1}, {4, 2}}) {
    const auto function = forms.functions.find({"code_change", arity});
    if (function == forms.functions.end()) continue;
    for (const Term& clause : function->second) {
      const Terms* patterns = patterns_of(clause);
      if (!patterns || patterns->size() <= argument) continue;
      const Term& state = (*patterns)[argument];
      bool matches_new = false;
      each_tuple(state, [&](const Term& form) { matches_new |= record_name(form) == record; });
      if (!matches_new && !is_identity(clause, state)) return true;
    }
  }
  return forms.functions.contains({"system_code_change", 4});
}

std::string shape(const Fields& fields) {
  return fmt::format("{{{}}}", sys::joined(fields, ","));
}

bool is_fun(const Term& form) {
  if (form.is_tagged("named_fun", 4)) return true;
  if (!form.is_tagged("fun", 3)) return false;
  // fun M:F/A finds its module by name when it is called.
  return form[2].is_tagged("clauses") || form[2].is_tagged("function", 3);
}

// Functions that put a fun into one of these records, or callbacks that put one into a map.
std::set<std::string> fun_keepers(const Forms& forms, const std::set<std::string>& records) {
  std::set<std::string> keepers;
  for (const auto& [key, clauses] : forms.functions) {
    const std::string name = fmt::format("{}/{}", key.first, key.second);
    const bool is_callback = key.first == "init" || key.first.starts_with("handle_");
    const auto look = [&](const Term& form) {
      const bool is_value =
          (form.is_tagged("record_field", 4) && is_fun(form[3])) ||
          (is_callback &&
           (form.is_tagged("map_field_assoc", 4) || form.is_tagged("map_field_exact", 4)) &&
           is_fun(form[3]));
      if (is_value) keepers.insert(name);
    };
    for (const Term& clause : clauses) {
      each_tuple(clause, [&](const Term& form) {
        if (records.contains(record_name(form)) || form.is_tagged("map")) each_tuple(form, look);
      });
    }
  }
  return keepers;
}

}  // namespace

std::vector<StateFault> state_faults(const beam::BeamFile& from, const beam::BeamFile& to) {
  std::vector<StateFault> faults;
  const std::optional<Forms> old = read_forms(from), now = read_forms(to);
  if (!old || !now) return faults;
  const std::string module = print_atom(to.module(), true);
  std::set<std::string> records = state_records(*old);
  records.merge(state_records(*now));
  for (const std::string& name : records) {
    const auto before = old->records.find(name), after = now->records.find(name);
    if (before == old->records.end() || after == now->records.end()) continue;
    if (before->second == after->second || converts(*now, name)) continue;
    faults.push_back(
        {true, fmt::format("{}: its state is a record #{} that changed from {} to {}, and "
                           "code_change has no clause for the old one",
                           module, name, shape(before->second), shape(after->second))});
  }
  std::set<std::string> keepers = fun_keepers(*old, records);
  keepers.merge(fun_keepers(*now, records));
  if (!keepers.empty()) {
    faults.push_back(
        {false, fmt::format("{}: it keeps a fun in its state ({}), which fails with badfun when "
                            "the code that made it is purged",
                            module, sys::joined({keepers.begin(), keepers.end()}, ", "))});
  }
  return faults;
}

}  // namespace relmk::otp
