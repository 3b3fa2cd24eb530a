// For tests/otp/beam.escript: what the room `beam` reads in the files that LIST names, a line each.
// OUT gets a term for each: {Module, MD5, [{ChunkId, Size}], [Atom], [Import], [Export],
// [Attributes, CompileInfo]}.
#include <algorithm>
#include <cstdio>
#include <sstream>
#include <string>

#include "beam/beam_file.h"
#include "term/print.h"

using namespace relmk;

namespace {

Term facts(const BeamFile& beam) {
  Terms chunks, atoms, imports, exports;
  for (const BeamChunk& chunk : beam.chunks())
    chunks.push_back(
        Term::tuple({Term::string(chunk.id), static_cast<int64_t>(chunk.data.size())}));
  for (const Atom& atom : beam.atoms())
    atoms.emplace_back(atom);
  for (const BeamImport& import : beam.imports())
    imports.push_back(
        Term::tuple({import.module, import.name, static_cast<int64_t>(import.arity)}));
  for (const BeamFunction& function : beam.exports())
    exports.push_back(Term::tuple({function.name, static_cast<int64_t>(function.arity)}));
  std::sort(exports.begin(), exports.end(),
            [](const Term& a, const Term& b) { return Term::compare(a, b) < 0; });
  return Term::tuple({beam.module(), Term::binary(beam.md5()), Term::list(chunks),
                      Term::list(atoms), Term::list(imports), Term::list(exports),
                      Term::list({beam.attributes(), beam.compile_info()})});
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  try {
    std::istringstream list(read_file(argv[1]));
    std::string out;
    for (std::string file; std::getline(list, file);)
      out += print_plain(facts(BeamFile(file))) + ".\n";
    write_file(argv[2], out);
  } catch (const Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
