// Entries of a directory tree that give way to others, all of them or none: an exchange under a
// journal.
//
// The root of the tree keeps its inode, and so does everything in it that no step names: others'
// files, mounts, and links. What is new lies staged in an area, a directory beside what it
// replaces, on the same mount, since only there a file moves by being renamed. carry_out() brings
// the staged files to the disk, writes the journal ROOT/.relmk.journal, and takes the steps, each
// of them one that can be taken again or taken back. As long as the journal is there, the tree is
// between the old and the new one, and finish_exchange() leads it to one of them: the next exchange
// calls it, and so does whoever uses the tree.
#pragma once

#include <cstddef>
#include <string>

#include "sys/exchange_record.h"
#include "sys/files.h"

namespace relmk::sys {

class Exchange {
 public:
  // `root` is a directory that exists. No exchange is unfinished there. `tool` is an executable
  // that finishes this one when it is called as `TOOL finish ROOT`.
  Exchange(fs::path root, fs::path tool);
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;
  // Removes the areas with all that is still staged there, unless the journal speaks of them.
  ~Exchange();

  // Makes an area, an empty directory, in place of what was there. Returns its number. Throws
  // Error.
  size_t add_area(const fs::path& directory);

  // Steps, in the order in which they are taken. Paths are relative to the root, and may lead out
  // of it by `..`. place() and replace() return the step's number; staged() says where its new
  // file, link or directory is to be made before carry_out(). Several threads may make them at
  // once. place(): nothing is at `path`.
  size_t place(size_t area, std::string path);
  // replace(): a file or a link is at `path`.
  size_t replace(size_t area, std::string path);
  fs::path staged(size_t step) const;
  // The step is not to be, since nothing differs.
  void forget(size_t step);
  // remove(): the file or link at `path` goes.
  void remove(size_t area, std::string path);
  // remove_directory(): the directory at `path` goes, if it is empty by then. `mode`: its
  // permission bits, with which it is made again when the exchange is undone.
  void remove_directory(std::string path, unsigned mode);
  // change_mode(): the directory at `path` can be written while the steps are taken, and has the
  // mode `after` then, or `before` again when the exchange is undone.
  void change_mode(std::string path, unsigned before, unsigned after);
  // Whether nothing is to be done.
  bool empty() const;

  // Takes the steps. Throws Error, with everything as it was. When even that fails, the Error says
  // so, and the journal stays for finish_exchange().
  void carry_out();

 private:
  struct Journal;
  friend struct Journal;
  friend void finish_exchange(const fs::path& root);

  fs::path old(size_t step) const;
  void sync() const;

  fs::path root_;
  ExchangeRecord record_;
  bool is_journaled_ = false;
};

// Where the journal of an exchange in `root` is, as long as that lasts.
fs::path exchange_journal(const fs::path& root);

// Where an exchange in `root` was interrupted, finishes it, or, where it was being undone, undoes
// the rest; waits for one that is at work. Nothing to do: nothing is touched. Throws Error, which
// says what to do, when that is not possible.
void finish_exchange(const fs::path& root);

}  // namespace relmk::sys
