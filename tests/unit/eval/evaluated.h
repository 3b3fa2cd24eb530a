// Erlang expressions evaluated, for the tests of this room.
#pragma once

#include <string>
#include <string_view>

#include "eval/evaluate/evaluator.h"
#include "eval/syntax/parser.h"
#include "sys/utf8.h"
#include "term/print.h"

namespace relmk::eval {

// What `~tw` prints of the last form's value; of what ends the evaluation otherwise
// `CLASS: REASON`, `vm: NAME` or `halt: CODE`.
inline std::string evaluated(std::string_view text, const ScriptOptions& options) {
  Evaluator evaluator(options);
  Bindings bindings;
  Term value;
  try {
    const ParsedScript script = parse_script("f", sys::code_points(text), {});
    if (script.error) return script.error->message();
    for (const ScriptForm& form : script.forms)
      value = evaluator.evaluate_all(form.body, bindings);
    return term::print_plain(value, true);
  } catch (const Raised& raised) {
    return raised.exception_class().text() + ": " + term::print_plain(raised.reason(), true);
  } catch (const UnknownToEvaluator& unknown) {
    return "vm: " + unknown.name();
  } catch (const Halted& halted) {
    return "halt: " + std::to_string(halted.code());
  }
}

inline std::string evaluated(std::string_view text) {
  ScriptOptions options;
  options.otp_release = "25";
  return evaluated(text, options);
}

// The first expression of a text.
inline ExpressionPtr expression_of(std::string_view text) {
  return parse_script("f", sys::code_points(text), {}).forms.at(0).body.at(0);
}

}  // namespace relmk::eval
