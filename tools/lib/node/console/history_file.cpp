#include "node/console/history_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

#include "sys/error.h"
#include "sys/words.h"

namespace relmk::node {
namespace {

constexpr size_t kMostEntries = 1000;
// Stands for a newline within an entry, as in psql's history.
constexpr char kNewline = '\x01';

std::string with(std::string text, char wanted, char instead) {
  std::replace(text.begin(), text.end(), wanted, instead);
  return text;
}

}  // namespace

fs::path HistoryFile::default_file(const sys::Environment& environment) {
  const auto cache = environment.find("XDG_CACHE_HOME");
  const auto home = environment.find("HOME");
  if (cache != environment.end() && cache->second.starts_with('/')) {
    return fs::path(cache->second) / "relmk" / "console_history";
  }
  if (home == environment.end() || home->second.empty()) return {};
  return fs::path(home->second) / ".cache" / "relmk" / "console_history";
}

HistoryFile::HistoryFile(fs::path file, std::string secret)
    : file_(std::move(file)), secret_(std::move(secret)) {
  if (file_.empty()) return;
  try {
    sys::make_directories(file_.parent_path());
    std::error_code error;
    if (!fs::exists(file_, error)) return;
    const std::string text = sys::read_file(file_);
    for (const std::string_view line : sys::lines(text))
      entries_.push_back(with(std::string(line), kNewline, '\n'));
    if (entries_.size() <= kMostEntries) return;
    entries_.erase(entries_.begin(), entries_.end() - kMostEntries);
    std::string kept;
    for (const std::string& entry : entries_)
      kept += with(entry, '\n', kNewline) + "\n";
    sys::write_file(file_, kept, 0600);
  } catch (const Error&) {
    file_.clear();
  }
}

void HistoryFile::add(const std::string& entry) {
  if (!secret_.empty() && entry.find(secret_) != std::string::npos) return;
  if (!entries_.empty() && entries_.back() == entry) return;
  entries_.push_back(entry);
  if (file_.empty()) return;
  const int descriptor = ::open(file_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (descriptor < 0) return;
  const std::string text = with(entry, '\n', kNewline) + "\n";
  if (::write(descriptor, text.data(), text.size()) < 0) file_.clear();
  ::close(descriptor);
}

}  // namespace relmk::node
