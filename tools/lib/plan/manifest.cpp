#include "plan/manifest.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <ctime>
#include <functional>
#include <utility>

#include "sys/directory.h"
#include "sys/error.h"
#include "sys/version.h"
#include "sys/workers.h"

namespace relmk::plan {
namespace {

constexpr std::string_view kFormat = "relmk manifest 2 ";
constexpr std::string_view kHeading = "relmk manifest 2 " RELMK_VERSION "\n";

// The kernel's clock for files ticks at least this often. What was changed within a tick before it
// is looked at may be changed again without a trace.
constexpr int64_t kTick = 20'000'000;

int64_t nanoseconds(const timespec& time) {
  return time.tv_sec * 1'000'000'000 + time.tv_nsec;
}

int64_t now() {
  timespec time{};
  ::clock_gettime(CLOCK_REALTIME, &time);
  return nanoseconds(time);
}

// Paths may hold any byte: newlines, tabs and backslashes are written as \n, \t and \\.
void append_escaped(std::string& out, std::string_view text) {
  if (text.find_first_of("\n\t\\") == std::string_view::npos) {
    out += text;
    return;
  }
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c == '\\') {
      out += "\\\\";
    } else {
      out += c;
    }
  }
}

std::string unescaped(std::string_view text) {
  if (text.find('\\') == std::string_view::npos) return std::string(text);
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) {
      ++i;
      out += text[i] == 'n' ? '\n' : text[i] == 't' ? '\t' : text[i];
    } else {
      out += text[i];
    }
  }
  return out;
}

template <typename Number>
void append_number(std::string& out, Number number) {
  char digits[24];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, number, 16).ptr);
  out += ' ';
}

void append_stamp(std::string& out, const FileStamp& stamp) {
  append_number(out, stamp.inode);
  append_number(out, stamp.size);
  append_number(out, stamp.modified);
  append_number(out, stamp.changed);
  append_number(out, stamp.mode);
}

// Reads numbers, each with a blank behind it; `failed` once one was none.
class Numbers {
 public:
  explicit Numbers(std::string_view text) : text_(text) {}

  template <typename Number>
  void read(Number& number) {
    const char* end = text_.data() + text_.size();
    const auto [stop, error] = std::from_chars(text_.data(), end, number, 16);
    if (error != std::errc() || stop == end || *stop != ' ') {
      failed = true;
      return;
    }
    text_.remove_prefix(static_cast<size_t>(stop - text_.data()) + 1);
  }
  void read(FileStamp& stamp) {
    read(stamp.inode);
    read(stamp.size);
    read(stamp.modified);
    read(stamp.changed);
    read(stamp.mode);
  }

  bool failed = false;

 private:
  std::string_view text_;
};

// The part in front of a tab or newline.
std::string_view take_field(std::string_view& rest, char end) {
  const size_t at = std::min(rest.find(end), rest.size());
  const std::string_view field = rest.substr(0, at);
  rest.remove_prefix(std::min(at + 1, rest.size()));
  return field;
}

bool read_entry(std::string_view line, ManifestEntry& entry) {
  Numbers numbers(take_field(line, '\t'));
  int kind = 0;
  numbers.read(kind);
  numbers.read(entry.mode);
  numbers.read(entry.content);
  numbers.read(entry.source_stamp);
  numbers.read(entry.target);
  entry.kind = static_cast<PlannedFile::Kind>(kind);
  entry.path = unescaped(take_field(line, '\t'));
  entry.source = unescaped(line);
  return !numbers.failed;
}

ManifestEntry entry_of(const std::string& path, const PlannedFile& file) {
  using Kind = PlannedFile::Kind;
  ManifestEntry entry;
  entry.path = path;
  entry.kind = file.kind;
  if (file.mode) entry.mode = static_cast<int>(*file.mode);
  entry.source = file.source;
  // One digest is enough here: it is compared with that of the last assembly only.
  const bool is_of_chunks = file.kind == Kind::Chunks || file.kind == Kind::CompressedChunks ||
                            (file.kind == Kind::Strip && !file.content.empty());
  if (is_written(file) || is_of_chunks)
    entry.content = std::hash<std::string>{}(file.content) ^ file.content.size();
  return entry;
}

}  // namespace

