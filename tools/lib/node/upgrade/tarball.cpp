#include "node/upgrade/tarball.h"

#include <sha2.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "sys/error.h"
#include "sys/gzip.h"

namespace relmk::node {
namespace {

constexpr size_t kBlock = 512, kType = 156;

std::string_view text_field(std::string_view header, size_t offset, size_t size) {
  const std::string_view field = header.substr(offset, size);
  return field.substr(0, field.find('\0'));
}

// Octal digits, or, with the highest bit set, a binary number (GNU tar's, for large ones).
std::optional<uint64_t> number_field(std::string_view header, size_t offset, size_t size) {
  std::string_view field = header.substr(offset, size);
  if (static_cast<unsigned char>(field[0]) == 0x80) {
    uint64_t value = 0;
    for (const char c : field.substr(1))
      value = value << 8 | static_cast<unsigned char>(c);
    return value;
  }
  field = field.substr(0, field.find('\0'));
  while (field.starts_with(' '))
    field.remove_prefix(1);
  while (field.ends_with(' '))
    field.remove_suffix(1);
  uint64_t value = 0;
  if (field.empty()) return value;
  const auto [end, error] = std::from_chars(field.begin(), field.end(), value, 8);
  if (error != std::errc() || end != field.end()) return std::nullopt;
  return value;
}

bool has_right_checksum(std::string_view header) {
  constexpr size_t kAt = 148, kSize = 8;
  uint64_t sum = 0;
  for (size_t i = 0; i < kBlock; ++i)
    sum += i >= kAt && i < kAt + kSize ? ' ' : static_cast<unsigned char>(header[i]);
  return number_field(header, kAt, kSize) == sum;
}

// `17 path=some/where\n`…
std::map<std::string, std::string, std::less<>> pax_records(std::string_view text) {
  std::map<std::string, std::string, std::less<>> records;
  while (!text.empty()) {
    size_t length = 0;
    const auto [end, error] = std::from_chars(text.begin(), text.end(), length);
    const auto digits = static_cast<size_t>(end - text.begin());
    if (error != std::errc() || length <= digits + 1 || length > text.size()) break;
    const std::string_view record = text.substr(digits + 1, length - digits - 2);
    const size_t equals = record.find('=');
    if (equals != record.npos)
      records[std::string(record.substr(0, equals))] = record.substr(equals + 1);
    text.remove_prefix(length);
  }
  return records;
}

std::vector<std::string_view> parts_of(std::string_view path) {
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    const size_t slash = path.find('/');
    const std::string_view part = path.substr(0, slash);
    if (!part.empty() && part != ".") parts.push_back(part);
    path = slash == path.npos ? std::string_view() : path.substr(slash + 1);
  }
  return parts;
}

std::string joined(const std::vector<std::string_view>& parts) {
  std::string path;
  for (const std::string_view part : parts) {
    if (!path.empty()) path += '/';
    path += part;
  }
  return path;
}

bool leads_out(std::string_view link, std::string_view target) {
  if (target.empty() || target.starts_with('/')) return true;
  size_t depth = parts_of(link).size() - 1;
  for (const std::string_view part : parts_of(target)) {
    if (part != "..")
      ++depth;
    else if (depth-- == 0)
      return true;
  }
  return false;
}

}  // namespace

Tarball::Tarball(const fs::path& file) : Tarball(file.string(), sys::read_file(file)) {}

Tarball::Tarball(std::string name, std::string bytes) : name_(std::move(name)) {
  if (sys::is_gzip(bytes)) {
    try {
      bytes_ = sys::gunzip(bytes);
    } catch (const Error&) {
      fail("the file is damaged or cut off: it is no whole gzip file");
    }
  } else {
    bytes_ = std::move(bytes);
  }
  read();
  check_links();
}

void Tarball::fail(const std::string& reason) const {
  throw Error(name_, reason).with_hint("copy the tarball anew, or make it anew by make-tar");
}

// What the entries before a member say of it: its size, its path and what it links to, where these
// do not fit into its header.
struct Tarball::Extension {
  std::map<std::string, std::string, std::less<>> pax;
  std::string long_path, long_target;

  // Whether the entry says such a thing; takes it then.
  bool take(char type, std::string_view content) {
    switch (type) {
      case 'L':
        long_path = text_field(content, 0, content.size());
        return true;
      case 'K':
        long_target = text_field(content, 0, content.size());
        return true;
      case 'x':
        pax = pax_records(content);
        return true;
      default:
        return type == 'g';
    }
  }

  std::string path(std::string_view header) const {
    if (const auto given = pax.find("path"); given != pax.end()) return given->second;
    if (!long_path.empty()) return long_path;
    const std::string name(text_field(header, 0, 100));
    if (header.substr(257, 6) != std::string_view("ustar\0", 6)) return name;
    const std::string_view prefix = text_field(header, 345, 155);
    return prefix.empty() ? name : std::string(prefix) + "/" + name;
  }

