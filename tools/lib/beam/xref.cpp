#include "beam/xref.h"

#include <algorithm>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

#include "sys/error.h"
#include "sys/workers.h"

namespace relmk {

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

void list_modules(const fs::path& directory, Modules& modules) {
  std::error_code error;
  for (fs::directory_iterator at(directory, error); !error && at != fs::directory_iterator();
       at.increment(error)) {
    if (at->path().extension() == ".beam")
      modules.emplace(at->path().stem(), Module{at->path(), {}});
  }
  if (error) throw system_error(directory.string(), "cannot list", error.value());
}

// Functions of the VM that erlang.beam does not export: is_builtin/3 knows them.
bool is_operator(const FunctionName& function) {
  const std::string& name = function.name.text();
  const bool is_word = !name.empty() && ((name[0] >= 'a' && name[0] <= 'z') || name[0] == '_');
  return function.module.text() == "erlang" && !is_word;
}

}  // namespace

std::vector<Call> undefined_calls(const XrefScope& scope) {
  std::vector<std::vector<Call>> calls_of(scope.callers.size());
  std::vector<Module> callers(scope.callers.size());
  std::vector<std::string> names(scope.callers.size());
  for_each_parallel(scope.callers.size(), [&](size_t i) {
    const BeamFile beam(scope.callers[i]);
    calls_of[i] = external_calls(beam);
    callers[i] = {scope.callers[i], beam.exports()};
    names[i] = beam.module().text();
  });

  Modules modules;
  for (size_t i = 0; i < callers.size(); ++i)
    modules.emplace(names[i], std::move(callers[i]));
  for (const fs::path& directory : scope.directories)
    list_modules(directory, modules);

  // Only what is called is read.
  std::unordered_set<std::string> wanted;
  std::vector<Module*> called;
  for (const std::vector<Call>& calls : calls_of) {
    for (const Call& call : calls) {
      if (!wanted.insert(call.callee.module.text()).second) continue;
      const auto at = modules.find(call.callee.module.text());
      if (at != modules.end() && at->second.exports.empty()) called.push_back(&at->second);
    }
  }
  for_each_parallel(called.size(),
                    [&](size_t i) { called[i]->exports = BeamFile(called[i]->file).exports(); });

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
  std::vector<Call> undefined;
  for (std::vector<Call>& calls : calls_of)
    std::copy_if(calls.begin(), calls.end(), std::back_inserter(undefined),
                 [&](const Call& call) { return !exists(call.callee); });
  std::sort(undefined.begin(), undefined.end(), [](const Call& a, const Call& b) {
    if (!(a.caller == b.caller)) return is_before(a.caller, b.caller);
    return is_before(a.callee, b.callee);
  });
  undefined.erase(std::unique(undefined.begin(), undefined.end()), undefined.end());
  return undefined;
}

}  // namespace relmk
