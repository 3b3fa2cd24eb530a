// Module string, the functions on chardata. A character is a grapheme cluster there: where a text
// could hold one of several code points, the VM is asked.
#include <algorithm>

#include "eval/library/erlang.h"
#include "eval/library/string.h"
#include "eval/library/support.h"
#include "sys/utf8.h"
#include "term/character_data.h"

namespace relmk::eval {
namespace string_new_module {
namespace {

// Below this no code point combines with another one, but for \r\n.
constexpr char32_t kFirstCombining = 0x300;

struct Text {
  std::u32string code_points;
  bool binary = false;
};

// A flat string or a binary, of code points that are characters each.
Text text_of(const Term& term) {
  const bool flat = term.is_binary() || term.is_string();
  std::optional<std::u32string> text = flat ? term::chardata(term) : std::nullopt;
  if (!text) leave_to_vm("string with a text that is neither a flat string nor UTF-8");
  for (size_t i = 0; i < text->size(); ++i) {
    const char32_t c = (*text)[i];
    const bool pair = c == U'\r' && i + 1 < text->size() && (*text)[i + 1] == U'\n';
    if (c >= kFirstCombining || pair) leave_to_vm("string with grapheme clusters");
  }
  return {std::move(*text), term.is_binary()};
}

Term term_of(std::u32string_view text, bool binary) {
  return binary ? Term::binary(sys::utf8(text)) : term::character_list(text);
}

constexpr std::u32string_view kWhiteSpace = U"\t\n\v\f\r \u0085";

enum class Side { Leading, Trailing, Both };

Side side_of(const Term& term) {
  if (term.is_atom("leading")) return Side::Leading;
  if (term.is_atom("trailing")) return Side::Trailing;
  if (term.is_atom("both")) return Side::Both;
  leave_to_vm("string with an odd direction");
}

Term trim(Evaluator&, const Terms& a) {
  const Text text = text_of(a[0]);
  const Side side = a.size() > 1 ? side_of(a[1]) : Side::Both;
  std::u32string unwanted(kWhiteSpace);
  if (a.size() == 3) unwanted = text_of(a[2]).code_points;
  std::u32string_view rest = text.code_points;
  while (side != Side::Trailing && !rest.empty() &&
         unwanted.find(rest.front()) != std::u32string::npos)
    rest.remove_prefix(1);
  while (side != Side::Leading && !rest.empty() &&
         unwanted.find(rest.back()) != std::u32string::npos)
    rest.remove_suffix(1);
  return term_of(rest, text.binary);
}

Term chomp(Evaluator& e, const Terms& a) {
  return trim(e, {a[0], Term::atom("trailing"), Term::string("\n")});
}

Term split(Evaluator&, const Terms& a) {
  const Text text = text_of(a[0]);
  const std::u32string pattern = text_of(a[1]).code_points;
  const std::string where = a.size() == 3 ? (a[2].is_atom() ? a[2].atom_text() : "") : "leading";
  if (where != "leading" && where != "trailing" && where != "all") leave_to_vm("string:split/3");
  std::u32string_view rest = text.code_points;
  if (pattern.empty()) return Term::list({a[0]});
  Terms parts;
  size_t at = where == "trailing" ? rest.rfind(pattern) : rest.find(pattern);
  while (at != std::u32string_view::npos) {
    parts.push_back(term_of(rest.substr(0, at), text.binary));
    rest.remove_prefix(at + pattern.size());
    at = where == "all" ? rest.find(pattern) : std::u32string_view::npos;
  }
  parts.push_back(term_of(rest, text.binary));
  return Term::list(std::move(parts));
}

Term replace(Evaluator& e, const Terms& a) {
  const Term parts = split(e, a.size() == 4 ? Terms{a[0], a[1], a[3]} : Terms{a[0], a[1]});
  Terms joined;
  for (const Term& piece : parts.elements()) {
    if (!joined.empty()) joined.push_back(a[2]);
    joined.push_back(piece);
  }
  return Term::list(std::move(joined));
}

Term lexemes(Evaluator&, const Terms& a) {
  const Text text = text_of(a[0]);
  list_elements(a[1]);
  const std::u32string separators = text_of(a[1]).code_points;
  Terms found;
  for (size_t at = 0; at < text.code_points.size();) {
    const size_t end =
        std::min(text.code_points.find_first_of(separators, at), text.code_points.size());
    if (end > at) found.push_back(term_of(text.code_points.substr(at, end - at), text.binary));
    at = end + 1;
  }
  return Term::list(std::move(found));
}

Term prefix(Evaluator&, const Terms& a) {
  const Text text = text_of(a[0]);
  const std::u32string start = text_of(a[1]).code_points;
  if (!text.code_points.starts_with(start)) return Term::atom("nomatch");
  return term_of(text.code_points.substr(start.size()), text.binary);
}

Term find(Evaluator&, const Terms& a) {
  const Text text = text_of(a[0]);
  const std::u32string wanted = text_of(a[1]).code_points;
  const bool trailing = a.size() == 3 && side_of(a[2]) == Side::Trailing;
  if (wanted.empty()) return a[0];
  const size_t at = trailing ? text.code_points.rfind(wanted) : text.code_points.find(wanted);
  if (at == std::u32string::npos) return Term::atom("nomatch");
  return term_of(text.code_points.substr(at), text.binary);
}

Term with_case(const Term& term, bool upper, bool first_only) {
  Text text = text_of(term);
  for (size_t i = 0; i < text.code_points.size() && (i == 0 || !first_only); ++i) {
    char32_t& c = text.code_points[i];
    if (c >= 0x80) leave_to_vm("string with the case of letters beyond ASCII");
    if (upper && c >= U'a' && c <= U'z') c -= 32;
    if (!upper && c >= U'A' && c <= U'Z') c += 32;
  }
  return term_of(text.code_points, text.binary);
}

Term uppercase(Evaluator&, const Terms& a) {
  return with_case(a[0], true, false);
}
Term lowercase(Evaluator&, const Terms& a) {
  return with_case(a[0], false, false);
}
Term titlecase(Evaluator&, const Terms& a) {
  return with_case(a[0], true, true);
}

Term length(Evaluator&, const Terms& a) {
  return static_cast<int64_t>(text_of(a[0]).code_points.size());
}

Term is_empty(Evaluator&, const Terms& a) {
  if (!a[0].is_binary() && !a[0].is_list()) leave_to_vm("string:is_empty/1");
  return Term::boolean(term::chardata(a[0]).value_or(U"x").empty());
}

Term equal(Evaluator&, const Terms& a) {
  return Term::boolean(text_of(a[0]).code_points == text_of(a[1]).code_points);
}

Term reverse(Evaluator&, const Terms& a) {
  Text text = text_of(a[0]);
  std::reverse(text.code_points.begin(), text.code_points.end());
  return term::character_list(text.code_points);
}

Term slice(Evaluator&, const Terms& a) {
  const Text text = text_of(a[0]);
  const bool counted = a.size() == 3 && !a[2].is_atom("infinity");
  if (!a[1].is_small_integer() || a[1].as_integer() < 0 ||
      (counted && (!a[2].is_small_integer() || a[2].as_integer() < 0))) {
    leave_to_vm("string:slice");
  }
  const size_t from = std::min(static_cast<size_t>(a[1].as_integer()), text.code_points.size());
  const size_t count = counted ? static_cast<size_t>(a[2].as_integer()) : std::u32string::npos;
  return term_of(std::u32string_view(text.code_points).substr(from, count), text.binary);
}

Term pad(Evaluator&, const Terms& a) {
  const Text text = text_of(a[0]);
  if (!a[1].is_small_integer() || a[1].as_integer() > 1 << 16) leave_to_vm("string:pad");
  const auto have = static_cast<int64_t>(text.code_points.size());
  const auto missing = static_cast<size_t>(std::max<int64_t>(0, a[1].as_integer() - have));
  const Term filler = a.size() == 4 ? a[3] : Term(int64_t{' '});
  const Side side = a.size() > 2 ? side_of(a[2]) : Side::Trailing;
  if (side == Side::Leading) return Term::list({Term::list(Terms(missing, filler)), a[0]});
  Terms all = {a[0]};
  if (side == Side::Both) {
    const Term half = Term::list(Terms(missing / 2, filler));
    all = {half, a[0], half};
    if (missing % 2 == 1) all.push_back(filler);
  } else {
    all.insert(all.end(), missing, filler);
  }
  return Term::list(std::move(all));
}

Term to_integer(Evaluator&, const Terms& a) {
  if (!a[0].is_binary() && !a[0].is_string()) leave_to_vm("string:to_integer/1");
  const Text text = text_of(a[0]);
  size_t end = 0;
  const auto is_digit = [&](size_t i) {
    return i < text.code_points.size() && text.code_points[i] >= U'0' &&
           text.code_points[i] <= U'9';
  };
  if (text.code_points.starts_with(U'-') || text.code_points.starts_with(U'+')) ++end;
  if (!is_digit(end)) return error_tuple("no_integer");
  while (is_digit(end))
    ++end;
  const std::optional<Term> value = parse_integer(sys::utf8(text.code_points.substr(0, end)), 10);
  return Term::tuple({*value, term_of(text.code_points.substr(end), text.binary)});
}

Term to_float(Evaluator&, const Terms& a) {
  const Text text = text_of(a[0]);
  const size_t end =
      std::min(text.code_points.find_first_not_of(U"+-0123456789.eE"), text.code_points.size());
  const std::optional<Term> value = parse_float(sys::utf8(text.code_points.substr(0, end)));
  if (!value) leave_to_vm("string:to_float/1 of what is no plain float");
  return Term::tuple({*value, term_of(text.code_points.substr(end), text.binary)});
}

Term to_graphemes(Evaluator&, const Terms& a) {
  return term::character_list(text_of(a[0]).code_points);
}

constexpr LibraryFunction kFunctions[] = {
    {"chomp", 1, chomp},
    {"equal", 2, equal},
    {"find", 2, find},
    {"find", 3, find},
    {"is_empty", 1, is_empty},
    {"length", 1, length},
    {"lexemes", 2, lexemes},
    {"lowercase", 1, lowercase},
    {"pad", 2, pad},
    {"pad", 3, pad},
    {"pad", 4, pad},
    {"prefix", 2, prefix},
    {"replace", 3, replace},
    {"replace", 4, replace},
    {"reverse", 1, reverse},
    {"slice", 2, slice},
    {"slice", 3, slice},
    {"split", 2, split},
    {"split", 3, split},
    {"titlecase", 1, titlecase},
    {"to_float", 1, to_float},
    {"to_graphemes", 1, to_graphemes},
    {"to_integer", 1, to_integer},
    {"trim", 1, trim},
    {"trim", 2, trim},
    {"trim", 3, trim},
    {"uppercase", 1, uppercase},
};

}  // namespace
}  // namespace string_new_module

LibraryTable new_string_functions() {
  return string_new_module::kFunctions;
}

}  // namespace relmk::eval
