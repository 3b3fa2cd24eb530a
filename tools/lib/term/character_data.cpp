#include "term/character_data.h"

#include "sys/utf8.h"

namespace relmk::term {
namespace {

// Hands a sink each number of a deep list, and each binary, from the left; false when the term is
// no such list, or the sink says no.
template <typename Sink>
bool flatten(const Term& term, Sink& sink) {
  if (term.is_binary()) return sink.bytes(term.bytes());
  if (!term.is_list()) return false;
  for (const Term& element : term.elements()) {
    if (element.is_small_integer() ? !sink.number(element.as_integer()) : !flatten(element, sink))
      return false;
  }
  return term.tail() == nullptr || (term.tail()->is_binary() && sink.bytes(term.tail()->bytes()));
}

bool is_character(int64_t c) {
  return c >= 0 && c <= 0x10ffff && (c < 0xd800 || c > 0xdfff);
}

struct CodePoints {
  std::u32string text;

  bool number(int64_t c) {
    if (!is_character(c)) return false;
    text += static_cast<char32_t>(c);
    return true;
  }
  bool bytes(std::string_view rest) {
    while (!rest.empty()) {
      const sys::Utf8Character c = sys::utf8_character(rest);
      if (c.size == 0) return false;
      text += c.code_point;
      rest.remove_prefix(c.size);
    }
    return true;
  }
};

struct Utf8 {
  std::string text;

  bool number(int64_t c) {
    if (!is_character(c)) return false;
    sys::append_utf8(text, static_cast<char32_t>(c));
    return true;
  }
  bool bytes(std::string_view part) {
    text += part;
    for (size_t n; !part.empty(); part.remove_prefix(n)) {
      n = sys::utf8_character(part).size;
      if (n == 0) return false;
    }
    return true;
  }
};

struct Latin1 {
  std::string text;

  bool number(int64_t c) {
    if (c < 0 || c > 0xff) return false;
    sys::append_utf8(text, static_cast<char32_t>(c));
    return true;
  }
  bool bytes(std::string_view part) {
    text += sys::utf8(sys::latin1_code_points(part));
    return true;
  }
};

struct Bytes {
  std::string text;

  bool number(int64_t byte) {
    if (byte < 0 || byte > 0xff) return false;
    text += static_cast<char>(byte);
    return true;
  }
  bool bytes(std::string_view part) {
    text += part;
    return true;
  }
};

template <typename Sink>
auto flattened(const Term& term) -> std::optional<decltype(Sink::text)> {
  Sink sink;
  if (!flatten(term, sink)) return {};
  return std::move(sink.text);
}

}  // namespace

std::optional<std::u32string> chardata(const Term& term) {
  return flattened<CodePoints>(term);
}

std::optional<std::string> chardata_utf8(const Term& term, Encoding encoding) {
  return encoding == Encoding::Latin1 ? flattened<Latin1>(term) : flattened<Utf8>(term);
}

std::optional<std::string> iodata(const Term& term) {
  return flattened<Bytes>(term);
}

Term character_list(std::u32string_view text) {
  Terms elements;
  elements.reserve(text.size());
  for (const char32_t c : text)
    elements.emplace_back(static_cast<int64_t>(c));
  return Term::list(std::move(elements));
}

}  // namespace relmk::term
