// Erlang funs, as text, that the programs which change a node have in common.
#pragma once

#include <string>

namespace relmk::enit {

// The text of expressions, with a comma at its end, that bind
//   Text(Format, Arguments) -> binary(), of some 2000 characters at most
//   Set(App, [{Key, Value}], [RemovedKey])
//   Callback(App) -> Module of a running application that exports config_change/3, or none
//   Call(App, Module | none, {Changed, New, Removed}) -> ok | none | {failed, binary()}
//   Lists([{Key, {ok, Value} | undefined}], [{Key, Value}], [RemovedKey]) -> {Changed, New,
//   Removed} MakePermanent([App]) -> ok
// Call wants the variable Timeout to be bound: milliseconds.
std::string node_functions();

}  // namespace relmk::enit
