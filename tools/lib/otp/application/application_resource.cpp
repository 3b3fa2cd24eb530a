// The keys are checked in systools_make's order (get_items/2), so that of several faults the one
// that systools names is named.
#include "otp/application/application_resource.h"

#include "sys/error.h"
#include "term/atoms.h"
#include "term/consult.h"

namespace relmk::otp {
namespace {

// What a property's value must be.
struct Form {
  bool (*fits)(const Term&);
  const char* words;
};

bool is_key_value_list(const Term& term) {
  if (!term.is_proper_list()) return false;
  for (const Term& element : term.elements()) {
    if (!element.is_tuple(2) || !element[0].is_atom()) return false;
  }
  return true;
}

bool is_limit(const Term& term) {
  return term.is_atom("infinity") || (term.is_integer() && Term::compare(term, Term(0)) > 0);
}

// The default, [], may be written out.
bool is_callback_or_none(const Term& term) {
  return term.is_nil() || (term.is_tuple(2) && term[0].is_atom());
}

bool is_phases_or_none(const Term& term) {
  return term.is_atom("undefined") || is_key_value_list(term);
}

std::vector<Atom> atoms(const Term& list) {
  std::vector<Atom> atoms;
  atoms.reserve(list.elements().size());
  for (const Term& element : list.elements())
    atoms.push_back(element.as_atom());
  return atoms;
}

bool is_string(const Term& term) {
  return term.is_string();
}

constexpr Form kText{is_string, "a string"};
constexpr Form kAtomList{term::is_atom_list, "a list of atoms"};
constexpr Form kKeyValueList{is_key_value_list, "a list of {Key, Value} with atoms as keys"};
constexpr Form kLimit{is_limit, "a positive integer or infinity"};
constexpr Form kCallback{is_callback_or_none, "{Module, Arguments} or []"};
constexpr Form kPhases{is_phases_or_none, "a list of {Phase, Arguments} with atoms as phases"};

class Properties {
 public:
  Properties(const Term& application, const std::string& file)
      : application_(application), file_(file) {}

  Term required(const char* key, const Form& form) const {
    if (std::optional<Term> value = optional(key, form)) return *value;
    throw Error(file_, application_.position(),
                std::string("Missing parameter in .app file: ") + key);
  }

  std::optional<Term> optional(const char* key, const Form& form) const {
    const Term* property = find(key);
    if (!property) return std::nullopt;
    if (!property->is_tuple(2) || !form.fits((*property)[1])) {
      throw Error(file_, property->position(), std::string("Bad parameter in .app file: ") + key)
          .with_hint(std::string("{") + key + ", Value}: the value is to be " + form.words);
    }
    return (*property)[1];
  }

  // As lists:keysearch(Key, 1, Properties).
  const Term* find(const char* key) const {
    for (const Term& property : application_[2].elements()) {
      if (property.is_tuple() && !property.elements().empty() && property[0].is_atom(key)) {
        return &property;
      }
    }
    return nullptr;
  }

 private:
  const Term& application_;
  const std::string& file_;
};

// Not a key that systools knows; what is no list of strings does not count.
std::vector<std::string> runtime_dependencies(const Properties& properties) {
  std::vector<std::string> dependencies;
  const Term* property = properties.find("runtime_dependencies");
  if (!property || !property->is_tuple(2) || !(*property)[1].is_proper_list()) return dependencies;
  for (const Term& dependency : (*property)[1].elements()) {
    if (dependency.is_string()) dependencies.push_back(dependency.to_utf8());
  }
  return dependencies;
}

}  // namespace

ApplicationResource application_resource(const Term& term, const std::string& file) {
  if (!term.is_tagged("application", 3) || !term[1].is_atom() || !term[2].is_proper_list()) {
    throw Error(file, term.position(), "Syntax error in .app file")
        .with_hint("an application resource file holds {application, Name, [{Key, Value}]}.");
  }
  const Properties properties(term, file);
  const Term none;
  ApplicationResource app;
  app.name = term[1].as_atom();
  app.version = properties.required("vsn", kText).to_utf8();
  app.id = properties.optional("id", kText).value_or(none).to_utf8();
  app.description = properties.required("description", kText).to_utf8();
  app.modules = atoms(properties.required("modules", kAtomList));
  app.registered = atoms(properties.required("registered", kAtomList));
  app.applications = atoms(properties.required("applications", kAtomList));
  app.optional_applications =
      atoms(properties.optional("optional_applications", kAtomList).value_or(none));
  app.included_applications =
      atoms(properties.optional("included_applications", kAtomList).value_or(none));
  app.mod = properties.optional("mod", kCallback);
  if (app.mod && app.mod->is_nil()) app.mod.reset();
  app.start_phases = properties.optional("start_phases", kPhases);
  if (app.start_phases && app.start_phases->is_atom()) app.start_phases.reset();
  app.env = properties.optional("env", kKeyValueList).value_or(none);
  const Term infinity = Term::atom("infinity");
  app.max_time = properties.optional("maxT", kLimit).value_or(infinity);
  app.max_processes = properties.optional("maxP", kLimit).value_or(infinity);
  app.runtime_dependencies = runtime_dependencies(properties);
  app.term = term;
  app.file = file;
  const fs::path directory = fs::path(file).parent_path();
  const size_t slash = file.rfind('/');
  app.ebin = slash == std::string::npos ? "." : file.substr(0, slash);
  app.directory = directory.filename() == "ebin" ? directory.parent_path() : directory;
  return app;
}

ApplicationResource read_application_resource(const std::string& file) {
  const std::optional<Term> term = term::consult_first_term(file);
  if (!term) throw Error(file, "no Erlang term in it");
  return application_resource(*term, file);
}

}  // namespace relmk::otp
