#include "term/atom_references.h"

#include "sys/error.h"
#include "term/external_tag.h"
#include "term/external_view.h"

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
  void copy_head();
  void copy_reference();
  void copy_identifier(size_t before, size_t length);
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
void Copier::copy_identifier(size_t before, size_t length) {
  copy(before);
  const size_t node = ExternalView(from_.substr(at_)).head().length;
  if (number(0, 1) == tag::kAtomCacheReference) {
    copy_reference();
  } else {
    copy(node);
  }
  copy(length - before - node);
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

void Copier::copy_head() {
  const ExternalView::Head head = ExternalView(from_.substr(at_)).head();
  switch (number(0, 1)) {
    case tag::kAtomCacheReference:
      return copy_reference();
    case tag::kNewFun:
      return begin_fun();
    case tag::kPid:
    case tag::kNewPid:
    case tag::kPort:
    case tag::kNewPort:
    case tag::kV4Port:
    case tag::kReference:
      return copy_identifier(1, head.length);
    case tag::kNewReference:
    case tag::kNewerReference:
      return copy_identifier(3, head.length);
    default:
      copy(head.length);
      left_ += head.parts;
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
