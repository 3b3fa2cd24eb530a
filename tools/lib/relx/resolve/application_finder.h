// Where the applications of a release are found: in which of the lib directories, and which of
// several versions (rlx_app_discovery, rlx_resolve).
#pragma once

#include <exception>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "relx/resolve/resolve.h"

namespace relmk::relx {

// The application directories of one lib directory, listed once, in the order of names.
class LibDirectory {
 public:
  // Keep: an application that is a link stands where the link does; Follow: where that leads to.
  enum class Links { Keep, Follow };
  explicit LibDirectory(fs::path path, Links links = Links::Keep);

  // Looks once into every application's directory, whatever number of applications is asked for.
  void list();
  // The NAME.app of every application directory that has one. Safe to call from any thread after
  // list().
  std::vector<fs::path> find(const std::string& name);
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
  Links links_;
  bool listed_ = false;
  std::vector<fs::path> directories_;
  std::unordered_map<std::string, std::vector<size_t>> holders_;  // NAME.app: in which directories
};

class ApplicationFinder {
 public:
  // Both must outlive it.
  ApplicationFinder(const RelxConfig& config, const ApplicationSources& sources);

  // Reads what find() is going to ask for, on several threads: the applications `names`, and what
  // those need. What is wrong with one is told by find().
  void read_ahead(const std::vector<Atom>& names);

  // nullopt when there is none of that name and version. Warns where one of two versions had to be
  // taken. Throws Error for a resource file that cannot be read.
  std::optional<ResolvedApplication> find(Atom name, const std::optional<std::string>& version);

  // What is known of an application that was not found: other versions of it, or that it is not
  // compiled, or what cannot be read; empty where nothing is.
  std::string advice(const std::string& name);
  // Where it looks, in words.
  std::string places() const;

 private:
  using Resources = std::vector<otp::ApplicationResource>;
  // Of one application, the resources of the first place that has any, or why they can't be read.
  struct FirstRead {
    size_t place = 0;
    Resources resources;
    std::exception_ptr error;
  };

  // Places are numbered: lib directories, then the installation's own.
  size_t places_count() const;
  Resources read(size_t place, const std::string& name);
  FirstRead read_first(const std::string& name);
  std::string found_versions(const std::string& name);
  std::string unreadable(const std::string& name) const;
  std::optional<ResolvedApplication> choose(Resources found,
                                            const std::optional<std::string>& version,
                                            bool is_system) const;
  bool is_of_project(const otp::ApplicationResource& resource) const;

  const RelxConfig& config_;
  const ApplicationSources& sources_;
  const std::unordered_set<std::string> project_apps_;
  std::vector<LibDirectory> directories_;
  std::optional<LibDirectory> system_;
  std::unordered_map<std::string, FirstRead> ahead_;  // by application
};

}  // namespace relmk::relx
