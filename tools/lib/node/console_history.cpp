#include "node/console_history.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <sstream>

#include "sys/error.h"

namespace relmk {
namespace {

constexpr size_t kMostLines = 1000;

}  // namespace

fs::path ConsoleHistory::default_file() {
  const char* cache = std::getenv("XDG_CACHE_HOME");
  const char* home = std::getenv("HOME");
  if (cache != nullptr && *cache == '/') return fs::path(cache) / "relmk" / "console_history";
  if (home == nullptr || *home == '\0') return {};
  return fs::path(home) / ".cache" / "relmk" / "console_history";
}

ConsoleHistory::ConsoleHistory(fs::path file, std::string secret)
    : file_(std::move(file)), secret_(std::move(secret)) {
  if (file_.empty()) return;
  try {
    make_directories(file_.parent_path());
    std::error_code error;
    if (!fs::exists(file_, error)) return;
    std::istringstream text(read_file(file_));
    for (std::string line; std::getline(text, line);)
      lines_.push_back(line);
    if (lines_.size() <= kMostLines) return;
    lines_.erase(lines_.begin(), lines_.end() - kMostLines);
    std::string kept;
    for (const std::string& line : lines_)
      kept += line + "\n";
    write_file(file_, kept, 0600);
  } catch (const Error&) {
    file_.clear();
  }
}

void ConsoleHistory::add(const std::string& line) {
  if (!secret_.empty() && line.find(secret_) != std::string::npos) return;
  if (!lines_.empty() && lines_.back() == line) return;
  lines_.push_back(line);
  if (file_.empty()) return;
  const int descriptor = ::open(file_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (descriptor < 0) return;
  const std::string text = line + "\n";
  if (::write(descriptor, text.data(), text.size()) < 0) file_.clear();
  ::close(descriptor);
}

}  // namespace relmk
