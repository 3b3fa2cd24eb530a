#include "eval/library/support.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "eval/evaluate/fun.h"
#include "sys/utf8.h"
#include "term/character_data.h"

namespace relmk::eval {
namespace {

// Maps of more keys have no order that one could tell.
constexpr size_t kSmallMap = 32;

// No place in a text: marks a list that was not read from one.
constexpr Position kUncertainShape{-1, -1};

bool locale_is_utf8() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const char* value = std::getenv(name);
    if (value == nullptr || *value == '\0') continue;
    const std::string locale = value;
    return locale.find("UTF-8") != std::string::npos || locale.find("utf8") != std::string::npos;
  }
  return false;
}

bool collect_name(const Term& term, std::u32string& into) {
  if (term.is_atom()) {
    into += sys::code_points(term.atom_text());
    return true;
  }
  if (!term.is_proper_list()) return false;
  for (const Term& element : term.elements()) {
    if (element.is_small_integer()) {
      const int64_t c = element.as_integer();
      if (c < 1 || c > 0x10ffff) return false;
      into += static_cast<char32_t>(c);
    } else if (!collect_name(element, into)) {
      return false;
    }
  }
  return true;
}

}  // namespace

void leave_to_vm(const std::string& what) {
  throw UnknownToEvaluator(what);
}

void raise_function_clause() {
  raise_error("function_clause");
}

Term ok(Term value) {
  return Term::tuple({Term::atom("ok"), std::move(value)});
}

Term error_tuple(Term reason) {
  return Term::tuple({Term::atom("error"), std::move(reason)});
}

Term error_tuple(std::string_view reason) {
  return error_tuple(Term::atom(reason));
}

std::string posix_name(int number) {
  const char* name = ::strerrorname_np(number);
  if (name == nullptr) leave_to_vm("an unknown system error");
  std::string lower = name;
  for (char& c : lower)
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower;
}

Term posix_error(int number) {
  return error_tuple(posix_name(number));
}

const Terms& list_elements(const Term& list) {
  if (!list.is_proper_list()) leave_to_vm("a library function with something that is no list");
  return list.elements();
}

const Term& fun_of(const Term& fun, size_t arity) {
  if (!is_function(fun, arity)) leave_to_vm("a library function with something that is no fun");
  return fun;
}

bool truth(const Term& answer) {
  if (!answer.is_boolean()) leave_to_vm("a library function whose fun is neither true nor false");
  return answer.is_atom("true");
}

int64_t small_integer(const Term& term) {
  if (!term.is_small_integer()) raise_badarg();
  return term.as_integer();
}

const std::vector<Term::MapEntry>& entries_in_order(const Evaluator& evaluator, const Term& map) {
  const auto& entries = map.entries();
  if (entries.size() > kSmallMap) leave_to_vm("the order of a large map");
  size_t atoms = 0;
  for (const auto& [key, value] : entries)
    atoms += key.is_atom() ? 1 : 0;
  const bool sorted = evaluator.otp_release() != 0 && evaluator.otp_release() < 26;
  if (atoms > 1 && !sorted) leave_to_vm("the order of a map with several atoms for keys");
  return entries;
}

Term with_uncertain_shape(Terms elements) {
  return Term::list(std::move(elements), kUncertainShape);
}

bool has_uncertain_shape(const Term& term) {
  if (term.is_map()) {
    for (const auto& [key, value] : term.entries()) {
      if (has_uncertain_shape(key) || has_uncertain_shape(value)) return true;
    }
    return false;
  }
  if (!term.is_tuple() && !term.is_list()) return false;
  if (term.position() == kUncertainShape) return true;
  for (const Term& element : term.elements()) {
    if (has_uncertain_shape(element)) return true;
  }
  return term.is_list() && term.tail() != nullptr && has_uncertain_shape(*term.tail());
}

bool has_option(const Term& options, std::string_view name) {
  for (const Term& option : options.elements()) {
    if (option.is_atom(name)) return true;
  }
  return false;
}

Term native_string(std::string_view bytes) {
  if (!locale_is_utf8()) return term::character_list(sys::latin1_code_points(bytes));
  for (std::string_view rest = bytes; !rest.empty();) {
    const sys::Utf8Character c = sys::utf8_character(rest);
    if (c.size == 0) leave_to_vm("a name that is no UTF-8");
    rest.remove_prefix(c.size);
  }
  return Term::string(bytes);
}

std::string native_bytes(std::u32string_view text) {
  if (locale_is_utf8()) return sys::utf8(text);
  std::string bytes;
  for (const char32_t c : text) {
    if (c > 0xff) leave_to_vm("a name beyond Latin-1");
    bytes += static_cast<char>(c);
  }
  return bytes;
}

std::optional<std::string> file_name(const Term& term) {
  if (term.is_binary()) {
    if (term.bytes().find('\0') != std::string::npos) return {};
    return term.bytes();
  }
  std::u32string text;
  if (!collect_name(term, text)) return {};
  return native_bytes(text);
}

}  // namespace relmk::eval
