// Modules io and io_lib: text of terms, printed or as characters.
#include <algorithm>

#include "eval/library/erlang.h"
#include "eval/library/format.h"
#include "eval/library/support.h"
#include "sys/utf8.h"
#include "term/character_data.h"
#include "term/print.h"

namespace relmk::eval {
namespace {

Term done() {
  return Term::atom("ok");
}

void check_device(const Term& device) {
  for (const char* known : {"user", "standard_io", "standard_error"}) {
    if (device.is_atom(known)) return;
  }
  leave_to_vm("io to another device");
}

void print_chars(Evaluator& evaluator, const Term& chars) {
  const std::optional<std::u32string> text = term::chardata(chars);
  if (!text) leave_to_vm("io with malformed text");
  evaluator.print(sys::utf8(*text));
}

Term io_format(Evaluator& evaluator, const Terms& a) {
  if (a.size() == 3) check_device(a[0]);
  const Term arguments = a.size() == 1 ? Term() : a.back();
  print_chars(evaluator, format_chars(evaluator, a.size() == 3 ? a[1] : a[0], arguments));
  return done();
}

Term io_put_chars(Evaluator& evaluator, const Terms& a) {
  if (a.size() == 2) check_device(a[0]);
  print_chars(evaluator, a.back());
  return done();
}

Term io_nl(Evaluator& evaluator, const Terms& a) {
  if (a.size() == 1) check_device(a[0]);
  evaluator.print("\n");
  return done();
}

Term io_write(Evaluator& evaluator, const Terms& a) {
  if (a.size() == 2) check_device(a[0]);
  check_printable(evaluator, a.back());
  evaluator.print(term::print_plain(a.back(), true));
  return done();
}

Term format(Evaluator& evaluator, const Terms& a) {
  return format_chars(evaluator, a[0], a[1]);
}

Term shaped(const std::string& text, const Term& term) {
  const Term flat = Term::string(text);
  const bool simple = term.is_atom() || term.kind() == term::TermKind::Number;
  return simple ? flat : with_uncertain_shape(flat.elements());
}

Term write_1(Evaluator& evaluator, const Terms& a) {
  check_printable(evaluator, a[0]);
  return shaped(term::print_plain(a[0], false), a[0]);
}

Term print_1(Evaluator& evaluator, const Terms& a) {
  check_printable(evaluator, a[0]);
  return shaped(term::print_pretty(a[0], {.unicode = false}), a[0]);
}

Term write_atom(Evaluator&, const Terms& a) {
  if (!a[0].is_atom()) leave_to_vm("io_lib:write_atom/1");
  return Term::string(term::print_atom(a[0].as_atom(), true));
}

Term nl(Evaluator&, const Terms&) {
  return Term::string("\n");
}

bool is_printable_latin1(int64_t c) {
  return (c >= ' ' && c <= '~') || (c >= 0xa0 && c <= 0xff) || (c >= '\b' && c <= '\r') || c == 27;
}

bool is_printable_unicode(int64_t c) {
  return is_printable_latin1(c) || (c > 0xff && c < 0xd800) || (c > 0xdfff && c < 0xfffe) ||
         (c > 0xffff && c <= 0x10ffff);
}

Term all_are(const Term& list, bool (*test)(int64_t)) {
  if (!list.is_proper_list()) return Term::boolean(false);
  return Term::boolean(
      std::all_of(list.elements().begin(), list.elements().end(),
                  [&](const Term& c) { return c.is_small_integer() && test(c.as_integer()); }));
}

Term printable_latin1(Evaluator&, const Terms& a) {
  return all_are(a[0], is_printable_latin1);
}
Term printable_unicode(Evaluator&, const Terms& a) {
  return all_are(a[0], is_printable_unicode);
}

bool is_byte(int64_t c) {
  return c >= 0 && c <= 0xff;
}
bool is_code_point(int64_t c) {
  return (c >= 0 && c < 0xd800) || (c > 0xdfff && c <= 0x10ffff);
}

Term latin1_char_list(Evaluator&, const Terms& a) {
  return all_are(a[0], is_byte);
}
Term char_list(Evaluator&, const Terms& a) {
  return all_are(a[0], is_code_point);
}

constexpr LibraryFunction kIo[] = {
    {"format", 1, io_format},
    {"format", 2, io_format},
    {"format", 3, io_format},
    {"fwrite", 1, io_format},
    {"fwrite", 2, io_format},
    {"fwrite", 3, io_format},
    {"nl", 0, io_nl},
    {"nl", 1, io_nl},
    {"put_chars", 1, io_put_chars},
    {"put_chars", 2, io_put_chars},
    {"write", 1, io_write},
    {"write", 2, io_write},
};

constexpr LibraryFunction kIoLib[] = {
    {"char_list", 1, char_list},
    {"format", 2, format},
    {"fwrite", 2, format},
    {"latin1_char_list", 1, latin1_char_list},
    {"nl", 0, nl},
    {"print", 1, print_1},
    {"printable_latin1_list", 1, printable_latin1},
    {"printable_unicode_list", 1, printable_unicode},
    {"write", 1, write_1},
    {"write_atom", 1, write_atom},
};

}  // namespace

LibraryTable io_functions() {
  return kIo;
}

LibraryTable io_lib_functions() {
  return kIoLib;
}

}  // namespace relmk::eval
