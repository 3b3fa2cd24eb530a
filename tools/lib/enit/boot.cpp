#include "enit/boot.h"

#include <fmt/format.h>

#include <algorithm>

#include "otp/release/start_order.h"
#include "term/print.h"

namespace relmk::enit {
namespace {

bool is_start_of(const Term& instruction, const Atom& name) {
  return instruction.is_tagged("apply", 2) && instruction[1].is_tagged("application", 3) &&
         instruction[1][1].is_atom("start_boot") && instruction[1][2][0] == Term(name);
}

Term apply(const char* module, const char* function, Terms arguments) {
  return Term::tuple({Term::atom("apply"), Term::tuple({Term::atom(module), Term::atom(function),
                                                        Term::list(std::move(arguments))})});
}

// The state of application_controller has a list [{Name, Type}] of what was started; of a
// temporary application there is no other way to make it permanent.
constexpr const char* kMakePermanent = R"((fun(Names) ->
    IsStarted = fun({_, Type}) -> lists:member(Type, [permanent, transient, temporary]);
                   (_) -> false end,
    Change = fun({Name, Type}) ->
                 {Name, case lists:member(Name, Names) of true -> permanent; false -> Type end}
             end,
    sys:replace_state(application_controller, fun(State) ->
        list_to_tuple([case is_list(Field) andalso lists:all(IsStarted, Field) of
                           true -> lists:map(Change, Field);
                           false -> Field
                       end || Field <- tuple_to_list(State)])
    end, infinity),
    ok
end))";

// Variables before it: Applied, Started, Release, Retries, Delay (milliseconds), Syslog,
// NotifySocket, MakePermanent.
constexpr const char* kStart = R"(
Local = fun(Path, Message) ->
    case gen_udp:open(0, [local]) of
        {ok, Socket} ->
            gen_udp:send(Socket, {local, Path}, 0, unicode:characters_to_binary(Message)),
            gen_udp:close(Socket);
        _ -> ok
    end
end,
Sockets = [Socket || Name <- [NotifySocket, "NOTIFY_SOCKET"], Socket <- [os:getenv(Name)], Socket =/= false],
os:unsetenv(NotifySocket),
Notify = fun(Message) ->
    [case Socket of
         [$@ | Name] -> Local([0 | Name], Message);
         Path -> Local(Path, Message)
     end || Socket <- Sockets]
end,
Say = fun(Priority, Message) ->
    case Syslog of
        true ->
            Local("/dev/log", io_lib:format("<~b>enit[~s]: ~ts", [8 + Priority, os:getpid(), Message])),
            io:format(standard_error, "ENIT: ~ts~n", [Message]);
        false -> io:format(standard_error, "~ts~n", [Message])
    end
end,
application:set_env(enit, applied, Applied, [{timeout, infinity}]),
StartAll = fun() ->
    lists:foldl(fun
        (App, ok) ->
            case application:start(App, temporary) of
                ok -> ok;
                {error, {already_started, App}} -> ok;
                {error, Reason} ->
                    {failed, io_lib:format("could not start application ~tw: ~0tp", [App, Reason])}
            end;
        (_, Failed) -> Failed
    end, ok, Started)
end,
Verify = fun() ->
    MakePermanent(Started),
    Running = [App || {App, _, _} <- application:which_applications(infinity)],
    case Started -- Running of
        [] -> ok;
        [App | _] -> {failed, io_lib:format("application ~tw ended while others were started", [App])}
    end
end,
Say(6, io_lib:format("booting release ~ts", [Release])),
(fun Attempt(Left) ->
    case case StartAll() of ok -> Verify(); Failure -> Failure end of
        ok ->
            Say(6, io_lib:format("started release ~ts", [Release])),
            Notify("READY=1\nSTATUS=running\n");
        {failed, What} when Left =:= 0 ->
            Notify(["STATUS=", What, "\n"]),
            Say(3, ["Error: ", What]),
            Say(3, io_lib:format("Giving up on ~ts. Sorry.", [Release])),
            init:stop(1),
            receive after infinity -> ok end;
        {failed, What} ->
            Notify(["STATUS=retrying: ", What, "\n"]),
            Times = case Left of
                infinity -> "forever";
                _ -> io_lib:format("another ~b times", [Left])
            end,
            Seconds = case Delay rem 1000 of 0 -> Delay div 1000; _ -> Delay / 1000 end,
            Say(3, io_lib:format("Error (will retry ~ts in ~ws): ~ts", [Times, Seconds, What])),
            receive after Delay -> ok end,
            Attempt(case Left of infinity -> infinity; _ -> Left - 1 end)
    end
end)(Retries).
)";

}  // namespace

std::string make_permanent_fun() {
  return kMakePermanent;
}

Term boot_script(const otp::ReleaseApplications& applications, const otp::BootTemplate& otp,
                 const fs::path& expressions) {
  otp::BootScriptOptions options;
  options.local = true;
  options.no_dot_erlang = true;
  const Term whole = otp::boot_script(applications, otp, options);
  const std::vector<Atom> started = started_applications(applications);
  Terms instructions;
  bool is_placed = false;
  for (const Term& instruction : whole[2].elements()) {
    const bool is_ours = std::any_of(started.begin(), started.end(), [&](const Atom& name) {
      return is_start_of(instruction, name);
    });
    if (is_ours) continue;
    // After kernel and stdlib, before what tells that the node has started.
    if (!is_placed && instruction.is_tagged("progress", 2) && instruction[1].is_atom("started")) {
      instructions.push_back(apply("file", "eval", {Term::string(expressions.string()), Term()}));
      is_placed = true;
    }
    instructions.push_back(instruction);
  }
  return Term::tuple({whole[0], whole[1], Term::list(std::move(instructions))});
}

std::vector<Atom> started_applications(const otp::ReleaseApplications& applications) {
  std::vector<Atom> started, included;
  const std::vector<otp::OrderedApplication> order = otp::start_order(applications);
  for (const otp::OrderedApplication& app : order)
    included.insert(included.end(), app.includes.begin(), app.includes.end());
  for (const otp::OrderedApplication& app : order) {
    const Atom& name = app.resource.name;
    if (name.text() == "kernel" || name.text() == "stdlib") continue;
    if (std::find(included.begin(), included.end(), name) == included.end())
      started.push_back(name);
  }
  return started;
}

std::string start_expressions(const Applied& applied, const std::vector<Atom>& started,
                              const StartOptions& options) {
  const auto line = [](const char* variable, const Term& value) {
    return fmt::format("{} = {},\n", variable, term::print_plain(value));
  };
  const Term retries =
      options.retries.count ? Term(*options.retries.count) : Term::atom("infinity");
  return "%% Made by enit: evaluated by the node when it boots.\n" +
         line("Applied", applied_term(applied)) +
         line("Started", Term::list(Terms(started.begin(), started.end()))) +
         line("Release", Term::string(applied.release + " " + applied.version)) +
         line("Retries", retries) +
         line("Delay", Term(static_cast<int64_t>(options.delay.count()))) +
         line("Syslog", Term::boolean(options.syslog)) +
         line("NotifySocket", Term::string(kNotifySocket)) + "MakePermanent = " + kMakePermanent +
         ",\n" + kStart;
}

}  // namespace relmk::enit
