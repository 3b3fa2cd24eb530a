#include "term/atom_references.h"

#include "sys/error.h"
#include "term/external_tag.h"

namespace relmk::term {
namespace {

// Copies a term, whatever its depth: of what has parts, the head is copied, and the parts are
// counted.
class Copier {
 public:
  Copier(std::string_view from, const std::vector<std::string>& atoms, size_t most)
      : from_(from), atoms_(atoms), most_(most) {}

  std::string term() {
    to_ += static_cast<char>(tag::kVersion);
    left_ = 1;
    for (;;) {
      while (left_ == 0 && !funs_.empty())
        end_fun();
      if (left_ == 0) return std::move(to_);
      --left_;
      copy_head();
      if (to_.size() > most_) throw Error("an external term of too many long atoms");
    }
  }
  size_t offset() const { return at_; }

 private:
  // A fun tells its size, which grows with the atoms in it.
  struct Fun {
    size_t size_at;
    uint64_t left_after;
  };

  uint64_t number(size_t offset, size_t size) const {
    need(offset + size);
    uint64_t value = 0;
    for (size_t i = 0; i < size; ++i)
      value = value << 8 | static_cast<unsigned char>(from_[at_ + offset + i]);
    return value;
  }
  void need(uint64_t size) const {
    if (size > from_.size() - at_) throw Error("malformed external term");
  }
  void copy(uint64_t size) {
    need(size);
    constexpr size_t kLarge = 65536, kMore = 1024;
    if (size > kLarge) to_.reserve(to_.size() + size + kMore);  // no more than it needs
    to_.append(from_, at_, size);
    at_ += size;
  }
  void copy_sized(size_t length_size, size_t extra = 0) {
    copy(1 + length_size + number(1, length_size) + extra);
  }

  void copy_parted(size_t length_size, uint64_t parts) {
    copy(1 + length_size);
    left_ += parts;
  }

  void copy_head();
  void copy_sized_or_identifier();
  void copy_reference();
  void copy_identifier(size_t before, size_t after);
  void begin_fun();
  void end_fun();

  std::string_view from_;
  const std::vector<std::string>& atoms_;
  size_t most_;
  size_t at_ = 0;
  std::string to_;
  uint64_t left_ = 0;
  std::vector<Fun> funs_;
};

void Copier::copy_reference() {
  const uint64_t index = number(1, 1);
  if (index >= atoms_.size()) throw Error("malformed external term: an atom that no header has");
  const std::string& atom = atoms_[index];
  if (atom.size() <= 0xff) {
    to_ += {static_cast<char>(tag::kSmallAtomUtf8), static_cast<char>(atom.size())};
  } else {
    to_ += {static_cast<char>(tag::kAtomUtf8), static_cast<char>(atom.size() >> 8),
            static_cast<char>(atom.size())};
  }
  to_ += atom;
  at_ += 2;
}

// The name of a node stands between numbers.
void Copier::copy_identifier(size_t before, size_t after) {
  copy(before);
  switch (number(0, 1)) {
    case tag::kAtomCacheReference:
      copy_reference();
      break;
    case tag::kSmallAtom:
    case tag::kSmallAtomUtf8:
      copy_sized(1);
      break;
    case tag::kAtom:
    case tag::kAtomUtf8:
      copy_sized(2);
      break;
    default:
      throw Error("malformed external term");
  }
  copy(after);
}

void Copier::begin_fun() {
  constexpr size_t kHead = 1 + 4 + 1 + 16 + 4 + 4;
  const uint64_t free_variables = number(kHead - 4, 4);
  funs_.push_back({to_.size() + 1, left_});
  copy(kHead);
  left_ = 4 + free_variables;  // and a module, an index, a number, a process
}

void Copier::end_fun() {
  const Fun fun = funs_.back();
  funs_.pop_back();
  const size_t size = to_.size() - fun.size_at;
  for (size_t i = 0; i < 4; ++i)
    to_[fun.size_at + i] = static_cast<char>(size >> (8 * (3 - i)));
  left_ = fun.left_after;
}

// What belongs to a term without parts, or stands before its parts.
void Copier::copy_head() {
  switch (number(0, 1)) {
    case tag::kAtomCacheReference:
      return copy_reference();
    case tag::kNewFun:
      return begin_fun();
    case tag::kSmallTuple:
      return copy_parted(1, number(1, 1));
    case tag::kLargeTuple:
      return copy_parted(4, number(1, 4));
    case tag::kList:
      return copy_parted(4, number(1, 4) + 1);
    case tag::kMap:
      return copy_parted(4, number(1, 4) * 2);
    case tag::kExport:
      return copy_parted(0, 3);
    case tag::kNil:
      return copy(1);
    case tag::kSmallInteger:
      return copy(2);
    case tag::kInteger:
      return copy(5);
    case tag::kNewFloat:
      return copy(9);
    case tag::kFloat:
      return copy(32);
    default:
      return copy_sized_or_identifier();
  }
}

void Copier::copy_sized_or_identifier() {
  switch (number(0, 1)) {
    case tag::kSmallBig:
      return copy_sized(1, 1);
    case tag::kLargeBig:
    case tag::kBitBinary:
      return copy_sized(4, 1);
    case tag::kSmallAtom:
    case tag::kSmallAtomUtf8:
      return copy_sized(1);
    case tag::kAtom:
    case tag::kAtomUtf8:
    case tag::kString:
      return copy_sized(2);
    case tag::kBinary:
      return copy_sized(4);
    case tag::kPid:
      return copy_identifier(1, 9);
    case tag::kNewPid:
    case tag::kV4Port:
      return copy_identifier(1, 12);
    case tag::kPort:
    case tag::kReference:
      return copy_identifier(1, 5);
    case tag::kNewPort:
      return copy_identifier(1, 8);
    case tag::kNewReference:
      return copy_identifier(3, 1 + 4 * number(1, 2));
    case tag::kNewerReference:
      return copy_identifier(3, 4 + 4 * number(1, 2));
    default:
      throw Error("malformed external term");
  }
}

}  // namespace

std::string take_referring_term(std::string_view& bytes, const std::vector<std::string>& atoms,
                                size_t most) {
  Copier copier(bytes, atoms, most);
  std::string term = copier.term();
  bytes.remove_prefix(copier.offset());
  return term;
}

}  // namespace relmk::term
