// What the modules of the library share: arguments taken apart, results put together.
//
// An argument that a function is not made for raises what Erlang raises where that is easy to say;
// where it is not, leave_to_vm() makes the script go to `erl`, which answers for certain.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "eval/evaluate/evaluator.h"
#include "eval/library/library.h"

namespace relmk::eval {

[[noreturn]] void leave_to_vm(const std::string& what);
[[noreturn]] void raise_function_clause();

Term ok(Term value);
Term error_tuple(Term reason);
Term error_tuple(std::string_view reason);
// {error, enoent} and the like.
Term posix_error(int number);
// The atom of an errno: enoent, eacces, …
std::string posix_name(int number);

// The elements of a proper list; anything else is left to the VM: what it raises depends on the
// function and on its release.
const Terms& list_elements(const Term& list);
// Leaves it to the VM unless `fun` takes that many arguments.
const Term& fun_of(const Term& fun, size_t arity);
// What a fun answered where true or false is wanted.
bool truth(const Term& answer);
int64_t small_integer(const Term& term);  // else badarg

// The entries of a map in the order in which maps:to_list/1 gives them. Leaves it to the VM where
// only that knows (more than 32 keys; several atoms in OTP 26 and later).
const std::vector<Term::MapEntry>& entries_in_order(const Evaluator& evaluator, const Term& map);

// A list whose characters are those that Erlang gives, but whose nesting may not be: iodata that
// almost always is flattened or written; or the stack of an exception. has_uncertain_shape() finds
// one in a script's result.
Term with_uncertain_shape(Terms elements);
bool has_uncertain_shape(const Term& term);

// Atoms of a list of options: `global` in [global, {return, list}].
bool has_option(const Term& options, std::string_view name);

// A string, as Erlang makes it of the bytes of a file name, an environment variable or the like:
// UTF-8 in a UTF-8 locale, else Latin-1.
Term native_string(std::string_view bytes);
// The bytes for the system of a text from the script.
std::string native_bytes(std::u32string_view text);

// A file name: a string, deep or not, an atom, or a binary (raw bytes); nullopt for what is none
// or holds a zero.
std::optional<std::string> file_name(const Term& term);

}  // namespace relmk::eval
