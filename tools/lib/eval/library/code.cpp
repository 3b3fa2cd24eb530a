// Modules code, application and init, as far as the files of an OTP installation tell.
#include <algorithm>
#include <cstdlib>

#include "eval/library/code.h"
#include "eval/library/support.h"

namespace relmk::eval {
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
  if (code_path_is_changed() || evaluator.code_path_is_changed())
    leave_to_vm("code with a changed code path");
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
  return with_uncertain_shape(std::move(all));  // in an order of the VM's
}

Term which(Evaluator& evaluator, const Terms& a) {
  const auto file = find_module(evaluator, a[0]);
  return file ? native_string(*file) : Term::atom("non_existing");
}

// Modules of these applications load wherever there is a VM; others may need a library of the
// system.
bool loads_anywhere(const fs::path& file) {
  const std::string application = file.parent_path().parent_path().filename().string();
  for (const char* name :
       {"kernel-", "stdlib-", "compiler-", "sasl-", "syntax_tools-", "parsetools-"}) {
    if (application.starts_with(name)) return true;
  }
  return false;
}

Term ensure_loaded(Evaluator& evaluator, const Terms& a) {
  const auto file = find_module(evaluator, a[0]);
  if (!file) return error_tuple("nofile");
  if (!loads_anywhere(*file)) leave_to_vm("code:ensure_loaded/1");
  return Term::tuple({Term::atom("module"), a[0]});
}

// Whether a directory may be added to the code path: what the library answers must not come from
// it.
bool add_directory(Evaluator& evaluator, const Term& directory) {
  const auto name = directory.is_list() ? file_name(directory) : std::nullopt;
  if (!name || name->empty() || name->find(".ez") != std::string::npos)
    leave_to_vm("a code path of odd names");
  if (!fs::is_directory(*name)) return false;
  for (const auto& entry : fs::directory_iterator(*name)) {
    if (entry.path().extension() == ".beam" && is_library_module(entry.path().stem().string()))
      leave_to_vm("a code path with a module of OTP's own");
  }
  evaluator.change_code_path();
  return true;
}

Term add_path(Evaluator& evaluator, const Terms& a) {
  return add_directory(evaluator, a[0]) ? Term::boolean(true) : error_tuple("bad_directory");
}

Term add_paths(Evaluator& evaluator, const Terms& a) {
  for (const Term& directory : list_elements(a[0]))
    add_directory(evaluator, directory);
  return Term::atom("ok");
}

// A script has no command line of its own.
Term get_plain_arguments(Evaluator&, const Terms&) {
  return {};
}

constexpr LibraryFunction kCode[] = {
    {"add_path", 1, add_path},
    {"add_patha", 1, add_path},
    {"add_paths", 1, add_paths},
    {"add_pathsa", 1, add_paths},
    {"add_pathsz", 1, add_paths},
    {"add_pathz", 1, add_path},
    {"ensure_loaded", 1, ensure_loaded},
    {"lib_dir", 0, lib_dir_0},
    {"lib_dir", 1, lib_dir_1},
    {"lib_dir", 2, lib_dir_2},
    {"priv_dir", 1, priv_dir},
    {"root_dir", 0, root_dir},
    {"which", 1, which},
};

constexpr LibraryFunction kApplication[] = {
    {"get_env", 2, get_env},
    {"get_env", 3, get_env},
    {"get_key", 2, get_key},
    {"loaded_applications", 0, loaded_applications},
};

constexpr LibraryFunction kInit[] = {
    {"get_plain_arguments", 0, get_plain_arguments},
};

}  // namespace

std::optional<std::string> find_module(const Evaluator& evaluator, const Term& module) {
  if (!module.is_atom()) leave_to_vm("code of a module that is no atom");
  const fs::path& root = otp_root(evaluator);
  const std::string file = module.atom_text() + ".beam";
  if (file.find('/') != std::string::npos || fs::exists(file))
    leave_to_vm("code of a module in the current directory");
  std::optional<std::string> found;
  bool have_erts = false;
  for (const auto& entry : fs::directory_iterator(root / "lib")) {
    const std::string directory = entry.path().filename().string();
    const bool is_erts = directory.starts_with("erts-");
    have_erts = have_erts || is_erts;
    if (!fs::exists(entry.path() / "ebin" / file)) continue;
    const std::string name = directory.substr(0, directory.rfind('-'));
    if (is_erts || found || application_directory(root, name) != entry.path())
      leave_to_vm("code of a module of the VM, or of several applications");
    found = (entry.path() / "ebin" / file).string();
  }
  // rebar3 has modules of its own.
  if (!found && (!have_erts || !evaluator.options().rebar_version.empty()))
    leave_to_vm("code of a module that is not OTP's");
  return found;
}

LibraryTable code_functions() {
  return kCode;
}

LibraryTable application_functions() {
  return kApplication;
}

LibraryTable init_functions() {
  return kInit;
}

}  // namespace relmk::eval
