// The part of Erlang's standard library that config scripts use, one table for each module.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "eval/evaluate/failure.h"
#include "term/term.h"

namespace relmk::eval {

class Evaluator;

struct LibraryFunction {
  std::string_view name;
  size_t arity;
  Term (*call)(Evaluator& evaluator, const Terms& arguments);
  int since = 0;               // the first OTP release that has it
  bool auto_imported = false;  // may be called without `erlang:`
  bool guard = false;          // may be called in a guard
};

using LibraryTable = std::span<const LibraryFunction>;

LibraryTable application_functions();
LibraryTable binary_functions();
LibraryTable calendar_functions();
LibraryTable code_functions();
LibraryTable erl_eval_functions();
LibraryTable erlang_functions();
LibraryTable file_functions();
LibraryTable filelib_functions();
LibraryTable filename_functions();
LibraryTable init_functions();
LibraryTable io_functions();
LibraryTable io_lib_functions();
LibraryTable lists_functions();
LibraryTable maps_functions();
LibraryTable math_functions();
LibraryTable orddict_functions();
LibraryTable ordsets_functions();
LibraryTable os_functions();
LibraryTable proplists_functions();
LibraryTable re_functions();
LibraryTable rebar_api_functions();
LibraryTable string_functions();
LibraryTable unicode_functions();

bool is_library_module(std::string_view module);

// nullptr for what the library does not have in this release.
const LibraryFunction* find_library_function(std::string_view module, std::string_view name,
                                             size_t arity, int otp_release);

// As `Name(…)` without a module: nullptr unless it is an auto-imported function that we have.
const LibraryFunction* find_auto_imported(std::string_view name, size_t arity, int otp_release);

}  // namespace relmk::eval
