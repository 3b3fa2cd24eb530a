// Erlang expressions from text, as erl_parse's grammar has them (`exprs`, OTP's erl_parse.yrl).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "eval/syntax/syntax.h"

namespace relmk::eval {

struct ParserOptions {
  // `maybe` and `else` are reserved words: in OTP 27 and later.
  bool maybe = false;
  // Comprehensions of maps: in OTP 26 and later.
  bool map_comprehensions = false;
  // ~"…" and triple-quoted strings: in OTP 27 and later.
  bool sigils = false;
};

struct ParsedScript {
  std::vector<ScriptForm> forms;
  // The first error, where there is one; the forms before it are in `forms`.
  std::optional<Error> error;
};

// Throws UnknownToEvaluator for syntax that has to be left to Erlang. An error has Erlang's words
// (`syntax error before: ')'`).
ParsedScript parse_script(const std::string& file, std::u32string text,
                          const ParserOptions& options);

}  // namespace relmk::eval
