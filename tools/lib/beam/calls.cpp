#include "beam/calls.h"

#include <fmt/core.h>

#include "sys/error.h"
#include "term/print.h"

namespace relmk::beam {

std::string FunctionName::text() const {
  return fmt::format("{}:{}/{}", term::print_atom(module, true), term::print_atom(name, true),
                     arity);
}

std::vector<Call> external_calls(const BeamFile& beam) {
  try {
    const std::string forms = beam.forms();
    return forms.empty() ? code_calls(beam) : abstract_calls(beam.module(), forms);
  } catch (Error& error) {
    throw std::move(error).in_file(beam.name());
  }
}

}  // namespace relmk::beam
