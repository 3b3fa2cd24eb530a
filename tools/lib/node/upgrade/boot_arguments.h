// What a node boots when it restarts by itself after an upgrade.
#pragma once

#include "node/session/rpc.h"
#include "start/release_place.h"
#include "sys/environment.h"

namespace relmk::node {

// What init:restart() will boot: the version's boot file, of its node type, and its configuration
// as the start script gives it. (release_handler takes start.boot and releases/VSN/sys.config.)
void set_boot_arguments(Rpc& rpc, const start::ReleasePlace& release,
                        const sys::Environment& environment);

}  // namespace relmk::node