FileStamp FileStamp::of(const struct stat& status) {
  return {status.st_ino, status.st_size, nanoseconds(status.st_mtim), nanoseconds(status.st_ctim),
          status.st_mode};
}

FileStamp FileStamp::of_source(const struct stat& status) {
  FileStamp stamp = of(status);
  if (stamp.changed + kTick > now()) stamp.changed = 0;
  return stamp;
}

FileStamp FileStamp::at(const fs::path& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0 ? of(status) : FileStamp{};
}

Sameness compare(const FileStamp& before, const FileStamp& now) {
  if (before.size != now.size || before.modified != now.modified || before.mode != now.mode)
    return Sameness::Other;
  const bool is_certain = before.changed != 0 && before.changed == now.changed;
  return is_certain && before.inode == now.inode ? Sameness::Same : Sameness::Perhaps;
}

bool ManifestEntry::same_recipe(const ManifestEntry& other) const {
  return kind == other.kind && mode == other.mode && source == other.source &&
         content == other.content;
}

Manifest Manifest::of_plan(const Plan& plan) {
  std::vector<const std::pair<const std::string, PlannedFile>*> files;
  files.reserve(plan.files().size());
  for (const auto& file : plan.files())
    files.push_back(&file);
  Manifest manifest;
  manifest.entries_.resize(files.size());
  sys::for_each_part_parallel(files.size(), [&](size_t first, size_t end) {
    for (size_t i = first; i < end; ++i)
      manifest.entries_[i] = entry_of(files[i]->first, files[i]->second);
  });
  return manifest;
}

void Manifest::look_at_sources() {
  sys::for_each_part_parallel(entries_.size(), [&](size_t first, size_t end) {
    sys::PathWalk walk;
    for (size_t i = first; i < end; ++i) {
      ManifestEntry& entry = entries_[i];
      if (entry.kind == PlannedFile::Kind::Link || entry.source.empty()) continue;
      const auto [directory, name] = walk.place_of(entry.source);
      struct stat status {};
      if (::fstatat(directory, name, &status, 0) != 0)
        throw sys::system_error(entry.source, "cannot read", errno);
      entry.source_stamp = FileStamp::of_source(status);
    }
  });
}

std::optional<Manifest> Manifest::read(const fs::path& file) {
  std::string text;
  try {
    text = sys::read_file(file);
  } catch (const Error&) {
    return {};
  }
  std::string_view rest = text;
  if (!rest.starts_with(kFormat) || rest.back() != '\n') return {};
  const bool is_of_this_version = rest.starts_with(kHeading);
  take_field(rest, '\n');
  Manifest manifest;
  constexpr size_t kUsualLine = 200;  // bytes
  manifest.entries_.reserve(rest.size() / kUsualLine);
  while (!rest.empty()) {
    ManifestEntry& entry = manifest.entries_.emplace_back();
    if (!read_entry(take_field(rest, '\n'), entry)) return {};
    // Another version may make other files of the same sources.
    if (!is_of_this_version) entry.source_stamp = {};
  }
  return manifest;
}

std::string Manifest::text() const {
  std::string text(kHeading);
  const int64_t present = now();
  for (const ManifestEntry& entry : entries_) {
    // Of a file without a source, only what was made says that it is unchanged.
    FileStamp target = entry.target;
    if (entry.source.empty() && target.changed + kTick > present) target.changed = 0;
    append_number(text, static_cast<int>(entry.kind));
    append_number(text, entry.mode);
    append_number(text, entry.content);
    append_stamp(text, entry.source_stamp);
    append_stamp(text, target);
    text += '\t';
    append_escaped(text, entry.path);
    text += '\t';
    append_escaped(text, entry.source);
    text += '\n';
  }
  return text;
}

const ManifestEntry* Manifest::find(std::string_view path) const {
  const auto found = std::lower_bound(
      entries_.begin(), entries_.end(), path,
      [](const ManifestEntry& entry, std::string_view wanted) { return entry.path < wanted; });
  return found != entries_.end() && found->path == path ? &*found : nullptr;
}

}  // namespace relmk::plan
