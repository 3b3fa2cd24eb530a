{application, a, [{description, "d"}, {vsn, "1"}, {modules, [a, b]}, {registered, [a]},
 {applications, [kernel, stdlib]}, {included_applications, []}, {mod, {a, []}}, {start_phases, [{p, []}]}, {env, [{k, 1}]}]}.
