// A Code chunk is 16 bytes of versions and counts after the size of that head, then instructions,
// each an opcode and its operands: tagged numbers as beam_asm:encode/2 writes them, or one of the
// extended kinds (list, floating point register, allocation list, literal, register with a type).
#include "beam/module_code.h"

#include <algorithm>
#include <set>

#include "beam/opcodes.h"
#include "sys/error.h"

namespace relmk::beam {
namespace {

using Kind = CodeOperand::Kind;

class InstructionReader {
 public:
  explicit InstructionReader(std::string_view chunk) : code_(chunk) {
    const size_t head = word();
    if (head > code_.size()) fail();
    at_ += head;
  }

  CodeInstruction next() {
    CodeInstruction instruction;
    instruction.opcode = byte();
    if (instruction.opcode == 0 || instruction.opcode > kOperands.size())
      throw Error("an instruction that is not known: its OTP is newer than this program");
    for (int left = kOperands[instruction.opcode - 1]; left > 0; --left)
      instruction.operands.push_back(operand(0));
    return instruction;
  }

 private:
  struct Tagged {
    int64_t value = 0;
    std::string_view bytes;
  };
  [[noreturn]] static void fail() { throw Error("malformed chunk Code"); }
  unsigned byte() {
    if (at_ >= code_.size()) fail();
    return static_cast<unsigned char>(code_[at_++]);
  }
  size_t word() {
    size_t value = 0;
    for (int i = 0; i < 4; ++i)
      value = value << 8 | byte();
    return value;
  }
  // The rest of a number of which `first` is the first byte.
  Tagged number(unsigned first) {
    if ((first & 0x08) == 0) return {static_cast<int64_t>(first >> 4), {}};
    if ((first & 0x10) == 0) return {static_cast<int64_t>((first & 0xe0) << 3 | byte()), {}};
    size_t size = (first >> 5) + 2;
    if (size == 9) size = static_cast<size_t>(number(byte()).value) + 9;
    if (size > code_.size() - at_) fail();
    const std::string_view bytes = code_.substr(at_, size);
    at_ += size;
    if (size > 8) return {0, bytes};
    uint64_t value = static_cast<signed char>(bytes[0]) < 0 ? ~uint64_t{0} : 0;
    for (const char c : bytes)
      value = value << 8 | static_cast<unsigned char>(c);
    return {static_cast<int64_t>(value), {}};
  }
  int64_t counted() { return number(byte()).value; }
  CodeOperand operand(int depth);
  CodeOperand extended(unsigned first, int depth);

