#include "otp/application/code_path.h"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>

#include "sys/directory.h"
#include "sys/error.h"
#include "sys/wildcard.h"
#include "sys/words.h"
#include "sys/workers.h"
#include "term/consult.h"
#include "term/print.h"

namespace relmk::otp {
namespace {

bool directory_exists(const std::string& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

// Digits and dots between them; a version is [8, 5, 3]. nullopt for anything else.
std::optional<std::vector<unsigned long>> version_numbers(const std::string& text) {
  std::vector<unsigned long> numbers;
  for (const std::string_view part : sys::parts(text, '.')) {
    if (part.find_first_not_of("0123456789") != part.npos) return std::nullopt;
    if (!part.empty()) numbers.push_back(std::strtoul(part.data(), nullptr, 10));
  }
  return numbers;
}

}  // namespace

LibraryName library_name(const std::string& directory) {
  const size_t dash = directory.rfind('-');
  if (dash != std::string::npos && dash > 0 && dash + 1 < directory.size()) {
    if (auto version = version_numbers(directory.substr(dash + 1))) {
      return {directory.substr(0, dash), *version, directory};
    }
  }
  return {directory, {0}, directory};
}

std::string join_filename(const std::string& directory, const std::string& name) {
  if (name.starts_with('/')) return join_filename(name, "");
  std::string joined;
  const auto append = [&joined](const std::string& part) {
    for (const char c : part) {
      if (c == '/' && joined.ends_with("/.")) {
        joined.pop_back();
      } else if (c != '/' || !joined.ends_with('/')) {
        joined += c;
      }
    }
  };
  append(directory);
  if (!name.empty()) {
    append("/");
    append(name);
  }
  if (joined.size() > 1 && joined.ends_with('/')) joined.pop_back();
  return joined;
}

void CodePath::append(const std::string& directory) {
  if (known_.insert(directory).second) directories_.push_back(directory);
}

void CodePath::add(const std::string& directory_or_pattern) {
  sources_.push_back(directory_or_pattern);
  if (directory_exists(directory_or_pattern)) {
    append(join_filename(directory_or_pattern, ""));
    return;
  }
  for (const fs::path& match : sys::wildcard(directory_or_pattern, ".")) {
    if (directory_exists(match.string())) append(join_filename(match.string(), ""));
  }
}

// As code_server:make_path/2, but for archives: of each name the highest version, last name first;
// NAME-VSN/ebin, or NAME-VSN itself when it has no ebin.
void CodePath::append_libraries(const std::string& library_directory, bool only_ebin) {
  std::vector<LibraryName> libraries;
  for (const std::string& name : sys::names_in(library_directory, ""))
    libraries.push_back(library_name(name));
  std::sort(libraries.begin(), libraries.end(), std::greater<>());
  const std::string* last = nullptr;
  for (const LibraryName& found : libraries) {
    if (last && *last == found.name) continue;
    last = &found.name;
    const std::string directory = join_filename(library_directory, found.directory);
    const std::string ebin = directory + "/ebin";
    if (directory_exists(ebin)) {
      append(ebin);
    } else if (!only_ebin && directory_exists(directory)) {
      append(directory);
    }
  }
}

// What add_installation() has added.
struct CodePath::Installed {
  fs::path lib;
  std::vector<std::string> erl_libs;
  std::once_flag once;
  CodePath path;  // once it was asked for
};

CodePath::CodePath() = default;
CodePath::CodePath(CodePath&&) noexcept = default;
CodePath& CodePath::operator=(CodePath&&) noexcept = default;
CodePath::~CodePath() = default;

void CodePath::add_installation(const Installation& otp, const sys::Environment& environment) {
  append(".");
  sources_.emplace_back("the current directory");
  installed_ = std::make_unique<Installed>();
  installed_->lib = otp.lib;
  installed_->erl_libs = sys::listed_directories(environment, "ERL_LIBS");
  sources_.insert(sources_.end(), installed_->erl_libs.begin(), installed_->erl_libs.end());
  sources_.push_back(otp.lib.string());
}

const CodePath& CodePath::installed() const {
  std::call_once(installed_->once, [this] {
    CodePath& path = installed_->path;
    path.known_ = known_;
    for (const std::string& directory : installed_->erl_libs)
      path.append_libraries(directory, true);
    path.append_libraries(installed_->lib.string(), false);
    path.list();
  });
  return installed_->path;
}

std::vector<std::string> CodePath::directories() const {
  std::vector<std::string> all = directories_;
  if (installed_ == nullptr) return all;
  const std::vector<std::string>& more = installed().directories_;
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

void CodePath::list() {
  if (listed_ == directories_.size()) return;
  const size_t first = listed_;
  std::vector<std::vector<std::string>> found(directories_.size() - first);
  sys::for_each_parallel(
      found.size(), [&](size_t i) { found[i] = sys::names_in(directories_[first + i], ".app"); });
  for (size_t i = 0; i < found.size(); ++i) {
    for (const std::string& name : found[i])
      holders_[name].push_back(first + i);
  }
  listed_ = directories_.size();
}

// All files NAME.app in the order of the path, as DIRECTORY/NAME.app.
std::vector<std::string> CodePath::candidates(const Atom& name) const {
  std::vector<std::string> files;
  const std::string file = name.text() + ".app";
  if (const auto holders = holders_.find(file); holders != holders_.end()) {
    for (const size_t directory : holders->second) {
      files.push_back(join_filename(directories_[directory], file));
    }
  }
  return files;
}

std::string CodePath::where() const {
  if (sources_.empty()) return "no directory was given to look in";
  const size_t told = std::min<size_t>(sources_.size(), 8);
  const auto last = sources_.begin() + static_cast<ptrdiff_t>(told);
  std::string where = fmt::format("looked for in {}", sys::joined({sources_.begin(), last}, ", "));
  if (told < sources_.size()) where += fmt::format(" and {} more", sources_.size() - told);
  return where;
}

// For one application.
struct CodePath::Search {
  const Atom& name;
  const std::string& version;
  const CodePath& whole;  // for the hint
  std::optional<Error> first;

  void remember(Error error) {
    if (!first) first = std::move(error);
  }
};

// As systools_make:read_application/6.
std::optional<ApplicationResource> CodePath::search(Search& search) const {
  const std::string name = term::print_atom(search.name, true);
  for (const std::string& file : candidates(search.name)) {
    std::optional<Term> term;
    try {
      term = term::consult_first_term(file);
      if (!term) throw Error(file, "no Erlang term in it");
    } catch (const Error& error) {
      search.remember(error);
      continue;
    }
    ApplicationResource found = application_resource(*term, file);
    if (found.version != search.version) {
      search.remember(
          Error(fmt::format("{}: No valid version (\"{}\") of .app file found. Found file "
                            "\"{}\" with version \"{}\"",
                            name, search.version, file, found.version))
              .with_hint(search.whole.where()));
    } else if (found.name != search.name) {
      throw Error(file, found.term.position(),
                  fmt::format("{}: Mismatched application id: {{{},\"{}\"}}", name,
                              term::print_atom(found.name, true), search.version));
    } else {
      return found;
    }
  }
  return {};
}

ApplicationResource CodePath::find(const Atom& name, const std::string& version) {
  list();
  Search search{name, version, *this, {}};
  if (auto found = this->search(search)) return std::move(*found);
  if (installed_ != nullptr)
    if (auto found = installed().search(search)) return std::move(*found);
  if (search.first) throw *search.first;
  throw Error(
      fmt::format("{}: File not found: \"{}.app\"", term::print_atom(name, true), name.text()))
      .with_hint(where());
}

}  // namespace relmk::otp
