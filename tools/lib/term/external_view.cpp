#include "term/external_view.h"

#include "sys/error.h"
#include "sys/gzip.h"
#include "term/external_tag.h"

namespace relmk::term {

namespace {

[[noreturn]] void fail() {
  throw Error("malformed external term");
}

}  // namespace

std::string inflated_external(std::string_view bytes) {
  if (bytes.size() < 2 || static_cast<uint8_t>(bytes[0]) != tag::kVersion) fail();
  bytes.remove_prefix(1);
  if (static_cast<uint8_t>(bytes[0]) != tag::kCompressed) return std::string(bytes);
  constexpr size_t kHead = 5;
  if (bytes.size() < kHead) fail();
  size_t size = 0;
  for (const char c : bytes.substr(1, 4))
    size = size << 8 | static_cast<unsigned char>(c);
  bytes.remove_prefix(kHead);
  std::string inflated = sys::zlib_inflate(bytes, size);
  if (inflated.empty()) fail();
  return inflated;
}

// Of one, two or four bytes, the highest first. All of a large term is read by this.
uint32_t ExternalView::number(size_t at, int size) const {
  if (at > bytes_.size() || bytes_.size() - at < static_cast<size_t>(size)) fail();
  const auto* byte = reinterpret_cast<const unsigned char*>(bytes_.data()) + at;
  if (size == 1) return byte[0];
  const uint32_t two = uint32_t{byte[0]} << 8 | byte[1];
  return size == 2 ? two : two << 16 | uint32_t{byte[2]} << 8 | byte[3];
}

ExternalView::Head ExternalView::head(size_t at) const {
  const auto sized = [&](int bytes, size_t extra = 0) {
    return Head{1 + static_cast<size_t>(bytes) + number(at + 1, bytes) + extra, 0};
  };
  switch (number(at, 1)) {
    case tag::kNil:
      return {1, 0};
    case tag::kSmallInteger:
    case tag::kAtomCacheReference:
      return {2, 0};
    case tag::kInteger:
      return {5, 0};
    case tag::kNewFloat:
      return {9, 0};
    case tag::kFloat:
      return {32, 0};
    case tag::kSmallBig:
      return sized(1, 1);
    case tag::kLargeBig:
      return sized(4, 1);
    case tag::kSmallAtom:
    case tag::kSmallAtomUtf8:
      return sized(1);
    case tag::kAtom:
    case tag::kAtomUtf8:
    case tag::kString:
      return sized(2);
    case tag::kBinary:
      return sized(4);
    case tag::kBitBinary:
      return sized(4, 1);
    case tag::kSmallTuple:
      return {2, number(at + 1, 1)};
    case tag::kLargeTuple:
      return {5, number(at + 1, 4)};
    case tag::kList:
      return {5, uint64_t{number(at + 1, 4)} + 1};
    case tag::kMap:
      return {5, uint64_t{number(at + 1, 4)} * 2};
    case tag::kExport:
      return {1, 3};
    case tag::kNewFun:
      return {1 + size_t{number(at + 1, 4)}, 0};
    default:
      return {identifier_length(at), 0};
  }
}

// Of a pid, a port or a reference: the name of its node, an atom, and numbers.
size_t ExternalView::identifier_length(size_t at) const {
  const auto with_node = [&](size_t begin, size_t numbers) {
    if (at + begin >= bytes_.size()) fail();
    const ExternalView node(bytes_.substr(at + begin));
    if (!node.is_atom() && node.tag() != tag::kAtomCacheReference) fail();
    return begin + node.head(0).length + numbers;
  };
  switch (number(at, 1)) {
    case tag::kPid:
      return with_node(1, 9);
    case tag::kNewPid:
    case tag::kV4Port:
      return with_node(1, 12);
    case tag::kPort:
    case tag::kReference:
      return with_node(1, 5);
    case tag::kNewPort:
      return with_node(1, 8);
    case tag::kNewReference:
      return with_node(3, 1 + size_t{4} * number(at + 1, 2));
    case tag::kNewerReference:
      return with_node(3, 4 + size_t{4} * number(at + 1, 2));
    default:
      fail();
  }
}

bool ExternalView::is_atom() const {
  const uint8_t t = tag();
  return t == tag::kSmallAtomUtf8 || t == tag::kAtom || t == tag::kAtomUtf8 || t == tag::kSmallAtom;
}

bool ExternalView::is_tuple() const {
  return tag() == tag::kSmallTuple || tag() == tag::kLargeTuple;
}

bool ExternalView::is_tagged(std::string_view name, uint32_t arity) const {
  return is_tuple() && size() > 0 && (arity == 0 || size() == arity) && first().is_atom(name);
}

bool ExternalView::is_list() const {
  return tag() == tag::kNil || tag() == tag::kList;
}

Atom ExternalView::atom() const {
  if (!is_atom()) fail();
  const std::string_view text = atom_text();
  if (tag() != tag::kAtom && tag() != tag::kSmallAtom) return Atom(text);
  std::string converted;
  for (const char c : text)
    sys::append_utf8(converted, static_cast<unsigned char>(c));
  return Atom(converted);
}

std::string_view ExternalView::atom_text() const {
  const int length_bytes = tag() == tag::kAtom || tag() == tag::kAtomUtf8 ? 2 : 1;
  const size_t length = number(1, length_bytes);
  const size_t begin = 1 + static_cast<size_t>(length_bytes);
  if (begin + length > bytes_.size()) fail();
  return bytes_.substr(begin, length);
}

std::optional<int64_t> ExternalView::integer() const {
  if (tag() == tag::kSmallInteger) return number(1, 1);
  if (tag() == tag::kInteger) return static_cast<int32_t>(number(1, 4));
  return {};
}

uint32_t ExternalView::size() const {
  if (tag() == tag::kNil) return 0;
  if (tag() == tag::kSmallTuple) return number(1, 1);
  if (tag() == tag::kLargeTuple || tag() == tag::kList) return number(1, 4);
  fail();
}

ExternalView ExternalView::first() const {
  return ExternalView(bytes_.substr(head(0).length));
}

ExternalView ExternalView::element(uint32_t index) const {
  ExternalView at = first();
  for (; index > 0; --index)
    at = at.next();
  return at;
}

// Passes terms as long as they are of the kinds that large terms are made of, and no end of the
// bytes is near. Tells where that ends, and how many terms are left.
size_t ExternalView::pass_usual(size_t at, uint64_t& left) const {
  constexpr size_t kLongestHead = 5;
  const auto* const bytes = reinterpret_cast<const unsigned char*>(bytes_.data());
  const auto two = [&] { return size_t{bytes[at + 1]} << 8 | bytes[at + 2]; };
  for (; left > 0 && at + kLongestHead <= bytes_.size(); --left) {
    switch (bytes[at]) {
      case tag::kNil:
        at += 1;
        break;
      case tag::kSmallInteger:
        at += 2;
        break;
      case tag::kInteger:
        at += 5;
        break;
      case tag::kSmallTuple:
        left += bytes[at + 1];
        at += 2;
        break;
      case tag::kList:
        left += (two() << 16 | size_t{bytes[at + 3]} << 8 | bytes[at + 4]) + 1;
        at += 5;
        break;
      case tag::kSmallAtom:
      case tag::kSmallAtomUtf8:
        at += 2 + size_t{bytes[at + 1]};
        break;
      case tag::kAtom:
      case tag::kAtomUtf8:
      case tag::kString:
        at += 3 + two();
        break;
      default:
        return at;
    }
  }
  return at;
}

// Terms left to pass are counted, not nested.
ExternalView ExternalView::next() const {
  uint64_t left = 1;
  for (size_t at = 0;;) {
    at = pass_usual(at, left);
    if (at > bytes_.size()) fail();
    if (left == 0) return ExternalView(bytes_.substr(at));
    const Head passed = head(at);
    at += passed.length;
    left += passed.parts;
    --left;
  }
}

std::string_view ExternalView::bytes() const {
  return bytes_.substr(0, bytes_.size() - next().bytes_.size());
}

void ExternalView::for_each_external_fun(
    const std::function<void(const ExternalView&, const ExternalView&, int64_t)>& visit) const {
  uint64_t left = 1;
  for (size_t at = 0;;) {
    at = pass_usual(at, left);
    if (at > bytes_.size()) fail();
    if (left == 0) return;
    const Head passed = head(at);
    if (number(at, 1) == tag::kExport) {
      const ExternalView module(bytes_.substr(at + 1));
      const ExternalView function = module.next();
      const auto arity = function.next().integer();
      if (module.is_atom() && function.is_atom() && arity) visit(module, function, *arity);
    }
    at += passed.length;
    left += passed.parts;
    --left;
  }
}

}  // namespace relmk::term
