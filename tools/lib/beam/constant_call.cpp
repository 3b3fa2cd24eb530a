#include "beam/constant_call.h"

#include <array>

#include "term/external.h"

namespace relmk::beam {
namespace {

using Kind = CodeOperand::Kind;

constexpr size_t kRegisters = 1024;
constexpr int kMostSteps = 100000;
constexpr int kDeepestCall = 100;

// Registers of one call, and what is told of their values.
class Frame {
 public:
  explicit Frame(const ModuleCode& code) : code_(code), x_(kRegisters), y_(kRegisters) {}

  KnownTerm value(const CodeOperand& operand) const {
    switch (operand.kind) {
      case Kind::X:
      case Kind::Y:
        return slot(operand);
      case Kind::Atom:
        return operand.value == 0 ? Term() : Term(code_.atom(operand));
      case Kind::Integer:
        return operand.bytes.empty() ? KnownTerm(Term(operand.value)) : std::nullopt;
      case Kind::Character:
        return Term(operand.value);
      case Kind::Literal:
        return term::decode_external("\x83" + code_.literal(operand));
      default:
        return std::nullopt;
    }
  }
  void set(const CodeOperand& to, KnownTerm term) {
    if (to.kind != Kind::X && to.kind != Kind::Y) return;
    const auto at = static_cast<size_t>(to.value);
    if (at < kRegisters) (to.kind == Kind::X ? x_ : y_)[at] = std::move(term);
  }
  KnownTerm x(size_t number) const { return number < kRegisters ? x_[number] : std::nullopt; }
  void set_x(size_t number, KnownTerm term) {
    if (number < kRegisters) x_[number] = std::move(term);
  }
  void forget_x() { x_.assign(kRegisters, std::nullopt); }
  void forget() {
    forget_x();
    y_.assign(kRegisters, std::nullopt);
  }
  void trim(size_t count) {
    if (count >= kRegisters) count = kRegisters;
    y_.erase(y_.begin(), y_.begin() + static_cast<ptrdiff_t>(count));
    y_.resize(kRegisters);
  }
  // Carries out an instruction that only moves and builds terms; false: it is another one.
  bool builds(const CodeInstruction& i);

 private:
  KnownTerm slot(const CodeOperand& operand) const {
    const auto at = static_cast<size_t>(operand.value);
    return at < kRegisters ? (operand.kind == Kind::X ? x_ : y_)[at] : std::nullopt;
  }
  std::optional<Terms> values(const std::vector<CodeOperand>& operands) const {
    Terms terms;
    for (const CodeOperand& operand : operands) {
      KnownTerm term = value(operand);
      if (!term) return std::nullopt;
      terms.push_back(std::move(*term));
    }
    return terms;
  }
  KnownTerm list(const CodeOperand& head, const CodeOperand& tail) const {
    const KnownTerm first = value(head), rest = value(tail);
    if (!first || !rest) return std::nullopt;
    return Term::improper_list({*first}, *rest);
  }
  KnownTerm map(const CodeInstruction& i) const {
    const KnownTerm source = value(i.operands[1]);
    const std::optional<Terms> pairs = values(i.operands[4].parts);
    if (!source || !source->is_map() || !pairs) return std::nullopt;
    std::vector<Term::MapEntry> entries = source->entries();
    for (size_t at = 0; at + 1 < pairs->size(); at += 2)
      entries.emplace_back((*pairs)[at], (*pairs)[at + 1]);
    return Term::map(std::move(entries));
  }

