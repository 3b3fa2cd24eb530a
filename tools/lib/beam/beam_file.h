// BEAM files: the chunks of a compiled module (beam_lib(3)), and what stands in them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sys/files.h"
#include "term/term.h"

namespace relmk::beam {

struct BeamChunk {
  std::string id;         // four characters
  std::string_view data;  // of its BeamFile's bytes, without padding
};

struct BeamFunction {
  Atom name;
  unsigned arity = 0;
  bool operator==(const BeamFunction&) const = default;
};

struct BeamImport {
  Atom module;
  Atom name;
  unsigned arity = 0;
};

// Cheap to copy: copies share the bytes. All functions throw Error, with the file's name, where the
// chunk that they read is missing or malformed.
class BeamFile {
 public:
  // Reads a file, gzip-compressed or plain, and checks its frame.
  explicit BeamFile(const fs::path& file);
  // The same of bytes; `name` stands for the file in errors.
  BeamFile(std::string name, std::string bytes);

  const std::string& name() const { return name_; }
  const std::vector<BeamChunk>& chunks() const { return chunks_; }
  // nullptr when there is none of that id.
  const BeamChunk* find(std::string_view id) const;

  Atom module() const;
  // Atom 1 is atoms()[0].
  std::vector<Atom> atoms() const;
  std::vector<BeamImport> imports() const;    // in the order of their numbers, from 0
  std::vector<BeamFunction> exports() const;  // with module_info/0 and /1
  Term attributes() const;                    // [{Name, [Value]}] as stored; [] when stripped
  Term compile_info() const;                  // [] when stripped
  // The forms of the abstract code, erl_parse's: a list in the external term format, uncompressed;
  // other bytes may follow it. Empty when there are none (stripped, compiled without debug
  // information, or by a compiler of another language).
  std::string forms() const;
  // The literals that the code refers to by number, from 0, each in the external term format.
  std::vector<std::string> literals() const;

  // The 16 bytes of beam_lib:md5/1.
  std::string md5() const;

  // The file without the chunks that beam_lib:strip/2 drops, uncompressed; `kept` names chunks to
  // keep besides.
  std::string stripped(const std::vector<std::string>& kept) const;
  // The file with those of its chunks alone, in that order, uncompressed.
  std::string of_chunks(const std::vector<std::string_view>& ids) const;

 private:
  friend class BeamReader;
  const BeamChunk& chunk(std::string_view id) const;
  const BeamChunk& atom_chunk() const;
  [[noreturn]] void fail(const std::string& what) const;
  void split();

  std::string name_;
  std::shared_ptr<const std::string> bytes_;
  std::vector<BeamChunk> chunks_;
};

}  // namespace relmk::beam
