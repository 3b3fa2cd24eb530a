#include "beam/xref.h"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

#include "sys/error.h"
#include "sys/workers.h"

namespace relmk::beam {

namespace {

struct Module {
  fs::path file;
  std::vector<BeamFunction> exports;
};

using Modules = std::unordered_map<std::string, Module>;

bool is_before(const FunctionName& a, const FunctionName& b) {
  return std::tie(a.module.text(), a.name.text(), a.arity) <
         std::tie(b.module.text(), b.name.text(), b.arity);
}

bool is_before(const Call& a, const Call& b) {
  if (!(a.caller == b.caller)) return is_before(a.caller, b.caller);
  return is_before(a.callee, b.callee);
}

void list_modules(const fs::path& directory, Modules& modules) {
  std::error_code error;
  for (fs::directory_iterator at(directory, error); !error && at != fs::directory_iterator();
       at.increment(error)) {
    if (at->path().extension() == ".beam")
      modules.emplace(at->path().stem(), Module{at->path(), {}});
  }
  if (error) throw sys::system_error(directory.string(), "cannot list", error.value());
}

// Functions of the VM that erlang.beam does not export: is_builtin/3 knows them.
bool is_operator(const FunctionName& function) {
  const std::string& name = function.name.text();
  const bool is_word = !name.empty() && ((name[0] >= 'a' && name[0] <= 'z') || name[0] == '_');
  return function.module.text() == "erlang" && !is_word;
}

// A caller's module, and what it calls.
template <class Called>
struct Caller {
  Module module;
  std::string name;
  std::vector<Called> calls;
};

template <class Called, class Reader>
std::vector<Caller<Called>> read_callers(const XrefScope& scope, const Reader& calls_of) {
  std::vector<Caller<Called>> callers(scope.callers.size());
  sys::for_each_parallel(callers.size(), [&](size_t i) {
    const BeamFile beam(scope.callers[i]);
    callers[i] = {{scope.callers[i], beam.exports()}, beam.module().text(), calls_of(beam)};
  });
  return callers;
}

const FunctionName& function_of(const Call& call) {
  return call.callee;
}

const FunctionName& function_of(const FunctionName& function) {
  return function;
}

// What of all that is called does not exist. Of the directories only modules that are called are
// read.
template <class Called>
std::vector<Called> undefined(const XrefScope& scope, std::vector<Caller<Called>> callers) {
  Modules modules;
  for (Caller<Called>& caller : callers)
    modules.emplace(caller.name, std::move(caller.module));
  for (const fs::path& directory : scope.directories)
    list_modules(directory, modules);

  std::unordered_set<std::string> names;
  std::vector<Module*> called;
  for (const Caller<Called>& caller : callers) {
    for (const Called& call : caller.calls) {
      const std::string& name = function_of(call).module.text();
      if (!names.insert(name).second) continue;
      const auto at = modules.find(name);
      if (at != modules.end() && at->second.exports.empty()) called.push_back(&at->second);
    }
  }
  sys::for_each_parallel(
      called.size(), [&](size_t i) { called[i]->exports = BeamFile(called[i]->file).exports(); });

  const auto exists = [&](const FunctionName& function) {
    const auto at = modules.find(function.module.text());
    if (at == modules.end())
      return std::find(scope.preloaded.begin(), scope.preloaded.end(), function.module) !=
             scope.preloaded.end();
    const std::vector<BeamFunction>& exports = at->second.exports;
    return is_operator(function) ||
           std::find(exports.begin(), exports.end(), BeamFunction{function.name, function.arity}) !=
               exports.end();
  };
  std::vector<Called> result;
  for (const Caller<Called>& caller : callers)
    std::copy_if(caller.calls.begin(), caller.calls.end(), std::back_inserter(result),
                 [&](const Called& call) { return !exists(function_of(call)); });
  std::sort(result.begin(), result.end(),
            [](const Called& a, const Called& b) { return is_before(a, b); });
  result.erase(std::unique(result.begin(), result.end()), result.end());
  return result;
}

std::vector<FunctionName> imported_functions(const BeamFile& beam) {
  std::vector<FunctionName> functions;
  for (const BeamImport& import : beam.imports())
    functions.push_back({import.module, import.name, import.arity});
  return functions;
}

}  // namespace

std::vector<Call> undefined_calls(const XrefScope& scope) {
  return undefined(scope, read_callers<Call>(scope, external_calls));
}

std::vector<FunctionName> undefined_functions(const XrefScope& scope) {
  return undefined(scope, read_callers<FunctionName>(scope, imported_functions));
}

}  // namespace relmk::beam
