#include "term/term.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <unordered_set>
#include <utility>

#include "term/depth.h"
#include "term/integer.h"

namespace relmk::term {

namespace {

struct Content {
  Terms terms;
  std::vector<Term::MapEntry> entries;
  std::shared_ptr<const Opaque> object;
};

// A term that is nested deeply would be destroyed by as many nested calls. What lies deeper than a
// few is put off until these have returned.
void destroy(Content content) {
  constexpr int kNestedCalls = 64;
  thread_local int nested = 0;
  thread_local std::vector<Content>* put_off = nullptr;
  if (nested == kNestedCalls) {
    if (put_off == nullptr) put_off = new std::vector<Content>;
    put_off->push_back(std::move(content));
    return;
  }
  ++nested;
  content = {};
  while (nested == 1 && put_off != nullptr)
    delete std::exchange(put_off, nullptr);
  --nested;
}

int one_deeper(int depth) {
  if (depth >= kDeepestMadeTerm)
    throw Error(fmt::format("a term is nested more than {} deep", kDeepestMadeTerm));
  return depth + 1;
}

}  // namespace

struct Term::Sequence {
  Sequence(bool is_a_tuple, Terms all, std::optional<Term> rest, Position where)
      : is_tuple(is_a_tuple), elements(std::move(all)), tail(std::move(rest)), at(where) {
    int deepest = tail ? depth_within(*tail) : 0;
    for (const Term& element : elements)
      deepest = std::max(deepest, depth_within(element));
    depth = one_deeper(deepest);
  }
  Sequence(const Sequence&) = delete;
  Sequence& operator=(const Sequence&) = delete;
  ~Sequence() {
    if (tail) elements.push_back(std::move(*tail));
    if (!elements.empty()) destroy({std::move(elements), {}, {}});
  }

  // As depth_of(), kept with each term.
  static int depth_within(const Term& term);

  bool is_tuple;
  int depth;
  Terms elements;
  std::optional<Term> tail;
  Position at;
};

struct Term::Map {
  explicit Map(std::vector<MapEntry> all) : entries(std::move(all)) {
    int deepest = 0;
    for (const auto& [key, value] : entries)
      deepest = std::max({deepest, Sequence::depth_within(key), Sequence::depth_within(value)});
    depth = one_deeper(deepest);
  }
  Map(const Map&) = delete;
  Map& operator=(const Map&) = delete;
  ~Map() { destroy({{}, std::move(entries), {}}); }

  std::vector<MapEntry> entries;
  int depth;
};

int Term::Sequence::depth_within(const Term& term) {
  if (const auto* sequence = std::get_if<std::shared_ptr<const Sequence>>(&term.value_))
    return (*sequence)->depth;
  const auto* map = std::get_if<std::shared_ptr<const Map>>(&term.value_);
  return map == nullptr ? 0 : (*map)->depth;
}

struct Term::Bits {
  std::string bytes;
  size_t bits = 0;
};

struct Term::Object {
  Object(TermKind of_kind, std::shared_ptr<const Opaque> what)
      : kind(of_kind), object(std::move(what)) {}
  Object(const Object&) = delete;
  Object& operator=(const Object&) = delete;
  ~Object() { destroy({{}, {}, std::move(object)}); }

