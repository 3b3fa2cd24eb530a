// A release's tarball, read whole and looked through before anything of it is written.
//
// Formats: gzip or plain; ustar, GNU's long names and pax headers (POSIX.1-2001, "pax Interchange
// Format"), which are all that systools, relx, GNU tar and libarchive write. nodetool goes to the
// target, where it may need no library that is not there: hence no libarchive.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "sys/files.h"

namespace relmk::node {

struct TarMember {
  enum class Kind { File, Directory, Link };  // Link: a symbolic one
  std::string path;                           // relative, without `.`, `..` and a slash at its end
  Kind kind = Kind::File;
  unsigned mode = 0644;      // permission bits, without set-user-ID and its like
  std::string target;        // of a link
  std::string_view content;  // of a file; lives as long as the tarball
};

class Tarball {
 public:
  // Throws Error for a file that cannot be read, is damaged or cut off, and for a member that has
  // no place in a release: an absolute path or `..`, a link that leads out of it, a path through a
  // link, a device.
  explicit Tarball(const fs::path& file);
  // The same of bytes; `name` stands for the file in errors.
  Tarball(std::string name, std::string bytes);
  Tarball(const Tarball&) = delete;
  Tarball& operator=(const Tarball&) = delete;

  // In the archive's order; of several with one path only the last. A hard link is a file with the
  // content of what it names.
  const std::vector<TarMember>& members() const { return members_; }
  // nullptr where there is none.
  const TarMember* find(std::string_view path) const;

 private:
  struct Extension;
  void read();
  void read_member(std::string_view header, std::string_view content, const Extension& extension);
  void add(TarMember member);
  void check_links() const;
  [[noreturn]] void fail(const std::string& reason) const;

  std::string name_;
  std::string bytes_;
  std::vector<TarMember> members_;
  std::map<std::string, size_t, std::less<>> index_;  // by path
};

// Throws Error where FILE.sha256, as sha256sum writes it, tells another digest than the file has.
// Without that file nothing is checked. Returns whether there was one.
bool check_digest(const fs::path& file);

}  // namespace relmk::node
