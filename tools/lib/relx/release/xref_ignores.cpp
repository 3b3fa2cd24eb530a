#include "relx/release/xref_ignores.h"

#include <algorithm>
#include <set>

#include "beam/beam_file.h"

namespace relmk::relx {
namespace {

Term function_term(const beam::FunctionName& function) {
  return Term::tuple({Term(function.module), Term(function.name), Term(int64_t{function.arity})});
}

// Attributes may be lists of lists: -ignore_xref([{f, 1}, m]).
void add_attribute(const Term& value, Atom module, Terms& ignored) {
  if (value.is_proper_list()) {
    for (const Term& element : value.elements())
      add_attribute(element, module, ignored);
  } else if (value.is_tuple(2)) {
    ignored.push_back(Term::tuple({Term(module), value[0], value[1]}));
  } else {
    ignored.push_back(value);
  }
}

void add_attributes(const beam::BeamFile& beam, Terms& ignored) {
  const Term attributes = beam.attributes();
  if (!attributes.is_proper_list()) return;
  for (const Term& attribute : attributes.elements()) {
    if (attribute.is_tagged("ignore_xref", 2)) add_attribute(attribute[1], beam.module(), ignored);
  }
}

}  // namespace

std::vector<beam::Call> without_ignored(std::vector<beam::Call> calls, const Terms& xref_ignores,
                                        const std::vector<fs::path>& callers) {
  Terms ignored = xref_ignores;
  std::set<std::string> modules;
  for (const beam::Call& call : calls)
    modules.insert(call.caller.module.text());
  for (const fs::path& file : callers) {
    if (modules.erase(file.stem().string()) != 0) add_attributes(beam::BeamFile(file), ignored);
  }
  const auto is_ignored = [&](const beam::FunctionName& function) {
    return std::any_of(ignored.begin(), ignored.end(), [&](const Term& term) {
      return term == Term(function.module) || term == function_term(function);
    });
  };
  std::erase_if(calls, [&](const beam::Call& call) {
    return is_ignored(call.caller) || is_ignored(call.callee);
  });
  return calls;
}

}  // namespace relmk::relx