  std::string target(std::string_view header) const {
    if (const auto given = pax.find("linkpath"); given != pax.end()) return given->second;
    return long_target.empty() ? std::string(text_field(header, 157, 100)) : long_target;
  }
};

void Tarball::read() {
  std::string_view rest = bytes_;
  Extension extension;
  for (;;) {
    if (rest.size() < kBlock) fail("the file is damaged or cut off: it is no whole tar file");
    const std::string_view header = rest.substr(0, kBlock);
    rest.remove_prefix(kBlock);
    if (header.find_first_not_of('\0') == header.npos) return;
    if (!has_right_checksum(header)) fail("the file is damaged: a tar header has a wrong checksum");
    const char type = header[kType];
    std::optional<uint64_t> size = number_field(header, 124, 12);
    if (const auto given = extension.pax.find("size");
        given != extension.pax.end() && type != 'x' && type != 'g') {
      size = std::strtoull(given->second.c_str(), nullptr, 10);
    }
    if (!size || *size > rest.size())
      fail("the file is damaged or cut off: it is no whole tar file");
    const std::string_view content = rest.substr(0, *size);
    rest.remove_prefix(std::min(rest.size(), (*size + kBlock - 1) / kBlock * kBlock));
    if (!extension.take(type, content))
      read_member(header, content, std::exchange(extension, Extension{}));
  }
}

void Tarball::read_member(std::string_view header, std::string_view content,
                          const Extension& extension) {
  const std::string path = extension.path(header);
  const auto parts = parts_of(path);
  if (path.starts_with('/') || path.find('\0') != path.npos ||
      std::find(parts.begin(), parts.end(), "..") != parts.end()) {
    fail("holds `" + path + "`, which lies outside of the release");
  }
  if (parts.empty()) return;  // ./
  TarMember member;
  member.path = joined(parts);
  member.mode = static_cast<unsigned>(number_field(header, 100, 8).value_or(0644)) & 0777;
  switch (header[kType]) {
    case '0':
    case '\0':
    case '7':
      member.content = content;
      if (path.ends_with('/')) member.kind = TarMember::Kind::Directory;
      break;
    case '5':
      member.kind = TarMember::Kind::Directory;
      break;
    case '2':
      member.kind = TarMember::Kind::Link;
      member.target = extension.target(header);
      break;
    case '1': {
      const TarMember* original = find(joined(parts_of(extension.target(header))));
      if (original == nullptr || original->kind != TarMember::Kind::File) {
        fail("holds the hard link `" + member.path + "` to what it does not hold");
      }
      member.content = original->content;
      break;
    }
    default:
      fail("holds `" + member.path + "`, which is neither file, directory nor link");
  }
  add(std::move(member));
}

void Tarball::add(TarMember member) {
  const auto [at, is_new] = index_.emplace(member.path, members_.size());
  if (is_new)
    members_.push_back(std::move(member));
  else
    members_[at->second] = std::move(member);
}

void Tarball::check_links() const {
  std::set<std::string_view> links;
  for (const TarMember& member : members_) {
    if (member.kind != TarMember::Kind::Link) continue;
    if (leads_out(member.path, member.target)) {
      fail("holds the link `" + member.path + "` -> `" + member.target +
           "`, which leads out of the release");
    }
    links.insert(member.path);
  }
  if (links.empty()) return;
  for (const TarMember& member : members_) {
    for (size_t slash = member.path.find('/'); slash != std::string::npos;
         slash = member.path.find('/', slash + 1)) {
      if (links.contains(std::string_view(member.path).substr(0, slash))) {
        fail("holds `" + member.path + "`, whose path leads through a link");
      }
    }
  }
}

const TarMember* Tarball::find(std::string_view path) const {
  const auto at = index_.find(path);
  return at == index_.end() ? nullptr : &members_[at->second];
}

bool check_digest(const fs::path& file) {
  const fs::path digest = file.string() + ".sha256";
  std::error_code error;
  if (!fs::exists(digest, error)) return false;
  const std::string text = sys::read_file(digest);
  std::string told = text.substr(0, text.find_first_of(" \t\r\n"));
  if (told.starts_with('\\')) told.erase(0, 1);  // sha256sum's mark of a name with escapes
  std::transform(told.begin(), told.end(), told.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  std::array<char, SHA256_DIGEST_STRING_LENGTH> actual{};
  if (SHA256File(file.c_str(), actual.data()) == nullptr) {
    throw sys::system_error(file, "cannot read", errno);
  }
  if (told != actual.data()) {
    throw Error(file, "has not the digest that " + digest.filename().string() +
                          " tells: SHA-256 is " + actual.data() + ", not " + told)
        .with_hint("copy both files anew");
  }
  return true;
}

}  // namespace relmk::node