  std::string_view code_;
  size_t at_ = 0;
};

CodeOperand InstructionReader::operand(int depth) {
  constexpr Kind kKinds[] = {Kind::Number, Kind::Integer, Kind::Atom,     Kind::X,
                             Kind::Y,      Kind::Label,   Kind::Character};
  if (depth > 2) fail();
  const unsigned first = byte();
  if ((first & 7) == 7) return extended(first, depth);
  const Tagged tagged = number(first);
  return {kKinds[first & 7], tagged.value, tagged.bytes, {}};
}

CodeOperand InstructionReader::extended(unsigned first, int depth) {
  switch (number(first).value) {
    case 1: {
      CodeOperand list{Kind::List, 0, {}, {}};
      for (int64_t left = counted(); left > 0; --left)
        list.parts.push_back(operand(depth + 1));
      return list;
    }
    case 2:
      return {Kind::Float, counted(), {}, {}};
    case 3: {
      CodeOperand memory{Kind::Memory, 0, {}, {}};
      for (int64_t left = counted() * 2; left > 0; --left)
        memory.parts.push_back({Kind::Number, counted(), {}, {}});
      return memory;
    }
    case 4:
      return {Kind::Literal, counted(), {}, {}};
    case 5: {
      CodeOperand typed = operand(depth + 1);
      counted();
      return typed;
    }
    default:
      fail();
  }
}

bool is_line(unsigned opcode) {
  return opcode == opcode::kLine || opcode == opcode::kExecutableLine ||
         opcode == opcode::kDebugLine;
}

// Which operand is the number of an import; -1: none.
int import_operand(unsigned opcode) {
  switch (opcode) {
    case opcode::kBif0:
      return 0;
    case opcode::kCallExt:
    case opcode::kCallExtLast:
    case opcode::kCallExtOnly:
    case opcode::kBif1:
    case opcode::kBif2:
      return 1;
    case opcode::kGcBif1:
    case opcode::kGcBif2:
    case opcode::kGcBif3:
      return 2;
    default:
      return -1;
  }
}

bool makes_fun(unsigned opcode) {
  return opcode == opcode::kMakeFun2 || opcode == opcode::kMakeFun3;
}

std::string_view chunk_data(const BeamFile& file, std::string_view id) {
  const BeamChunk* chunk = file.find(id);
  return chunk ? chunk->data : std::string_view();
}

std::set<ModuleCode::Key> exported(const BeamFile& file) {
  std::set<ModuleCode::Key> names;
  for (const BeamFunction& function : file.exports())
    names.emplace(function.name.text(), function.arity);
  return names;
}

}  // namespace

void ModuleCode::fail() const {
  throw Error(file_.name(), "malformed chunk Code");
}

ModuleCode::ModuleCode(const BeamFile& beam)
    : file_(beam), atoms_(beam.atoms()), imports_(beam.imports()), literals_(beam.literals()) {
  if (atoms_.empty()) fail();
  read_funs();
  try {
    read_functions();
  } catch (Error& error) {
    throw std::move(error).in_file(file_.name());
  }
}

// FunT: a count, then of each its function, arity, label, number, free variables and a checksum.
void ModuleCode::read_funs() {
  const std::string_view table = chunk_data(file_, "FunT");
  constexpr size_t kEntry = 24;
  const auto word = [&](size_t at) {
    uint32_t value = 0;
    for (size_t i = at; i < at + 4; ++i)
      value = value << 8 | static_cast<unsigned char>(table[i]);
    return value;
  };
  for (size_t at = 4; at + kEntry <= table.size(); at += kEntry) {
    const uint32_t name = word(at);
    if (name == 0 || name > atoms_.size()) fail();
    funs_.push_back({{atoms_[name - 1].text(), word(at + 4)}, word(at + 16)});
  }
}

void ModuleCode::read_functions() {
  const std::string_view chunk = chunk_data(file_, "Code");
  if (chunk.empty()) fail();
  InstructionReader reader(chunk);
  CodeFunction* function = nullptr;
  bool is_entry = false;  // the next label is the function's entry
  for (CodeInstruction i = reader.next(); i.opcode != opcode::kCodeEnd; i = reader.next()) {
    if (is_line(i.opcode)) continue;
    if (i.opcode == opcode::kOnLoad) {
      has_on_load_ = true;
    } else if (i.opcode == opcode::kFuncInfo) {
      // The label before func_info is where a call without a clause ends.
      if (function && !function->instructions.empty() &&
          function->instructions.back().opcode == opcode::kLabel)
        function->instructions.pop_back();
      const Atom name = atom(i.operands[1]);
      const auto arity = static_cast<unsigned>(i.operands[2].value);
      function = &functions_[{name.text(), arity}];
      function->name = name;
      function->arity = arity;
      is_entry = true;
    } else if (is_entry && i.opcode == opcode::kLabel) {
      entries_[i.operands[0].value] = {function->name.text(), function->arity};
      is_entry = false;
    } else if (function) {
      function->instructions.push_back(std::move(i));
    }
  }
}

const CodeFunction* ModuleCode::find(std::string_view name, unsigned arity) const {
  const auto found = functions_.find({std::string(name), arity});
  return found == functions_.end() ? nullptr : &found->second;
}

bool ModuleCode::exports(std::string_view name, unsigned arity) const {
  for (const BeamFunction& function : file_.exports())
    if (function.arity == arity && function.name.text() == name) return true;
  return false;
}

const CodeFunction* ModuleCode::local_callee(const CodeOperand& label) const {
  const auto entry = entries_.find(label.value);
  return label.kind != Kind::Label || entry == entries_.end()
             ? nullptr
             : find(entry->second.first, entry->second.second);
}

FunctionName ModuleCode::imported(const CodeOperand& import) const {
  if (import.value < 0 || static_cast<size_t>(import.value) >= imports_.size()) fail();
  const BeamImport& found = imports_[static_cast<size_t>(import.value)];
  return {found.module, found.name, found.arity};
}

FunctionName ModuleCode::external_callee(const CodeInstruction& instruction) const {
  const int at = import_operand(instruction.opcode);
  if (at < 0) return {Atom(""), Atom(""), 0};
  return imported(instruction.operands[static_cast<size_t>(at)]);
}

const CodeFunction* ModuleCode::fun_body(const CodeOperand& fun) const {
  if (fun.value < 0 || static_cast<size_t>(fun.value) >= funs_.size()) fail();
  const Key& key = funs_[static_cast<size_t>(fun.value)].function;
  return find(key.first, key.second);
}

Atom ModuleCode::atom(const CodeOperand& operand) const {
  if (operand.value <= 0 || static_cast<size_t>(operand.value) > atoms_.size()) fail();
  return atoms_[static_cast<size_t>(operand.value) - 1];
}

const std::string& ModuleCode::literal(const CodeOperand& operand) const {
  if (operand.value < 0 || static_cast<size_t>(operand.value) >= literals_.size()) fail();
  return literals_[static_cast<size_t>(operand.value)];
}

void ModuleCode::append(std::string& out, const CodeOperand& operand, bool is_import, bool is_fun,
                        const std::map<int64_t, size_t>& labels) const {
  const auto sized = [&out](std::string_view text) {
    out += std::to_string(text.size()) + ':';
    out += text;
  };
  out += static_cast<char>('a' + static_cast<int>(operand.kind));
  if (is_import) {
    const FunctionName name = imported(operand);
    sized(name.text());
  } else if (is_fun) {
    if (const CodeFunction* body = fun_body(operand)) sized(body->name.text());
    out += std::to_string(funs_[static_cast<size_t>(operand.value)].free);
  } else if (operand.kind == Kind::Atom && operand.value > 0) {
    sized(atom(operand).text());
  } else if (operand.kind == Kind::Literal) {
    sized(literal(operand));
  } else if (operand.kind == Kind::Label && operand.value > 0) {
    const auto local = labels.find(operand.value);
    const CodeFunction* callee = local_callee(operand);
    if (callee) {
      sized(callee->name.text());
      out += '/' + std::to_string(callee->arity);
    } else {
      // One that is not within the function is where it ends without a clause.
      out += local == labels.end() ? "clause" : std::to_string(local->second);
    }
  } else {
    out += std::to_string(operand.value);
    sized(operand.bytes);
  }
  for (const CodeOperand& part : operand.parts)
    append(out, part, false, false, labels);
  out += ';';
}

std::string ModuleCode::text(const CodeFunction& function) const {
  std::map<int64_t, size_t> labels;  // by number, in the order in which they stand
  for (const CodeInstruction& i : function.instructions)
    if (i.opcode == opcode::kLabel) labels.emplace(i.operands[0].value, labels.size());
  std::string out;
  for (const CodeInstruction& i : function.instructions) {
    out += std::to_string(i.opcode) + ' ';
    const int import = import_operand(i.opcode);
    for (size_t at = 0; at < i.operands.size(); ++at)
      append(out, i.operands[at], static_cast<int>(at) == import, makes_fun(i.opcode) && at == 0,
             labels);
  }
  return out;
}

bool executes_the_same(const ModuleCode& a, const ModuleCode& b) {
  if (a.file().md5() == b.file().md5()) return true;
  if (a.has_on_load() != b.has_on_load() || exported(a.file()) != exported(b.file()) ||
      chunk_data(a.file(), "StrT") != chunk_data(b.file(), "StrT") ||
      a.functions().size() != b.functions().size()) {
    return false;
  }
  return std::all_of(a.functions().begin(), a.functions().end(), [&](const auto& entry) {
    const CodeFunction* other = b.find(entry.first.first, entry.first.second);
    return other && a.text(entry.second) == b.text(*other);
  });
}

}  // namespace relmk::beam
