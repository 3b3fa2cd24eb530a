// For tests/otp/term.escript: what the room `term` makes of many terms or files, in one process.
//
//   term-probe print IN OUT     IN: [Term]
//                               OUT: [{TermToBinary, W, TW, [{Width, Indent, P, TP}]}]
//   term-probe consult IN OUT   IN: [Path]
//                               OUT: [{ok, Terms} | {error, Line, Message}]
//   term-probe decode IN OUT    IN: [Binary]
//                               OUT: [{ok, Term} | {error, Message}]
//
// Both files are in the external term format; all texts are binaries.
#include <cstdio>
#include <functional>
#include <string>

#include "term/consult.h"
#include "term/external.h"
#include "term/print.h"

using namespace relmk;

namespace {

bool latin1_atoms = false;

Term printed(const Term& term) {
  constexpr int kLayouts[][2] = {{80, 0}, {80, 9}, {40, 0}, {20, 3}, {120, 30}, {80, 70}};
  Terms layouts;
  for (const auto& [width, indent] : kLayouts) {
    const Term plain = Term::binary(term::print_pretty(term, {false, width, indent}));
    const Term unicode = Term::binary(term::print_pretty(term, {true, width, indent}));
    layouts.push_back(Term::tuple({width, indent, plain, unicode}));
  }
  return Term::tuple({Term::binary(term::encode_external(term, {latin1_atoms})),
                      Term::binary(term::print_plain(term)),
                      Term::binary(term::print_plain(term, true)), Term::list(layouts)});
}

Term consulted(const Term& path) {
  try {
    return Term::tuple({Atom("ok"), Term::list(term::consult_file(path.to_utf8()))});
  } catch (const Error& error) {
    return Term::tuple({Atom("error"), error.position().line, Term::binary(error.message())});
  }
}

Term decoded(const Term& bytes) {
  try {
    return Term::tuple({Atom("ok"), term::decode_external(bytes.bytes())});
  } catch (const Error& error) {
    return Term::tuple({Atom("error"), Term::binary(error.message())});
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) return 2;
  const std::string mode = argv[1];
  latin1_atoms = argc > 4 && std::string(argv[4]) == "latin1_atoms";
  const auto answer = mode == "print" ? printed : mode == "consult" ? consulted : decoded;
  try {
    Terms out;
    const Term questions = term::decode_external(sys::read_file(argv[2]));
    for (const Term& term : questions.elements())
      out.push_back(answer(term));
    sys::write_file(argv[3], term::encode_external(Term::list(out), {latin1_atoms}));
  } catch (const Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
