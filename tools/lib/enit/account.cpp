#include "enit/account.h"

#include <fmt/format.h>
#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>

namespace relmk::enit {
namespace {

struct User {
  uid_t id = 0;
  gid_t group = 0;
  std::string home;
};

User user_named(const std::string& name) {
  errno = 0;
  const passwd* found = ::getpwnam(name.c_str());
  if (found == nullptr) throw Error(fmt::format("run_as_user: there is no user `{}`", name));
  return {found->pw_uid, found->pw_gid, found->pw_dir};
}

gid_t group_named(const std::string& name) {
  const group* found = ::getgrnam(name.c_str());
  if (found == nullptr) throw Error(fmt::format("run_as_group: there is no group `{}`", name));
  return found->gr_gid;
}

std::vector<gid_t> groups_of(const std::string& user, gid_t own) {
  int count = 64;
  std::vector<gid_t> groups(static_cast<size_t>(count));
  while (::getgrouplist(user.c_str(), own, groups.data(), &count) < 0)
    groups.resize(std::max(groups.size() * 2, static_cast<size_t>(count)));
  groups.resize(static_cast<size_t>(count));
  return groups;
}

}  // namespace

Account account_of(const NodeSettings& node) {
  Account account{false, ::geteuid(), ::getegid(), {}, node.run_as_user, {}};
  if (node.run_as_user.empty() && node.run_as_group.empty()) return account;
  if (!node.run_as_user.empty()) {
    const User user = user_named(node.run_as_user);
    account.user = user.id;
    account.group = user.group;
    account.home = user.home;
  }
  if (!node.run_as_group.empty()) account.group = group_named(node.run_as_group);
  if (::geteuid() != 0) {
    if (account.user == ::geteuid() && account.group == ::getegid()) return account;
    throw Error(fmt::format("only root can run the node as {}{}{}",
                            node.run_as_user.empty() ? "" : "user " + node.run_as_user,
                            node.run_as_user.empty() || node.run_as_group.empty() ? "" : " and ",
                            node.run_as_group.empty() ? "" : "group " + node.run_as_group));
  }
  account.is_other = true;
  account.groups = node.run_as_user.empty() ? std::vector<gid_t>{account.group}
                                            : groups_of(node.run_as_user, account.group);
  return account;
}

void become(const Account& account) {
  if (!account.is_other) return;
  if (::setgroups(account.groups.size(), account.groups.data()) != 0) {
    throw sys::system_error("", "cannot drop root's groups", errno);
  }
  if (::setresgid(account.group, account.group, account.group) != 0) {
    throw sys::system_error("", "cannot change the group", errno);
  }
  if (::setresuid(account.user, account.user, account.user) != 0) {
    throw sys::system_error("", "cannot change the user", errno);
  }
  if (account.user != 0 && ::setuid(0) == 0) throw Error("privileges were not dropped");
}

}  // namespace relmk::enit
