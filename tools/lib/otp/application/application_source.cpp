#include "otp/application/application_source.h"

#include <algorithm>

#include "sys/error.h"
#include "term/consult.h"
#include "term/print.h"

namespace relmk::otp {

std::string application_of_source(const std::string& file,
                                  const std::vector<std::string>& modules) {
  const std::optional<Term> source = term::consult_first_term(file);
  if (!source) throw Error(file, "there is no term in this file");
  const Term& application = *source;
  if (!application.is_tagged("application", 3) || !application[1].is_atom() ||
      !application[2].is_proper_list()) {
    throw Error(file, application.position(), "expected {application, Name, Properties}");
  }
  Terms names;
  for (const std::string& module : modules)
    names.push_back(Term::atom(module));
  const Term filled = Term::tuple({Term::atom("modules"), Term::list(std::move(names))});
  Terms properties = application[2].elements();
  const auto known = std::find_if(properties.begin(), properties.end(), [](const Term& property) {
    return property.is_tagged("modules", 2);
  });
  if (known == properties.end()) {
    properties.push_back(filled);
  } else if ((*known)[1].is_nil()) {
    *known = filled;
  }
  const Term whole =
      Term::tuple({application[0], application[1], Term::list(std::move(properties))});
  return term::print_pretty(whole, {.unicode = true}) + ".\n";
}

}  // namespace relmk::otp
