#include "eval/script.h"

#include "eval/handover.h"

namespace relmk {

Term evaluate_script(const fs::path& file, const ScriptBindings& bindings,
                     const ScriptOptions& options) {
  return hand_over_to_erl(file, bindings, options);
}

}  // namespace relmk
