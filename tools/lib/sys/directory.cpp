#include "sys/directory.h"

#include <dirent.h>

#include <memory>

namespace relmk::sys {

// Without std::filesystem, which makes a path of each name: most of them are not asked for.
std::vector<std::string> names_in(const fs::path& directory, std::string_view suffix) {
  std::vector<std::string> names;
  const std::unique_ptr<DIR, int (*)(DIR*)> stream(::opendir(directory.c_str()), ::closedir);
  while (const dirent* entry = stream ? ::readdir(stream.get()) : nullptr) {
    const std::string_view name = entry->d_name;
    if (name.ends_with(suffix) && name != "." && name != "..") names.emplace_back(name);
  }
  return names;
}

}  // namespace relmk::sys
