// An answer of a node that does not fit the question.
#pragma once

#include <stdexcept>
#include <variant>

#include "sys/error.h"

namespace relmk::node {

// Calls `work`, which expects of a node's answers the types and sizes that they have from every
// Erlang node. Throws Error, which says so, where an answer has another type or size.
template <typename Work>
auto read_answers(Work work) {
  const auto odd = [] {
    return Error(
        "the node answered with a term that does not fit the question: it is no Erlang node of OTP "
        "23 or later, or it is broken");
  };
  try {
    return work();
  } catch (const std::bad_variant_access&) {
    throw odd();
  } catch (const std::logic_error&) {
    throw odd();
  }
}

}  // namespace relmk::node
