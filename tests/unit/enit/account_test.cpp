#include "enit/account.h"

#include <grp.h>
#include <pwd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>

#include "catch.h"
#include "skip.h"

namespace enit_account_test {

using namespace relmk;
using namespace relmk::enit;
using Catch::Matchers::ContainsSubstring;

namespace {

NodeSettings settings(const std::string& user, const std::string& group = {}) {
  NodeSettings node;
  node.run_as_user = user;
  node.run_as_group = group;
  return node;
}

// In a process of its own: becomes that account; whether it is that wholly, and for good.
bool is_wholly(const Account& account) {
  const pid_t pid = ::fork();
  if (pid == 0) {
    become(account);
    uid_t user[3] = {};
    gid_t group[3] = {};
    ::getresuid(&user[0], &user[1], &user[2]);
    ::getresgid(&group[0], &group[1], &group[2]);
    std::vector<gid_t> groups(256);
    groups.resize(static_cast<size_t>(std::max(0, ::getgroups(256, groups.data()))));
    std::vector<gid_t> wanted = account.groups;
    std::sort(wanted.begin(), wanted.end());
    std::sort(groups.begin(), groups.end());
    bool ok = groups == wanted && ::setuid(0) != 0 && ::setgid(0) != 0;
    for (const uid_t id : user)
      ok = ok && id == account.user;
    for (const gid_t id : group)
      ok = ok && id == account.group;
    ::_exit(ok ? 0 : 1);
  }
  int status = 1;
  ::waitpid(pid, &status, 0);
  return status == 0;
}

}  // namespace

TEST_CASE("enit account: ours where nothing is said") {
  const Account account = account_of(settings(""));
  CHECK_FALSE(account.is_other);
  CHECK(account.user == ::geteuid());
  CHECK(account.group == ::getegid());
}

TEST_CASE("enit account: a user or group that does not exist is named") {
  CHECK_THROWS_WITH(account_of(settings("no_such_user")),
                    ContainsSubstring("run_as_user: there is no user `no_such_user`"));
  CHECK_THROWS_WITH(account_of(settings("", "no_such_group")),
                    ContainsSubstring("run_as_group: there is no group `no_such_group`"));
}

TEST_CASE("enit account: of another user, his group, his groups and his home") {
  const passwd* nobody = ::getpwnam("nobody");
  if (nobody == nullptr) return;
  if (::geteuid() != 0) {
    CHECK_THROWS_WITH(account_of(settings("nobody")), ContainsSubstring("only root can"));
    return;
  }
  const Account account = account_of(settings("nobody"));
  CHECK(account.is_other);
  CHECK(account.user == nobody->pw_uid);
  CHECK(account.group == nobody->pw_gid);
  CHECK(account.home == nobody->pw_dir);
  CHECK(account.groups == std::vector<gid_t>{nobody->pw_gid});
  CHECK(is_wholly(account));
}

TEST_CASE("enit account: a group that is said goes before the user's own") {
  if (::geteuid() != 0 || ::getpwnam("nobody") == nullptr) return skip("that needs root");
  const group* other = ::getgrnam("daemon");
  if (other == nullptr) return;
  const gid_t id = other->gr_gid;
  const Account account = account_of(settings("nobody", "daemon"));
  CHECK(account.group == id);
  CHECK(is_wholly(account));
}

}  // namespace enit_account_test
