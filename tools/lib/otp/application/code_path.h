// The directories in which systools looks for application resource files.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "otp/application/application_resource.h"
#include "otp/application/installation.h"
#include "term/term.h"

namespace relmk::otp {

// filename:join/2 of Erlang's stdlib: one slash between names, none at the end, no /./ within.
std::string join_filename(const std::string& directory, const std::string& name);

// The name of an application's directory, NAME-VSN, as code_server takes it apart; without a
// version that is [0]. Of one name the code server takes the one that compares highest.
struct LibraryName {
  std::string name;
  std::vector<unsigned long> version;
  std::string directory;
  auto operator<=>(const LibraryName&) const = default;
};
LibraryName library_name(const std::string& directory);

// An ordered list of directories, each of which is listed once. For one thread at a time, but after
// list() several may search at once.
class CodePath {
 public:
  CodePath();
  CodePath(CodePath&&) noexcept;
  CodePath& operator=(CodePath&&) noexcept;
  ~CodePath();

  // Appends a directory, or all that a pattern (lib/*/ebin; see sys/wildcard.h) matches, in order.
  // What is no directory is left out, as systools does; one that is in the path stays where it is.
  void add(const std::string& directory_or_pattern);
  // Appends code:get_path() of an `erl` started here: ".", the applications in $ERL_LIBS, and those
  // of the installation, of each the highest version. These are looked for when something is not
  // found before them. Nothing may be added afterwards.
  void add_installation(const Installation& otp, const sys::Environment& environment);

  std::vector<std::string> directories() const;

  // Lists the directories that were added one by one; searching does it when it is needed.
  void list();

  // systools' choice for {Name, Vsn}: the first NAME.app of that version. A candidate that is no
  // Erlang term is passed over. Throws Error in systools' words when there is none: that of the
  // first candidate (its syntax error, or its other version), else `File not found: "NAME.app"`;
  // a hint says where it was looked for.
  ApplicationResource find(const Atom& name, const std::string& version);

 private:
  struct Installed;
  struct Search;
  const CodePath& installed() const;
  std::vector<std::string> candidates(const Atom& name) const;
  std::optional<ApplicationResource> search(Search& search) const;
  void append(const std::string& directory);
  void append_libraries(const std::string& library_directory, bool only_ebin);
  std::string where() const;
  std::vector<std::string> directories_;
  std::unordered_set<std::string> known_;  // the same
  std::vector<std::string> sources_;       // what was asked to be added, for the hint
  std::unique_ptr<Installed> installed_;
  size_t listed_ = 0;  // so many of directories_ are in holders_
  std::unordered_map<std::string, std::vector<size_t>> holders_;  // "NAME.app" → where
};

}  // namespace relmk::otp
