// SourceEncoding comments, as epp:read_encoding/1 finds them.
#include <cctype>
#include <optional>

#include "term/scanner.h"

namespace relmk::term {

namespace {

enum class SourceEncoding { Utf8, Latin1 };

// The encoding that follows `coding`: `: utf-8`, ` = latin-1`. nullopt when these words are no
// encoding comment; an unknown encoding counts as UTF-8, which is the default.
std::optional<SourceEncoding> encoding_named(std::string_view text) {
  const auto skip_spaces = [&text] {
    while (text.starts_with(' '))
      text.remove_prefix(1);
  };
  skip_spaces();
  if (!text.starts_with(':') && !text.starts_with('=')) return {};
  text.remove_prefix(1);
  skip_spaces();
  std::string name;
  for (const char c : text) {
    if (c != '-' && (std::isalnum(static_cast<unsigned char>(c)) == 0 || (c & 0x80) != 0)) break;
    name += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  const bool is_latin1 = name == "latin-1" || name.starts_with("latin-1-");
  return is_latin1 ? SourceEncoding::Latin1 : SourceEncoding::Utf8;
}

SourceEncoding source_encoding(std::string_view bytes) {
  for (int line = 0; line < 2; ++line) {
    const size_t end = std::min(bytes.find('\n'), bytes.size());
    std::string_view text = bytes.substr(0, end);
    text.remove_prefix(std::min(text.find('%'), text.size()));
    constexpr std::string_view kWord = "coding";
    for (size_t at = text.find(kWord); at != text.npos; at = text.find(kWord)) {
      text.remove_prefix(at + kWord.size());
      if (const auto encoding = encoding_named(text)) return *encoding;
    }
    bytes.remove_prefix(std::min(end + 1, bytes.size()));
  }
  return SourceEncoding::Utf8;
}

}  // namespace

std::u32string decode_source(const std::string& file, std::string_view bytes) {
  constexpr size_t kLargest = size_t{16} << 20;
  if (bytes.size() > kLargest) throw Error(file, "a file of terms of more than 16 MiB");
  if (source_encoding(bytes) == SourceEncoding::Latin1) return sys::latin1_code_points(bytes);
  std::u32string out;
  out.reserve(bytes.size());
  Position at{1, 1};
  for (size_t i = 0; i < bytes.size();) {
    // Most of a source is ASCII, as it stands.
    if ((bytes[i] & 0x80) == 0) {
      const char c = bytes[i++];
      out += static_cast<unsigned char>(c);
      ++at.column;
      if (c == '\n') at = {at.line + 1, 1};
      continue;
    }
    const sys::Utf8Character c = sys::utf8_character(bytes.substr(i));
    if (c.size == 0) throw Error(file, at, "cannot translate from UTF-8");
    out += c.code_point;
    i += c.size;
    ++at.column;
  }
  return out;
}

}  // namespace relmk::term