  const ModuleCode& code_;
  std::vector<KnownTerm> x_;
  std::vector<KnownTerm> y_;
};

bool Frame::builds(const CodeInstruction& i) {
  const std::vector<CodeOperand>& o = i.operands;
  switch (i.opcode) {
    case opcode::kAllocate:
    case opcode::kAllocateHeap:
    case opcode::kTestHeap:
    case opcode::kDeallocate:
    case opcode::kInitYregs:
    case opcode::kLabel:
      return true;
    case opcode::kTrim:
      trim(static_cast<size_t>(o[0].value));
      return true;
    case opcode::kMove:
      set(o[1], value(o[0]));
      return true;
    case opcode::kSwap: {
      const KnownTerm first = value(o[0]);
      set(o[0], value(o[1]));
      set(o[1], first);
      return true;
    }
    case opcode::kPutList:
      set(o[2], list(o[0], o[1]));
      return true;
    case opcode::kPutTuple2: {
      std::optional<Terms> elements = values(o[1].parts);
      set(o[0], elements ? KnownTerm(Term::tuple(std::move(*elements))) : std::nullopt);
      return true;
    }
    case opcode::kPutMapAssoc:
      set(o[2], map(i));
      return true;
    default:
      return false;
  }
}

class Evaluation {
 public:
  explicit Evaluation(const ModuleCode& code) : code_(code) {}

  KnownTerm call(const CodeFunction& function, const std::vector<KnownTerm>& arguments, int depth) {
    if (depth > kDeepestCall) return std::nullopt;
    Frame frame(code_);
    for (size_t n = 0; n < arguments.size(); ++n)
      frame.set_x(n, arguments[n]);
    for (const CodeInstruction& i : function.instructions) {
      if (--steps_ < 0) return std::nullopt;
      if (frame.builds(i)) continue;
      switch (i.opcode) {
        case opcode::kReturn:
          return frame.x(0);
        case opcode::kIsNil: {
          const KnownTerm tested = frame.value(i.operands[1]);
          if (!tested || !tested->is_nil()) return std::nullopt;
          break;
        }
        case opcode::kCallOnly:
        case opcode::kCallLast:
          return local_call(frame, i, depth);
        case opcode::kCall: {
          const KnownTerm result = local_call(frame, i, depth);
          if (!result) return std::nullopt;
          frame.forget_x();
          frame.set_x(0, result);
          break;
        }
        default:
          return std::nullopt;
      }
    }
    return std::nullopt;
  }

 private:
  KnownTerm local_call(const Frame& frame, const CodeInstruction& i, int depth) {
    const CodeFunction* callee = code_.local_callee(i.operands[1]);
    if (!callee) return std::nullopt;
    std::vector<KnownTerm> arguments;
    for (unsigned n = 0; n < callee->arity; ++n)
      arguments.push_back(frame.x(n));
    return call(*callee, arguments, depth + 1);
  }

  const ModuleCode& code_;
  int steps_ = kMostSteps;
};

}  // namespace

KnownTerm constant_result(const ModuleCode& code, std::string_view name,
                          const std::vector<KnownTerm>& arguments) {
  const CodeFunction* function = code.find(name, static_cast<unsigned>(arguments.size()));
  return function ? Evaluation(code).call(*function, arguments, 0) : std::nullopt;
}

std::vector<std::vector<KnownTerm>> arguments_of_calls(const ModuleCode& code,
                                                       std::string_view module,
                                                       std::string_view name, unsigned arity) {
  std::vector<std::vector<KnownTerm>> calls;
  for (const auto& [key, function] : code.functions()) {
    Frame frame(code);
    for (const CodeInstruction& i : function.instructions) {
      // Where control may come from elsewhere, nothing is known.
      if (i.opcode == opcode::kLabel) frame.forget();
      if (frame.builds(i)) continue;
      const FunctionName callee = code.external_callee(i);
      if (callee.module.text() == module && callee.name.text() == name && callee.arity == arity) {
        std::vector<KnownTerm>& arguments = calls.emplace_back();
        for (unsigned n = 0; n < arity; ++n)
          arguments.push_back(frame.x(n));
      }
      if (i.opcode == opcode::kCall || i.opcode == opcode::kCallExt)
        frame.forget_x();
      else if (!callee.name.text().empty())
        frame.forget();  // a BIF sets a register: which one does not matter here
    }
  }
  return calls;
}

}  // namespace relmk::beam
