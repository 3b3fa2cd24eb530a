#include "enit/json.h"

#include <algorithm>

#include "otp/application/print_line.h"
#include "sys/json.h"
#include "sys/utf8.h"
#include "term/print.h"

namespace relmk::enit {

using sys::json_string;

namespace {

// A list of which people would say that it is a text (io_lib:printable_unicode_list/1), and not
// numbers.
bool is_text(const Term& term) {
  if (!term.is_string() || term.is_nil()) return false;
  const std::string text = term.to_utf8();
  const auto points = sys::code_points(text);
  return std::all_of(points.begin(), points.end(), [](char32_t c) {
    return (c >= 0x20 && c < 0x7f) || c >= 0xa0 || (c >= 8 && c <= 13) || c == 27;
  });
}

}  // namespace

std::string json_value(const Term& term) {
  if (term.is_boolean()) return term.atom_text();
  if (term.kind() == term::TermKind::Number) return term::print_number(term);
  if (term.is_atom()) return json_string(term.atom_text());
  if (term.is_binary()) return json_string(term.bytes());
  if (is_text(term)) return json_string(term.to_utf8());
  if (term.is_proper_list()) {
    std::string out;
    for (const Term& element : term.elements())
      out += (out.empty() ? "" : ",") + json_value(element);
    return "[" + out + "]";
  }
  if (term.is_map()) {
    std::string out;
    for (const auto& [key, value] : term.entries()) {
      if (!key.is_atom() && !key.is_binary()) return json_string(otp::print_line(term));
      out += (out.empty() ? "" : ",") + json_string(key.is_atom() ? key.atom_text() : key.bytes()) +
             ":" + json_value(value);
    }
    return "{" + out + "}";
  }
  return json_string(otp::print_line(term));
}

}  // namespace relmk::enit
