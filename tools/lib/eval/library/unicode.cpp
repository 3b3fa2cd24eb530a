// Module unicode.
#include "eval/library/support.h"
#include "sys/utf8.h"
#include "term/character_data.h"

namespace relmk::eval {
namespace unicode_module {
namespace {

bool is_unicode(const Term& encoding) {
  return encoding.is_atom("unicode") || encoding.is_atom("utf8");
}

// Text that is not what it should be gives {error, …} or {incomplete, …}: the VM knows which.
std::u32string decoded(const Terms& a) {
  const bool latin1 = a.size() > 1 && a[1].is_atom("latin1");
  if (a.size() > 1 && !latin1 && !is_unicode(a[1])) leave_to_vm("unicode with other encodings");
  if (latin1) {
    const std::optional<std::string> bytes = term::iodata(a[0]);
    if (!bytes) leave_to_vm("unicode with malformed Latin-1");
    return sys::latin1_code_points(*bytes);
  }
  const std::optional<std::u32string> text = term::chardata(a[0]);
  if (!text) leave_to_vm("unicode with malformed text");
  return *text;
}

Term characters_to_list(Evaluator&, const Terms& a) {
  return term::character_list(decoded(a));
}

Term characters_to_binary(Evaluator&, const Terms& a) {
  const std::u32string text = decoded(a);
  if (a.size() < 3 || is_unicode(a[2])) return Term::binary(sys::utf8(text));
  if (!a[2].is_atom("latin1")) leave_to_vm("unicode with other encodings");
  std::string bytes;
  for (const char32_t c : text) {
    if (c > 0xff) leave_to_vm("unicode with characters beyond Latin-1");
    bytes += static_cast<char>(c);
  }
  return Term::binary(std::move(bytes));
}

constexpr LibraryFunction kFunctions[] = {
    {"characters_to_binary", 1, characters_to_binary},
    {"characters_to_binary", 2, characters_to_binary},
    {"characters_to_binary", 3, characters_to_binary},
    {"characters_to_list", 1, characters_to_list},
    {"characters_to_list", 2, characters_to_list},
};

}  // namespace
}  // namespace unicode_module

LibraryTable unicode_functions() {
  return unicode_module::kFunctions;
}

}  // namespace relmk::eval
