// The user and groups that a node runs as.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "enit/node_settings.h"

namespace relmk::enit {

struct Account {
  bool is_other = false;  // another than that of this process, which must change to it
  uid_t user = 0;
  gid_t group = 0;
  std::vector<gid_t> groups;  // the supplementary ones
  std::string name;
  std::string home;  // empty: that of the environment
};

// The account that {node, [{run_as_user, …}, {run_as_group, …}]} names; that of this process where
// neither is given. Without run_as_group, the group is the user's own. Throws Error for a user or a
// group that doesn't exist, and where only root could change to it.
Account account_of(const NodeSettings& node);

// Becomes that account, for good: groups, supplementary groups and user. Throws Error.
void become(const Account& account);

}  // namespace relmk::enit
