// The frame is an IFF form: `FOR1` SIZE `BEAM`, then chunks of ID SIZE DATA, each filled up to a
// multiple of four bytes (ERTS's beam_file.c and stdlib's beam_lib.erl read it).
#include "beam/beam_file.h"

#include <md5.h>

#include <algorithm>

#include "sys/error.h"
#include "sys/gzip.h"
#include "term/external.h"
#include "term/external_view.h"

namespace relmk::beam {

namespace {

// beam_lib's md5_chunks(), in the order of hashing; those of the second half of strip's.
constexpr std::string_view kCodeChunks[] = {"Atom", "AtU8", "Code", "StrT", "ImpT",
                                            "ExpT", "FunT", "LitT", "Meta"};
constexpr std::string_view kMandatoryChunks[] = {"Code", "ExpT", "ImpT", "StrT"};

void append_number(std::string& out, size_t value) {
  for (int shift = 24; shift >= 0; shift -= 8)
    out += static_cast<char>(value >> shift);
}

}  // namespace

// Numbers and bytes, taken off the front of a chunk.
class BeamReader {
 public:
  BeamReader(const BeamFile& file, const BeamChunk& chunk)
      : file_(file), id_(chunk.id), left_(chunk.data) {}

  bool at_end() const { return left_.empty(); }
  std::string_view take(size_t size) {
    if (size > left_.size()) fail();
    const std::string_view taken = left_.substr(0, size);
    left_.remove_prefix(size);
    return taken;
  }
  uint32_t byte() { return static_cast<unsigned char>(take(1)[0]); }
  uint32_t number() {
    uint32_t value = 0;
    for (const char c : take(4))
      value = value << 8 | static_cast<unsigned char>(c);
    return value;
  }
  std::string_view rest() { return take(left_.size()); }
  // An atom by its number in a table of which 1 is the first.
  Atom atom(const std::vector<Atom>& atoms) {
    const uint32_t number_of_atom = number();
    if (number_of_atom == 0 || number_of_atom > atoms.size()) fail();
    return atoms[number_of_atom - 1];
  }
  [[noreturn]] void fail() const { file_.fail("malformed chunk " + id_); }

