#include "sys/json.h"

#include <fmt/core.h>

#include "sys/utf8.h"

namespace relmk::sys {

std::string json_string(std::string_view text) {
  std::string out = "\"";
  for (const char32_t c : code_points(text)) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += static_cast<char>(c);
    } else if (c < 0x20 || c == 0x7f) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      append_utf8(out, c);
    }
  }
  return out + "\"";
}

std::string json_strings(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts)
    out += (out.empty() ? "" : ",") + json_string(text);
  return "[" + out + "]";
}

}  // namespace relmk::sys
