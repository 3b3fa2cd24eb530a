#include "enit/program.h"

#include <algorithm>

#include "otp/application/print_line.h"
#include "sys/error.h"

namespace relmk::enit {

Term run_program(node::Rpc& rpc, const std::string& program,
                 std::vector<std::pair<std::string, Term>> variables,
                 const node::Deadline& deadline) {
  const Term scanned = rpc.call("erl_scan", "string", {Term::string(program)});
  if (!scanned.is_tagged("ok")) throw Error("the node cannot scan: " + otp::print_line(scanned));
  const Term parsed = rpc.call("erl_parse", "parse_exprs", {scanned[1]});
  if (!parsed.is_tagged("ok")) throw Error("the node cannot parse: " + otp::print_line(parsed));
  // erl_eval wants the bindings in the order of their names.
  std::sort(variables.begin(), variables.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  Terms bindings;
  for (const auto& [name, value] : variables)
    bindings.push_back(Term::tuple({Term::atom(name), value}));
  return rpc.call("erl_eval", "exprs", {parsed[1], Term::list(std::move(bindings))}, deadline)[1];
}

}  // namespace relmk::enit
