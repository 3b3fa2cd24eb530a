%% Short words for dbg, whose traces `enit traceip` and `enit tracefile` print.
-module(enitdbg).

-export([ip/1, file/1, mod/1, fn/2]).

%% Traces go to who connects to this TCP port of the host.
ip(Port) -> dbg:tracer(port, dbg:trace_port(ip, Port)).

%% Traces go to a file.
file(File) -> dbg:tracer(port, dbg:trace_port(file, File)).

%% Traces calls of all functions of a module, or of one of them, with what they return. Which processes are
%% traced says dbg:p/2: dbg:p(all, c).
mod(Module) -> dbg:tpl(Module, return_trace()).
fn(Module, Function) -> dbg:tpl(Module, Function, return_trace()).

return_trace() -> [{'_', [], [{return_trace}]}].
