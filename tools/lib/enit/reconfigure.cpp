// application_controller:config_change/1 isn't used: it runs callbacks in the application
// controller (where application:set_env exits), takes an undefined function in one for a callback
// that isn't there, and fails for a library application.
#include "enit/reconfigure.h"

#include <fmt/format.h>

#include "enit/kept.h"
#include "enit/node_functions.h"
#include "node/session/standard_session.h"
#include "node/upgrade/program.h"
#include "term/print.h"

namespace relmk::enit {
namespace {

// Variables before it: Sets [{App, [{Key, Value}], [RemovedKey]}], Load [{App, Ebin, [Module]}],
// Start [App], Stop [App], AppliedBefore (what counts as applied to the node), Applied, Keep,
// Timeout (milliseconds), and the functions of node_functions.h.
constexpr const char* kProgram = R"(
Loaded = [App || {App, _, _} <- application:loaded_applications()],
ToLoad = [New || {App, _, _} = New <- Load, not lists:member(App, Loaded)],
WasRunning = [App || {App, _, _} <- application:which_applications(infinity)],
Unload = fun() ->
    [application:stop(App) || App <- lists:reverse(Start), not lists:member(App, WasRunning)],
    [begin application:unload(App), code:del_path(Ebin) end || {App, Ebin, _} <- lists:reverse(ToLoad)]
end,
Begin = fun() ->
    lists:foldl(fun({App, Ebin, Modules}, ok) ->
                       code:add_pathz(Ebin),
                       case application:load(App) of
                           ok -> ok;
                           {error, {already_loaded, _}} -> ok;
                           {error, Reason} -> {failed, App, Text("cannot be loaded: ~0tp", [Reason])}
                       end,
                       _ = code:ensure_modules_loaded(Modules),
                       ok;
                   (_, Failed) -> Failed
                end, ok, ToLoad)
end,
StartAll = fun() ->
    lists:foldl(fun(App, ok) ->
                       case application:start(App, temporary) of
                           ok -> ok;
                           {error, {already_started, _}} -> ok;
                           {error, Reason} -> {failed, App, Text("cannot be started: ~0tp", [Reason])}
                       end;
                   (_, Failed) -> Failed
                end, ok, Start)
end,
HadBefore = [{App, [{Key, application:get_env(App, Key)} ||
                       Key <- [K || {K, _} <- Values] ++ Removed]} || {App, Values, Removed} <- Sets],
PutBack = fun(Told) ->
    [begin
         Set(App, [{Key, Value} || {Key, {ok, Value}} <- Old], [Key || {Key, undefined} <- Old])
     end || {App, Old} <- HadBefore],
    Again = [{App, Call(App, Module, {C, N, R})} ||
        {App, Module, Now, Old} <- Told,
        {C, N, R} <- [Lists(Now, [{Key, Value} || {Key, {ok, Value}} <- Old],
                            [Key || {Key, undefined} <- Old])]],
    Unload(),
    [{App, Why} || {App, {failed, Why}} <- Again]
end,
ChangeAll = fun() ->
    lists:foldl(fun({App, Values, Removed}, {Told, Failed}) when Failed =:= []; Keep ->
        {_, Old} = lists:keyfind(App, 1, HadBefore),
        Module = case lists:member(App, WasRunning) of true -> Callback(App); false -> none end,
        Now = [{Key, {ok, Value}} || {Key, Value} <- Values] ++ [{Key, undefined} || Key <- Removed],
        case Call(App, Module, Lists(Old, Values, Removed)) of
            ok -> {[{App, Module, Now, Old} | Told], Failed};
            none -> {Told, Failed};
            {failed, Why} -> {Told, Failed ++ [{App, Why}]}
        end;
    (_, Result) -> Result
    end, {[], []}, Sets)
end,
Finish = fun(Failed) ->
    MakePermanent(Start),
    [begin application:stop(App), application:unload(App) end || App <- Stop],
    application:set_env(enit, applied, Applied, [{timeout, infinity}]),
    {done, Failed}
end,
IsRegistered = (catch register(enit_changes_node, self())),
IsKnown = application:get_env(enit, applied) =:= {ok, AppliedBefore},
case IsRegistered of
    true when not IsKnown -> {busy, []};
    true ->
        case Begin() of
            ok ->
                [Set(App, Values, Removed) || {App, Values, Removed} <- Sets],
                case StartAll() of
                    ok ->
                        case ChangeAll() of
                            {_, Failed} when Failed =:= []; Keep -> Finish(Failed);
                            {Told, Failed} -> {put_back, Failed, PutBack(Told)}
                        end;
                    {failed, App, Why} -> {put_back, [{App, Why}], PutBack([])}
                end;
            {failed, App, Why} -> {put_back, [{App, Why}], PutBack([])}
        end;
    _ -> {busy, []}
end.
)";

Term atoms(const std::vector<Atom>& names) {
  return Term::list(Terms(names.begin(), names.end()));
}

Term sets_term(const Difference& difference) {
  Terms sets;
  for (const ApplicationDifference& app : difference.applications) {
    Terms values;
    for (const ApplicationDifference::Value& value : app.set)
      values.push_back(Term::tuple({value.key, value.value}));
    sets.push_back(Term::tuple({app.name, Term::list(std::move(values)), atoms(app.removed)}));
  }
  return Term::list(std::move(sets));
}

Term load_term(const std::vector<otp::ApplicationResource>& loaded) {
  Terms all;
  for (const otp::ApplicationResource& app : loaded)
    all.push_back(Term::tuple({app.name, Term::string(app.ebin), atoms(app.modules)}));
  return Term::list(std::move(all));
}

// `APP: WHY; APP: WHY`
std::string failures_text(const Term& failures) {
  std::string text;
  for (const Term& failure : failures.elements()) {
    text +=
        fmt::format("{}{}: {}", text.empty() ? "" : "; ",
                    term::print_atom(failure[0].as_atom(), true), text_of(failure[1]).value_or(""));
  }
  return text;
}

// A copy of ours, where we may make one: who asks need not be who started the node.
void keep_loaded(Difference& difference, const Applied& applied, const Release& release,
                 const Environment& environment) {
  try {
    const State state(release.place, environment);
    if (state.directory() != applied.state) return;
    for (otp::ApplicationResource& app : difference.loaded)
      app = keep(app, state);
  } catch (const Error&) {
  }
}

Applied now_applied(const Applied& before, const Release& release, const Difference& difference) {
  Applied now = before;
  now.version = release.specification.version;
  // What only a restart changes is still to be told next time.
  Terms sections;
  const Term configuration = application_configuration(release.configuration);
  for (const Term& section : configuration.elements()) {
    if (!section[0].is_atom("kernel")) sections.push_back(section);
  }
  Terms kernel;
  const Term wanted = proplist_value(configuration, "kernel").value_or(Term());
  for (const Term& setting : wanted.elements()) {
    if (!needs_restart(setting[0].atom_text())) kernel.push_back(setting);
  }
  const Term had = proplist_value(before.configuration, "kernel").value_or(Term());
  for (const Term& setting : had.elements()) {
    if (needs_restart(setting[0].atom_text())) kernel.push_back(setting);
  }
  if (!kernel.empty()) {
    sections.push_back(Term::tuple({Term::atom("kernel"), Term::list(std::move(kernel))}));
  }
  now.configuration = Term::list(std::move(sections));
  now.named.clear();
  for (const NamedApplications& named : release.named())
    now.named.insert(now.named.end(), named.names.begin(), named.names.end());
  for (const otp::ApplicationResource& app : difference.loaded)
    now.applications.push_back({app.name, app.version, app.directory.string()});
  std::erase_if(now.applications, [&](const Applied::Application& app) {
    return std::find(difference.stopped.begin(), difference.stopped.end(), app.name) !=
           difference.stopped.end();
  });
  return now;
}

std::string restart_text(const Difference& difference) {
  std::string text;
  for (const std::string& what : difference.restart)
    text += fmt::format("reconfigure: needs a restart: {}\n", what);
  return text;
}

void apply(node::Rpc& rpc, const Difference& difference, const Applied& known, const Applied& now,
           const ReconfigureOptions& options) {
  const auto callbacks = static_cast<long>(difference.applications.size()) * 2 + 1;
  const node::Deadline deadline =
      node::Deadline::after(options.timeout * callbacks + options.patience);
  const Term result =
      node::run_program(rpc, node_functions() + kProgram,
                        {{"Sets", sets_term(difference)},
                         {"Load", load_term(difference.loaded)},
                         {"Start", atoms(difference.started)},
                         {"Stop", atoms(difference.stopped)},
                         {"AppliedBefore", applied_term(known)},
                         {"Applied", applied_term(now)},
                         {"Keep", Term::boolean(options.keep)},
                         {"Timeout", Term(static_cast<int64_t>(options.timeout.count()))}},
                        deadline);
  if (result[0].is_atom("busy")) {
    throw Error("reconfigure: the node is being changed by another enit")
        .with_hint("try again later");
  }
  const std::string failures = failures_text(result[1]);
  if (result[0].is_atom("put_back")) {
    const std::string again = failures_text(result[2]);
    throw Error(fmt::format("reconfigure: {}; everything was put back{}", failures,
                            again.empty() ? "" : ", but not all could be told: " + again));
  }
  if (!failures.empty())
    throw Error(fmt::format("reconfigure: {}; what was changed is kept", failures));
}

}  // namespace

std::string reconfigure(const Release& release, const ReconfigureOptions& options,
                        const Environment& environment) {
  Faults faults;
  const otp::ReleaseApplications applications = resolve(
      release, sys::variable(environment, "ERL_LIBS"), otp::find_installation(environment), faults);
  faults.raise();
  node::StandardSession session(release.target(environment), options.patience);
  const Applied applied = ask_applied(session.rpc(), release.node.name.value().text());
  Difference changes = difference(applied, release, applications);
  if (options.dry_run) {
    const std::string text = difference_text(changes);
    return text.empty() ? "reconfigure: config unchanged\n" : text;
  }
  if (changes.is_empty()) {
    return changes.restart.empty() ? "reconfigure: config unchanged\n" : restart_text(changes);
  }
  keep_loaded(changes, applied, release, environment);
  apply(session.rpc(), changes, applied, now_applied(applied, release, changes), options);
  return "reconfigure: config changes applied\n" + restart_text(changes);
}

}  // namespace relmk::enit
