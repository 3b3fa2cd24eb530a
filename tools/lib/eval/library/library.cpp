#include "eval/library/library.h"

#include <algorithm>
#include <map>

namespace relmk::eval {
namespace {

LibraryTable table_of(std::string_view module) {
  static const std::map<std::string_view, LibraryTable (*)()> modules = {
      {"application", application_functions},
      {"binary", binary_functions},
      {"calendar", calendar_functions},
      {"code", code_functions},
      {"erl_eval", erl_eval_functions},
      {"erlang", erlang_functions},
      {"file", file_functions},
      {"filelib", filelib_functions},
      {"filename", filename_functions},
      {"init", init_functions},
      {"io", io_functions},
      {"io_lib", io_lib_functions},
      {"lists", lists_functions},
      {"maps", maps_functions},
      {"math", math_functions},
      {"orddict", orddict_functions},
      {"ordsets", ordsets_functions},
      {"os", os_functions},
      {"proplists", proplists_functions},
      {"re", re_functions},
      {"rebar_api", rebar_api_functions},
      {"string", string_functions},
      {"unicode", unicode_functions},
  };
  const auto found = modules.find(module);
  return found == modules.end() ? LibraryTable() : found->second();
}

}  // namespace

bool is_library_module(std::string_view module) {
  return !table_of(module).empty();
}

const LibraryFunction* find_library_function(std::string_view module, std::string_view name,
                                             size_t arity, int otp_release) {
  for (const LibraryFunction& function : table_of(module)) {
    if (function.name == name && function.arity == arity && function.since <= otp_release) {
      return &function;
    }
  }
  return nullptr;
}

const LibraryFunction* find_auto_imported(std::string_view name, size_t arity, int otp_release) {
  const LibraryFunction* function = find_library_function("erlang", name, arity, otp_release);
  return function != nullptr && function->auto_imported ? function : nullptr;
}

}  // namespace relmk::eval