 private:
  const BeamFile& file_;
  std::string id_;
  std::string_view left_;
};

// Chunks of it are taken apart in memory, some more than once.
constexpr size_t kLargestBeam = size_t{128} << 20;

BeamFile::BeamFile(const fs::path& file) : BeamFile(file.string(), sys::read_file(file)) {}

BeamFile::BeamFile(std::string name, std::string bytes) : name_(std::move(name)) {
  try {
    if (sys::is_gzip(bytes)) bytes = sys::gunzip(bytes, kLargestBeam);
  } catch (Error& error) {
    throw std::move(error).in_file(name_);
  }
  if (bytes.size() > kLargestBeam)
    fail("a BEAM file of more than " + std::to_string(kLargestBeam >> 20) + " MiB");
  bytes_ = std::make_shared<const std::string>(std::move(bytes));
  split();
}

void BeamFile::fail(const std::string& what) const {
  throw Error(name_, what);
}

void BeamFile::split() {
  constexpr size_t kFrame = 12;
  constexpr size_t kHead = 8;
  const std::string_view bytes = *bytes_;
  if (bytes.size() < kFrame || bytes.substr(0, 4) != "FOR1" || bytes.substr(8, 4) != "BEAM")
    fail("not a BEAM file");
  for (size_t at = kFrame; at < bytes.size();) {
    if (bytes.size() - at < kHead) fail("not a BEAM file: it ends within a chunk");
    size_t size = 0;
    for (const char c : bytes.substr(at + 4, 4))
      size = size << 8 | static_cast<unsigned char>(c);
    const std::string_view id = bytes.substr(at, 4);
    at += kHead;
    if (size > bytes.size() - at) fail("not a BEAM file: it ends within a chunk");
    chunks_.push_back({std::string(id), bytes.substr(at, size)});
    at += std::min((size + 3) / 4 * 4, bytes.size() - at);
  }
}

const BeamChunk* BeamFile::find(std::string_view id) const {
  const auto at = std::find_if(chunks_.begin(), chunks_.end(),
                               [&](const BeamChunk& chunk) { return chunk.id == id; });
  return at == chunks_.end() ? nullptr : &*at;
}

const BeamChunk& BeamFile::chunk(std::string_view id) const {
  const BeamChunk* const found = find(id);
  if (found == nullptr) fail("no chunk " + std::string(id));
  return *found;
}

const BeamChunk& BeamFile::atom_chunk() const {
  const BeamChunk* const utf8_atoms = find("AtU8");
  return utf8_atoms != nullptr ? *utf8_atoms : chunk("Atom");
}

Atom BeamFile::module() const {
  const std::vector<Atom> all = atoms();
  if (all.empty()) fail("malformed chunk of atoms");
  return all[0];
}

// A negative count says that lengths are tagged numbers, so that an atom may be longer than 255
// bytes (OTP 28): LLLL0000, or LLL01000 LLLLLLLL.
std::vector<Atom> BeamFile::atoms() const {
  const BeamChunk& chunk = atom_chunk();
  const bool is_utf8 = chunk.id == "AtU8";
  BeamReader reader(*this, chunk);
  const auto count = static_cast<int32_t>(reader.number());
  std::vector<Atom> atoms;
  while (!reader.at_end()) {
    uint32_t length = reader.byte();
    if (count < 0) {
      if ((length & 7) != 0) reader.fail();
      length = (length & 8) != 0 ? (length & 0xe0) << 3 | reader.byte() : length >> 4;
    }
    const std::string_view text = reader.take(length);
    std::string latin1;
    for (const char c : is_utf8 ? std::string_view() : text)
      sys::append_utf8(latin1, static_cast<unsigned char>(c));
    atoms.emplace_back(is_utf8 ? text : latin1);
  }
  return atoms;
}

std::vector<BeamImport> BeamFile::imports() const {
  const std::vector<Atom> all = atoms();
  BeamReader reader(*this, chunk("ImpT"));
  reader.number();
  std::vector<BeamImport> imports;
  while (!reader.at_end()) {
    const Atom module = reader.atom(all);
    const Atom name = reader.atom(all);
    imports.push_back({module, name, reader.number()});
  }
  return imports;
}

std::vector<BeamFunction> BeamFile::exports() const {
  const std::vector<Atom> all = atoms();
  BeamReader reader(*this, chunk("ExpT"));
  reader.number();
  std::vector<BeamFunction> exports;
  while (!reader.at_end()) {
    const Atom name = reader.atom(all);
    exports.push_back({name, reader.number()});
    reader.number();  // its label
  }
  return exports;
}

Term BeamFile::attributes() const {
  const BeamChunk* const found = find("Attr");
  return found == nullptr ? Term() : term::decode_external(found->data);
}

Term BeamFile::compile_info() const {
  const BeamChunk* const found = find("CInf");
  return found == nullptr ? Term() : term::decode_external(found->data);
}

// {debug_info_v1, erl_abstract_code, {Forms, Options}} from OTP 20 on, {raw_abstract_v1, Forms} in
// `Abst` before. Encrypted ones begin with a zero byte.
std::string BeamFile::forms() const {
  const auto forms_in = [](const BeamChunk* chunk, bool is_wrapped) -> std::string {
    if (chunk == nullptr || chunk->data.empty() || chunk->data[0] == 0) return {};
    std::string bytes = term::inflated_external(chunk->data);
    term::ExternalView term(bytes);
    if (is_wrapped) {
      if (!term.is_tagged("debug_info_v1", 3)) return {};
      if (!term.element(1).is_atom("erl_abstract_code")) return {};
      term = term.element(2);
      if (!term.is_tuple(2)) return {};
      term = term.element(0);
    } else {
      if (!term.is_tagged("raw_abstract_v1", 2)) return {};
      term = term.element(1);
    }
    if (!term.is_list()) return {};
    bytes.erase(0, bytes.size() - term.rest().size());
    return bytes;
  };
  std::string forms = forms_in(find("Dbgi"), true);
  return forms.empty() ? forms_in(find("Abst"), false) : forms;
}

// COUNT, then SIZE TERM of each; all of it compressed (zlib) after its size, but from OTP 28 on as
// it is after a size of 0.
std::vector<std::string> BeamFile::literals() const {
  const BeamChunk* const found = find("LitT");
  if (found == nullptr) return {};
  BeamReader packed(*this, *found);
  const uint32_t size = packed.number();
  std::string_view table = packed.rest();
  std::string inflated;
  if (size > 0) {
    inflated = sys::zlib_inflate(table, size);
    if (inflated.empty()) packed.fail();
    table = inflated;
  }
  BeamReader reader(*this, {found->id, table});
  reader.number();
  std::vector<std::string> literals;
  while (!reader.at_end()) {
    const uint32_t length = reader.number();
    literals.push_back(term::inflated_external(reader.take(length)));
  }
  return literals;
}

// Of `FunT` the last word of each entry counts as 0: it is a checksum that older compilers did not
// write (beam_lib's filter_funtab).
std::string BeamFile::md5() const {
  MD5_CTX context;
  MD5Init(&context);
  for (const std::string_view id : kMandatoryChunks)
    chunk(id);
  for (const std::string_view id : kCodeChunks) {
    const BeamChunk* const found = find(id);
    if (found == nullptr) continue;
    std::string data(found->data);
    if (id == "FunT") {
      constexpr size_t kEntry = 24;
      for (size_t end = 4 + kEntry; end <= data.size(); end += kEntry)
        data.replace(end - 4, 4, 4, '\0');
    }
    MD5Update(&context, reinterpret_cast<const uint8_t*>(data.data()), data.size());
  }
  std::string digest(MD5_DIGEST_LENGTH, '\0');
  MD5Final(reinterpret_cast<uint8_t*>(digest.data()), &context);
  return digest;
}

// The order is that in which beam_lib asks for the chunks, not that of the file.
std::string BeamFile::stripped(const std::vector<std::string>& kept) const {
  for (const std::string_view id : kMandatoryChunks)
    chunk(id);
  std::vector<std::string_view> wanted(kept.begin(), kept.end());
  wanted.insert(wanted.end(), {"Line", "Type"});
  wanted.insert(wanted.end(), std::begin(kCodeChunks), std::end(kCodeChunks));
  return of_chunks(wanted);
}

std::string BeamFile::of_chunks(const std::vector<std::string_view>& ids) const {
  std::string body = "BEAM";
  for (const std::string_view id : ids) {
    const BeamChunk* const found = find(id);
    if (found == nullptr) continue;
    body += found->id;
    append_number(body, found->data.size());
    body += found->data;
    body.append((4 - found->data.size() % 4) % 4, '\0');
  }
  std::string out = "FOR1";
  append_number(out, body.size());
  return out + body;
}

}  // namespace relmk::beam
