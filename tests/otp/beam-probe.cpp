// For tests/otp/beam.escript and xref.escript: what the room `beam` finds.
//
//   beam-probe facts LIST OUT     LIST: names of BEAM files, a line each
//                                 OUT: for each {Module, MD5, [{ChunkId, Size}], [Atom], [Import],
//                                 [Export], [Attributes, CompileInfo]}.
//   beam-probe undefined LIST OUT LIST: directories; the files of the first call, all are called
//                                 OUT: {Module, Name, Arity}. for each that does not exist
#include <algorithm>
#include <cstdio>
#include <sstream>
#include <string>
#include <vector>

#include "beam/beam_file.h"
#include "beam/strip.h"
#include "beam/xref.h"
#include "term/print.h"

using namespace relmk;

namespace {

Term facts(const beam::BeamFile& beam) {
  Terms chunks, atoms, imports, exports;
  for (const beam::BeamChunk& chunk : beam.chunks())
    chunks.push_back(
        Term::tuple({Term::string(chunk.id), static_cast<int64_t>(chunk.data.size())}));
  for (const Atom& atom : beam.atoms())
    atoms.emplace_back(atom);
  for (const beam::BeamImport& import : beam.imports())
    imports.push_back(
        Term::tuple({import.module, import.name, static_cast<int64_t>(import.arity)}));
  for (const beam::BeamFunction& function : beam.exports())
    exports.push_back(Term::tuple({function.name, static_cast<int64_t>(function.arity)}));
  std::sort(exports.begin(), exports.end(),
            [](const Term& a, const Term& b) { return Term::compare(a, b) < 0; });
  return Term::tuple({beam.module(), Term::binary(beam.md5()), Term::list(chunks),
                      Term::list(atoms), Term::list(imports), Term::list(exports),
                      Term::list({beam.attributes(), beam.compile_info()})});
}

std::vector<std::string> lines_of(const char* file) {
  std::istringstream list(sys::read_file(file));
  std::vector<std::string> lines;
  for (std::string line; std::getline(list, line);)
    lines.push_back(line);
  return lines;
}

std::string facts_of(const std::vector<std::string>& files) {
  std::string out;
  for (const std::string& file : files)
    out += term::print_plain(facts(beam::BeamFile(file))) + ".\n";
  return out;
}

std::string undefined_in(const std::vector<std::string>& directories) {
  beam::XrefScope scope;
  scope.callers = beam::beam_files_below(directories.at(0));
  scope.directories.assign(directories.begin(), directories.end());
  std::string out;
  for (const beam::FunctionName& function : beam::undefined_functions(scope))
    out += term::print_plain(Term::tuple(
               {function.module, function.name, static_cast<int64_t>(function.arity)})) +
           ".\n";
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  try {
    const std::vector<std::string> lines = lines_of(argv[2]);
    sys::write_file(argv[3],
                    std::string(argv[1]) == "facts" ? facts_of(lines) : undefined_in(lines));
  } catch (const Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
