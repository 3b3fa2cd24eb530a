// Calls in the instructions of a Code chunk: 16 bytes of versions and counts after the size of that
// head, then instructions, each an opcode and as many operands as the opcode has (genop.tab of
// OTP's compiler; numbers and arities are never changed, only added to). An operand is a tagged
// number as beam_asm:encode/2 writes it, or one of the extended kinds: list, floating point
// register, allocation list, literal, register with a type.
#include <cstdint>

#include "beam/calls.h"
#include "beam/opcodes.h"
#include "sys/error.h"
#include "term/external_view.h"

namespace relmk::beam {

namespace {

constexpr unsigned kFuncInfo = 2;
constexpr unsigned kCallExt = 7;
constexpr unsigned kCallExtLast = 8;
constexpr unsigned kCallExtOnly = 78;

struct Operand {
  enum class Kind { Number, Literal, Other };
  Kind kind = Kind::Other;
  uint64_t value = 0;  // of a Number (whatever its tag) or the index of a Literal
};

// The name in a compiler's `-NAME/ARITY-fun-0-`, which is a part of NAME/ARITY; else the same.
std::pair<Atom, unsigned> enclosing_function(Atom name, unsigned arity) {
  const std::string& text = name.text();
  if (text.size() < 4 || text[0] != '-') return {name, arity};
  for (size_t slash = text.find('/'); slash != text.npos; slash = text.find('/', slash + 1)) {
    size_t end = slash + 1;
    unsigned found = 0;
    for (; end < text.size() && text[end] >= '0' && text[end] <= '9' && end - slash < 4; ++end)
      found = found * 10 + static_cast<unsigned>(text[end] - '0');
    if (end > slash + 1 && end < text.size() && text[end] == '-')
      return {Atom(std::string_view(text).substr(1, slash - 1)), found};
  }
  return {name, arity};
}

class CodeReader {
 public:
  explicit CodeReader(const BeamFile& beam);
  std::vector<Call> calls();

 private:
  // `depth` counts the lists and registers with types that it stands in.
  Operand operand(int depth = 0);
  // The rest of a tagged number of which `first` is the first byte.
  uint64_t number(unsigned first);
  uint64_t counted() { return number(byte()); }
  unsigned byte() {
    if (at_ >= code_.size()) fail();
    return static_cast<unsigned char>(code_[at_++]);
  }
  void instruction(unsigned opcode, const std::vector<Operand>& operands);
  void literal(uint64_t index);
  [[noreturn]] static void fail() { throw Error("malformed chunk Code"); }

  std::vector<Atom> atoms_;
  std::vector<BeamImport> imports_;
  std::vector<std::string> literals_;
  std::string_view code_;
  size_t at_ = 0;
  FunctionName caller_;
  std::vector<Call> calls_;
};

CodeReader::CodeReader(const BeamFile& beam)
    : atoms_(beam.atoms()),
      imports_(beam.imports()),
      literals_(beam.literals()),
      caller_{beam.module(), beam.module(), 0} {
  const BeamChunk* const chunk = beam.find("Code");
  if (chunk == nullptr) fail();
  code_ = chunk->data;
  uint64_t head = 0;
  for (int i = 0; i < 4; ++i)
    head = head << 8 | byte();
  if (head > code_.size()) fail();
  at_ += head;
}

std::vector<Call> CodeReader::calls() {
  constexpr unsigned kCodeEnd = 3;
  std::vector<Operand> operands;
  for (unsigned opcode = byte(); opcode != kCodeEnd; opcode = byte()) {
    if (opcode == 0 || opcode > kOperands.size())
      throw Error("an instruction that is not known: its OTP is newer than this program");
    operands.clear();
    for (int left = kOperands[opcode - 1]; left > 0; --left)
      operands.push_back(operand());
    instruction(opcode, operands);
  }
  return std::move(calls_);
}

uint64_t CodeReader::number(unsigned first) {
  if ((first & 0x08) == 0) return first >> 4;
  if ((first & 0x10) == 0) return (first & 0xe0) << 3 | byte();
  uint64_t size = (first >> 5) + 2;
  if (size == 9) size = counted() + 9;
  uint64_t value = 0;
  for (; size > 0; --size)
    value = value << 8 | byte();
  return value;
}

Operand CodeReader::operand(int depth) {
  constexpr unsigned kExtended = 7;
  if (depth > 2) fail();
  const unsigned first = byte();
  if ((first & 7) != kExtended) return {Operand::Kind::Number, number(first)};
  switch (number(first)) {
    case 1: {  // list
      const uint64_t size = counted();
      for (uint64_t i = 0; i < size; ++i)
        operand(depth + 1);
      return {};
    }
    case 2:  // floating point register
      counted();
      return {};
    case 3:  // allocation list: pairs of kind and number
      for (uint64_t left = counted() * 2; left > 0; --left)
        counted();
      return {};
    case 4: {
      const uint64_t index = counted();
      literal(index);
      return {Operand::Kind::Literal, index};
    }
    case 5:  // register with a type
      operand(depth + 1);
      counted();
      return {};
    default:
      fail();
  }
}

void CodeReader::literal(uint64_t index) {
  if (index >= literals_.size()) fail();
  term::ExternalView(literals_[index])
      .for_each_external_fun(
          [this](const term::ExternalView& module, const term::ExternalView& name, int64_t arity) {
            calls_.push_back({caller_, {module.atom(), name.atom(), static_cast<unsigned>(arity)}});
          });
}

void CodeReader::instruction(unsigned opcode, const std::vector<Operand>& operands) {
  if (opcode == kFuncInfo) {
    const uint64_t name = operands[1].value;
    if (name == 0 || name > atoms_.size()) fail();
    const auto [function, arity] =
        enclosing_function(atoms_[name - 1], static_cast<unsigned>(operands[2].value));
    caller_ = {caller_.module, function, arity};
  } else if (opcode == kCallExt || opcode == kCallExtLast || opcode == kCallExtOnly) {
    if (operands[1].value >= imports_.size()) fail();
    const BeamImport& import = imports_[operands[1].value];
    calls_.push_back({caller_, {import.module, import.name, import.arity}});
  }
}

}  // namespace

std::vector<Call> code_calls(const BeamFile& beam) {
  return CodeReader(beam).calls();
}

}  // namespace relmk::beam
