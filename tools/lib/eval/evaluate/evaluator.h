// Expressions evaluated as erl_eval does it.
#pragma once

#include <ctime>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "eval/evaluate/bindings.h"
#include "eval/evaluate/failure.h"
#include "eval/evaluate/script.h"
#include "eval/evaluate/segments.h"
#include "eval/syntax/syntax.h"

namespace relmk::eval {

// A call of the library that asked or changed what is outside this process, and what it returned.
struct PerformedCall {
  Atom module;
  Atom name;
  Terms arguments;
  Term result;
};
using PerformedCalls = std::vector<PerformedCall>;

using MapEntries = std::vector<Term::MapEntry>;

// In entries that are in the order of their keys: where that of `key` is, or is to be inserted.
MapEntries::iterator place_of(MapEntries& entries, const Term& key);

class Evaluator {
 public:
  explicit Evaluator(const ScriptOptions& options);

  // The value of the last of these; variables that they bind are added to `bindings`. Throws
  // Raised, UnknownToEvaluator or Halted.
  Term evaluate_all(const Expressions& expressions, Bindings& bindings);

  // Calls a fun. Raises badfun or badarity for what cannot be called so.
  Term apply(const Term& fun, Terms arguments);
  // Calls Module:Name(…).
  Term apply(const Term& module, const Term& name, Terms arguments);

  // file:script/2 from within a script: nullopt when it fails.
  std::optional<Term> evaluate_nested(const fs::path& file, Bindings bindings);

  const ScriptOptions& options() const { return options_; }
  // 0 when the options do not say.
  int otp_release() const { return otp_release_; }
  // From code:add_path on, only a VM can tell where modules and applications are.
  void change_code_path() { code_path_is_changed_ = true; }
  bool code_path_is_changed() const { return code_path_is_changed_; }
  // The calls that erl must not make once more when the script is handed to it: those of os, file
  // and filelib, in their order, where one of them has changed anything; else none.
  PerformedCalls performed() const { return has_changed_ ? performed_ : PerformedCalls{}; }
  // The entries of a map that is about to be updated. Throws Error when updates have copied more
  // than the options allow.
  MapEntries copied_entries(const Term& map);
  // What the script prints is kept until it is known that it need not be run once more by erl.
  void print(std::string_view text) { output_ += text; }
  const std::string& output() const { return output_; }

 private:
  enum class Tail { No, Yes };
  struct TailCall {
    Term fun;
    Terms arguments;
  };

  // Throws Error when the script has had its processor time.
  void check_time();
  Term evaluate(const Expression& e, Bindings& scope, Tail tail = Tail::No);
  Term body(const Expressions& all, Bindings& scope, Tail tail);
  Terms parallel(const Expressions& all, size_t from, Bindings& scope);
  Term variable(const Expression& e, const Bindings& scope) const;
  Term cons(const Expression& e, Bindings& scope);
  Term map(const Expression& e, Bindings& scope);
  Term bits(const Expression& e, Bindings& scope);
  Term match_expression(const Expression& e, Bindings& scope);
  Term operation(const Expression& e, Bindings& scope);
  Term short_circuit(const Expression& e, Bindings& scope);
  Term catch_expression(const Expression& e, Bindings& scope);
  Term if_expression(const Expression& e, Bindings& scope, Tail tail);
  Term case_expression(const Expression& e, Bindings& scope, Tail tail);
  Term try_expression(const Expression& e, Bindings& scope);
  Term try_with_handlers(const Expression& e, Bindings& scope);
  Term maybe_expression(const Expression& e, Bindings& scope, Tail tail);
  Term make_fun(const Expression& e, Bindings& scope);
  Term local_fun(const Expression& e) const;

  Term call(const Expression& e, Bindings& scope, Tail tail);
  Term call_remote(const Expression& e, Bindings& scope, Tail tail);
  Term call_local(const Expression& e, Bindings& scope, Tail tail);
  Term call_value(const Term& fun, Terms arguments, Position at, Tail tail);
  Term call_named(Atom module, Atom name, Terms arguments, Position at, Tail tail);
  void note(Atom module, Atom name, Terms arguments, const Term& result);
  Term run_fun(Term fun, Terms arguments);
  const Clause* select(const std::vector<Clause>& clauses, const Terms& values,
                       const Bindings& patterns_see, bool hide, Bindings& scope);
  bool guards_hold(const Clause& clause, const Bindings& scope);
  bool guard_holds(const Expression& test, const Bindings& scope);

  struct Collected;
  Term comprehension(const Expression& e, const Bindings& scope);
  void qualify(const Expression& e, size_t index, const Bindings& scope, Collected& into);
  void generate(const Expression& e, size_t index, const Bindings& scope, Collected& into);
  void generate_bits(const Expression& e, size_t index, const Term& source, const Bindings& scope,
                     Collected& into);
  bool filter_holds(const Expression& filter, Bindings& scope);

  // Patterns: `sizes` are the variables that sizes of segments and keys of maps see.
  bool match(const Expression& pattern, const Term& value, Bindings& bound, Bindings& sizes);
  bool match_cons(const Expression& pattern, const Term& value, Bindings& bound, Bindings& sizes);
  bool match_map(const Expression& pattern, const Term& value, Bindings& bound, Bindings& sizes);
  bool match_bits(const Expression& pattern, const Term& value, Bindings& bound, Bindings& sizes);
  bool match_prefix(const Expression& pattern, const Term& value, Bindings& bound, Bindings& sizes);
  // One segment; nullopt when there is nothing to take for it.
  std::optional<bool> match_segment(const Segment& segment, BitReader& reader, Bindings& bound,
                                    Bindings& sizes);
  SegmentSize segment_size(const Segment& segment, Bindings& scope);

  const ScriptOptions& options_;
  int otp_release_ = 0;
  std::clock_t start_ = std::clock();
  unsigned evaluations_ = 0;
  bool code_path_is_changed_ = false;
  size_t copied_ = 0;  // entries of maps
  std::string output_;
  PerformedCalls performed_;
  bool has_changed_ = false;
  std::optional<TailCall> tail_call_;
};

}  // namespace relmk::eval
