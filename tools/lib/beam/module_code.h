// The functions of a compiled module as the VM's loader sees them: instructions with what they
// refer to (atoms, literals, imported functions) in place of its number, and without line numbers.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "beam/beam_file.h"
#include "beam/calls.h"
#include "term/term.h"

namespace relmk::beam {

struct CodeOperand {
  // The kinds of beam_asm:encode/2. Of a register with a type only the register is kept: the type
  // says nothing that the code does not.
  enum class Kind {
    Number,     // value
    Integer,    // value, or the bytes of a larger one
    Atom,       // its number, 0 stands for []
    X,          // register
    Y,          // place on the stack
    Label,      // 0: none
    Character,  // value
    List,       // parts
    Float,      // register
    Memory,     // words to allocate
    Literal,    // its number
  };
  Kind kind = Kind::Number;
  int64_t value = 0;
  std::string_view bytes;  // of an Integer of more than 8 bytes
  std::vector<CodeOperand> parts;
};

struct CodeInstruction {
  unsigned opcode = 0;
  std::vector<CodeOperand> operands;
};

// The instructions that our callers look at.
namespace opcode {
inline constexpr unsigned kLabel = 1, kFuncInfo = 2, kCodeEnd = 3, kCall = 4, kCallLast = 5,
                          kCallOnly = 6, kCallExt = 7, kCallExtLast = 8, kBif0 = 9, kBif1 = 10,
                          kBif2 = 11, kAllocate = 12, kAllocateHeap = 13, kTestHeap = 16,
                          kDeallocate = 18, kReturn = 19, kSend = 20, kIsNil = 52, kMove = 64,
                          kGetList = 65, kGetTupleElement = 66, kPutList = 69, kCallExtOnly = 78,
                          kMakeFun2 = 103, kGcBif1 = 124, kGcBif2 = 125, kTrim = 136, kOnLoad = 149,
                          kGcBif3 = 152, kLine = 153, kPutMapAssoc = 154, kPutMapExact = 155,
                          kGetHd = 162, kGetTl = 163, kPutTuple2 = 164, kSwap = 169,
                          kMakeFun3 = 171, kInitYregs = 172, kUpdateRecord = 181,
                          kExecutableLine = 183, kDebugLine = 184;
}  // namespace opcode

struct CodeFunction {
  Atom name{""};
  unsigned arity = 0;
  std::vector<CodeInstruction> instructions;  // after its entry label
};

// All functions throw Error, with the file's name, where the file is malformed.
class ModuleCode {
 public:
  using Key = std::pair<std::string, unsigned>;  // name and arity

  explicit ModuleCode(const BeamFile& beam);

  const BeamFile& file() const { return file_; }
  Atom module() const { return atoms_.front(); }
  const std::map<Key, CodeFunction>& functions() const { return functions_; }
  const CodeFunction* find(std::string_view name, unsigned arity) const;
  bool exports(std::string_view name, unsigned arity) const;
  // Whether it has a function that is run when it is loaded.
  bool has_on_load() const { return has_on_load_; }

  // The function that an operand leads to: by the label of a call, by the number of an import of an
  // external one, by the number of a fun. nullptr, or an empty name, where it leads to none.
  const CodeFunction* local_callee(const CodeOperand& label) const;
  FunctionName imported(const CodeOperand& import) const;
  // The imported function that an instruction calls, BIFs in guards too; an empty name for others.
  FunctionName external_callee(const CodeInstruction& instruction) const;
  const CodeFunction* fun_body(const CodeOperand& fun) const;

  Atom atom(const CodeOperand& operand) const;
  // In the external term format.
  const std::string& literal(const CodeOperand& operand) const;

  // What a function executes, as a text: two functions that have the same do the same, wherever
  // their modules keep atoms, literals and labels.
  std::string text(const CodeFunction& function) const;

 private:
  struct Fun {
    Key function;
    uint32_t free = 0;
  };
  void read_functions();
  void read_funs();
  void append(std::string& out, const CodeOperand& operand, bool is_import, bool is_fun,
              const std::map<int64_t, size_t>& labels) const;
  [[noreturn]] void fail() const;

  BeamFile file_;
  std::vector<Atom> atoms_;
  std::vector<BeamImport> imports_;
  std::vector<std::string> literals_;
  std::vector<Fun> funs_;
  std::map<Key, CodeFunction> functions_;
  std::map<int64_t, Key> entries_;  // by label
  bool has_on_load_ = false;
};

// Whether two versions of a module do the same: equal functions and exports. Line numbers, debug
// information, documentation, attributes and compile options do not count.
bool executes_the_same(const ModuleCode& a, const ModuleCode& b);

}  // namespace relmk::beam
