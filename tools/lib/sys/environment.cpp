#include "sys/environment.h"

#include <unistd.h>

#include <system_error>

namespace relmk::sys {
namespace {

constexpr const char* kSystemPath = "/usr/local/bin:/usr/bin:/bin";

// `text` taken apart at its colons; an empty text is one empty part.
std::vector<std::string> parts_of(const std::string& text) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == ':')
      parts.emplace_back();
    else
      parts.back() += c;
  }
  return parts;
}

}  // namespace

Environment process_environment() {
  Environment environment;
  for (char** entry = ::environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string text = *entry;
    const size_t equals = text.find('=');
    if (equals != std::string::npos)
      environment.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return environment;
}

const std::string& variable(const Environment& environment, const std::string& name) {
  static const std::string unset;
  const auto found = environment.find(name);
  return found == environment.end() ? unset : found->second;
}

std::vector<std::string> listed_directories(const Environment& environment,
                                            const std::string& name) {
  std::vector<std::string> directories = parts_of(variable(environment, name));
  std::erase(directories, "");
  return directories;
}

std::optional<fs::path> find_in_path(const std::string& program, const Environment& environment) {
  const auto path = environment.find("PATH");
  for (const std::string& directory :
       parts_of(path == environment.end() ? kSystemPath : path->second)) {
    const fs::path file = fs::path(directory.empty() ? "." : directory) / program;
    std::error_code ignored;
    if (fs::is_regular_file(file, ignored) && ::access(file.c_str(), X_OK) == 0) return file;
  }
  return std::nullopt;
}

}  // namespace relmk::sys