  TermKind kind;
  std::shared_ptr<const Opaque> object;
};

Atom::Atom(std::string_view utf8) {
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  // Many tables, so that threads which read at the same time seldom meet at a lock.
  struct Table {
    std::mutex lock;
    std::unordered_set<std::string, Hash, std::equal_to<>> texts;
  };
  constexpr size_t kTables = 64;
  static auto& all = *new std::array<Table, kTables>;
  // The low bits choose the place within a table.
  Table& table = all[Hash{}(utf8) >> 32U & (kTables - 1)];
  const std::lock_guard hold(table.lock);
  const auto known = table.texts.find(utf8);
  text_ = &*(known != table.texts.end() ? known : table.texts.emplace(utf8).first);
}

Term::Term(Terms elements, std::nullptr_t) {
  static const auto nil =
      std::make_shared<const Sequence>(false, Terms{}, std::nullopt, Position{});
  if (elements.empty()) {
    value_ = nil;
  } else {
    value_ = std::make_shared<const Sequence>(false, std::move(elements), std::nullopt, Position{});
  }
}

Term Term::big(BigInteger value) {
  if (value.value.fits_slong_p()) return Term(int64_t{value.value.get_si()});
  return Term(Value(std::make_shared<const BigInteger>(std::move(value))));
}

Term Term::tuple(Terms elements, Position at) {
  return Term(Value(std::make_shared<const Sequence>(true, std::move(elements), std::nullopt, at)));
}

Term Term::list(Terms elements, Position at) {
  if (elements.empty() && !at) return Term();
  return Term(
      Value(std::make_shared<const Sequence>(false, std::move(elements), std::nullopt, at)));
}

Term Term::improper_list(Terms elements, const Term& tail, Position at) {
  if (elements.empty()) return tail;
  std::optional<Term> rest = tail;
  if (tail.is_list()) {
    elements.insert(elements.end(), tail.elements().begin(), tail.elements().end());
    rest = tail.sequence().tail;
  }
  return Term(
      Value(std::make_shared<const Sequence>(false, std::move(elements), std::move(rest), at)));
}

Term Term::string(std::string_view utf8, Position at) {
  Terms elements;
  elements.reserve(utf8.size());
  for (const char32_t c : sys::code_points(utf8))
    elements.emplace_back(static_cast<int64_t>(c));
  return list(std::move(elements), at);
}

Term Term::map(std::vector<MapEntry> entries) {
  const auto before = [](const MapEntry& a, const MapEntry& b) {
    return compare_exact(a.first, b.first) < 0;
  };
  const auto not_before = [&](const MapEntry& a, const MapEntry& b) { return !before(a, b); };
  if (std::adjacent_find(entries.begin(), entries.end(), not_before) == entries.end())
    return Term(Value(std::make_shared<const Map>(std::move(entries))));
  std::stable_sort(entries.begin(), entries.end(), before);
  std::vector<MapEntry> unique;
  unique.reserve(entries.size());
  for (MapEntry& entry : entries) {
    if (!unique.empty() && unique.back().first == entry.first) {
      unique.back() = std::move(entry);
    } else {
      unique.push_back(std::move(entry));
    }
  }
  return Term(Value(std::make_shared<const Map>(std::move(unique))));
}

Term Term::binary(std::string bytes) {
  const size_t bits = bytes.size() * 8;
  return bitstring(std::move(bytes), bits);
}

Term Term::bitstring(std::string bytes, size_t bits) {
  bytes.resize((bits + 7) / 8);
  if (bits % 8 != 0) bytes.back() = static_cast<char>(bytes.back() & (0xff << (8 - bits % 8)));
  return Term(Value(std::make_shared<const Bits>(Bits{std::move(bytes), bits})));
}

Term Term::opaque(TermKind kind, std::shared_ptr<const Opaque> object) {
  return Term(Value(std::make_shared<const Object>(kind, std::move(object))));
}

TermKind Term::kind() const {
  switch (value_.index()) {
    case 0:
    case 1:
    case 2:
      return TermKind::Number;
    case 3:
      return TermKind::Atom;
    case 4:
      return sequence().is_tuple ? TermKind::Tuple : TermKind::List;
    case 5:
      return TermKind::Map;
    case 6:
      return TermKind::Bitstring;
    default:
      return std::get<std::shared_ptr<const Object>>(value_)->kind;
  }
}

bool Term::is_integer() const {
  return value_.index() <= 1;
}

bool Term::is_tagged(std::string_view tag, size_t arity) const {
  return is_tuple() && !elements().empty() && (arity == 0 || elements().size() == arity) &&
         elements()[0].is_atom(tag);
}

bool Term::is_string() const {
  if (!is_proper_list()) return false;
  return std::all_of(elements().begin(), elements().end(), [](const Term& e) {
    if (!e.is_small_integer()) return false;
    const int64_t c = e.as_integer();
    return (c >= 0 && c < 0xd800) || (c > 0xdfff && c <= 0x10ffff);
  });
}

BigInteger Term::as_big() const {
  if (is_small_integer()) return {mpz_class(as_integer())};
  return *std::get<std::shared_ptr<const BigInteger>>(value_);
}

const Terms& Term::elements() const {
  return sequence().elements;
}

const Term* Term::tail() const {
  const Sequence& all = sequence();
  return all.tail ? &*all.tail : nullptr;
}

const std::vector<Term::MapEntry>& Term::entries() const {
  return std::get<std::shared_ptr<const Map>>(value_)->entries;
}

const Term* Term::find(const Term& key) const {
  const auto& all = entries();
  const auto at = std::lower_bound(
      all.begin(), all.end(), key,
      [](const MapEntry& entry, const Term& k) { return compare_exact(entry.first, k) < 0; });
  return at != all.end() && at->first == key ? &at->second : nullptr;
}

const std::string& Term::bytes() const {
  return std::get<std::shared_ptr<const Bits>>(value_)->bytes;
}

size_t Term::bit_size() const {
  return std::get<std::shared_ptr<const Bits>>(value_)->bits;
}

const Opaque& Term::as_opaque() const {
  return *std::get<std::shared_ptr<const Object>>(value_)->object;
}

std::string Term::to_utf8() const {
  std::string out;
  out.reserve(elements().size());
  for (const Term& c : elements())
    sys::append_utf8(out, static_cast<char32_t>(c.as_integer()));
  return out;
}

Position Term::position() const {
  return value_.index() == 4 ? sequence().at : Position{};
}

int depth_of(const Term& term) {
  int deepest = 0;
  std::vector<std::pair<const Term*, int>> open = {{&term, 0}};
  while (!open.empty()) {
    const auto [at, above] = open.back();
    open.pop_back();
    deepest = std::max(deepest, above);
    if (at->is_map()) {
      deepest = std::max(deepest, above + 1);
      for (const auto& [key, value] : at->entries())
        open.insert(open.end(), {{&key, above + 1}, {&value, above + 1}});
    } else if (at->is_tuple() || at->is_list()) {
      deepest = std::max(deepest, above + 1);
      for (const Term& element : at->elements())
        open.emplace_back(&element, above + 1);
      if (at->is_list() && at->tail() != nullptr) open.emplace_back(at->tail(), above + 1);
    }
  }
  return deepest;
}

std::optional<Term> proplist_value(const Term& list, std::string_view key) {
  if (!list.is_proper_list()) return {};
  for (const Term& entry : list.elements()) {
    if (entry.is_tagged(key, 2)) return entry[1];
    if (entry.is_atom(key)) return Term::boolean(true);
  }
  return {};
}

}  // namespace relmk::term
