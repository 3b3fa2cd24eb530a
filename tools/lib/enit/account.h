// The user and groups that a node runs as.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "enit/node_settings.h"

namespace relmk::enit {

struct Account {
  bool is_other = false;  // than ours: it is to be changed to
  uid_t user = 0;
  gid_t group = 0;
  std::vector<gid_t> groups;  // the supplementary ones
  std::string name;
  std::string home;  // empty: that of the environment
};

// Of {node, [{run_as_user, …}, {run_as_group, …}]}; ours where neither is given. The group is the
// user's own unless said. Throws Error for one that doesn't exist, and where only root could
// change.
Account account_of(const NodeSettings& node);

// Becomes that account, for good: groups, supplementary groups and user. Throws Error.
void become(const Account& account);

}  // namespace relmk::enit
