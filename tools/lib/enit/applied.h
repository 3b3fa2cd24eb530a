// What was applied to a node last: it is kept in the node, as the parameter `applied` of an
// application `enit`, which need not exist.
#pragma once

#include "enit/release.h"
#include "node/session/rpc.h"
#include "term/term.h"

namespace relmk::enit {

struct Applied {
  struct Application {
    Atom name{""};
    std::string version;
    std::string directory;  // above ebin
  };
  std::string release;
  std::string version;
  std::string state;                      // the directory of enit/state.h; empty: none
  Term configuration;                     // [{App, [{Key, Value}]}], without `node`
  Term node;                              // [{Key, Value}] of `node`, without the cookie
  std::vector<Atom> named;                // by the release and its extensions
  std::vector<Application> applications;  // all that run, or are loaded for one that does
};

Term applied_term(const Applied& applied);
// nullopt for a term that is none: the node was not started by enit.
std::optional<Applied> applied_of(const Term& term);
// Asks a node of that name. Throws Error where it was not started by enit.
Applied ask_applied(node::Rpc& rpc, const std::string& node);

}  // namespace relmk::enit
