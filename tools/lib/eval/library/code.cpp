// Modules code and application, as far as the files of an OTP installation tell.
#include <algorithm>
#include <cstdlib>

#include "eval/library/support.h"

namespace relmk {
namespace {

// Whether something outside of the installation adds to a VM's code path.
bool code_path_is_changed() {
  const char* libraries = std::getenv("ERL_LIBS");
  if (libraries != nullptr && *libraries != '\0') return true;
  for (const char* name : {"ERL_FLAGS", "ERL_AFLAGS", "ERL_ZFLAGS"}) {
    const char* value = std::getenv(name);
    if (value != nullptr && std::string_view(value).find("-p") != std::string_view::npos)
      return true;
  }
  return false;
}

const fs::path& otp_root(const Evaluator& evaluator) {
  if (evaluator.options().otp_root.empty()) leave_to_vm("code without a known OTP");
  if (code_path_is_changed()) leave_to_vm("code with a changed code path");
  return evaluator.options().otp_root;
}

Term root_dir(Evaluator& evaluator, const Terms&) {
  return native_string(otp_root(evaluator).string());
}

Term lib_dir_0(Evaluator& evaluator, const Terms&) {
  return native_string((otp_root(evaluator) / "lib").string());
}

// The numbers of a version directory, `kernel-8.5.3`.
std::vector<int> version_numbers(std::string_view version) {
  std::vector<int> numbers;
  for (size_t at = 0; at < version.size();) {
    int number = 0;
    for (; at < version.size() && version[at] != '.'; ++at) {
      if (version[at] < '0' || version[at] > '9') leave_to_vm("code:lib_dir/1 with odd versions");
      number = number * 10 + (version[at] - '0');
    }
    numbers.push_back(number);
    ++at;
  }
  return numbers;
}

// The directory of an application with the highest version; empty when there is none.
std::string application_directory(const fs::path& root, const std::string& name) {
  std::string best;
  std::vector<int> best_version;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(root / "lib", ignored)) {
    const std::string directory = entry.path().filename().string();
    if (directory == name) leave_to_vm("code:lib_dir/1 of an application without a version");
    if (!directory.starts_with(name + "-") || !fs::is_directory(entry.path() / "ebin")) continue;
    std::vector<int> version = version_numbers(std::string_view(directory).substr(name.size() + 1));
    if (best.empty() || best_version < version) {
      best = entry.path().string();
      best_version = std::move(version);
    }
  }
  return best;
}

std::string application_name(const Term& term) {
  if (term.is_atom()) return term.atom_text();
  if (!term.is_string()) leave_to_vm("code:lib_dir/1 of something that is no name");
  return term.to_utf8();
}

Term lib_dir_1(Evaluator& evaluator, const Terms& a) {
  const std::string name = application_name(a[0]);
  const std::string directory = application_directory(otp_root(evaluator), name);
  return directory.empty() ? error_tuple("bad_name") : native_string(directory);
}

Term priv_dir(Evaluator& evaluator, const Terms& a) {
  const std::string name = application_name(a[0]);
  const std::string directory = application_directory(otp_root(evaluator), name);
  return directory.empty() ? error_tuple("bad_name") : native_string(directory + "/priv");
}

Term lib_dir_2(Evaluator& evaluator, const Terms& a) {
  if (!a[1].is_atom()) leave_to_vm("code:lib_dir/2");
  const std::string name = application_name(a[0]);
  const std::string directory = application_directory(otp_root(evaluator), name);
  if (directory.empty()) return error_tuple("bad_name");
  return native_string(directory + "/" + a[1].atom_text());
}

// Of the applications that a script's VM has loaded it knows kernel and stdlib; what they hold is
// the VM's to tell.
bool is_loaded(const Term& name) {
  return name.is_atom("kernel") || name.is_atom("stdlib");
}

Term get_env(Evaluator&, const Terms& a) {
  if (a.size() < 2 || is_loaded(a[0])) leave_to_vm("application:get_env");
  return a.size() == 3 ? a[2] : Term::atom("undefined");
}

Term get_key(Evaluator& evaluator, const Terms& a) {
  if (is_loaded(a[0])) leave_to_vm("application:get_key/2");
  const std::string& rebar = evaluator.options().rebar_version;
  if (!rebar.empty() && a[0].is_atom("rebar")) {
    if (!a[1].is_atom("vsn")) leave_to_vm("application:get_key/2");
    return ok(Term::string(rebar));
  }
  return Term::atom("undefined");
}

Term loaded_applications(Evaluator& evaluator, const Terms&) {
  if (!evaluator.options().rebar_version.empty()) leave_to_vm("application:loaded_applications/0");
  const fs::path& root = otp_root(evaluator);
  Terms all;
  for (const char* name : {"kernel", "stdlib"}) {
    const std::string directory = application_directory(root, name);
    const std::string version = fs::path(directory).filename().string().substr(7);
    all.push_back(
        Term::tuple({Term::atom(name), Term::string("ERTS  CXC 138 10"), Term::string(version)}));
  }
  return Term::list(std::move(all));
}

constexpr LibraryFunction kCode[] = {
    {"lib_dir", 0, lib_dir_0}, {"lib_dir", 1, lib_dir_1}, {"lib_dir", 2, lib_dir_2},
    {"priv_dir", 1, priv_dir}, {"root_dir", 0, root_dir},
};

constexpr LibraryFunction kApplication[] = {
    {"get_env", 2, get_env},
    {"get_env", 3, get_env},
    {"get_key", 2, get_key},
    {"loaded_applications", 0, loaded_applications},
};

}  // namespace

LibraryTable code_functions() {
  return kCode;
}

LibraryTable application_functions() {
  return kApplication;
}

}  // namespace relmk
