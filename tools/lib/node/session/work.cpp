#include "node/session/work.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "node/distribution/bytes.h"
#include "term/external.h"
#include "term/external_tag.h"

namespace relmk::node {
namespace {

#include "node/session/on_node/encoded.inc"

namespace tag = term::tag;

template <size_t size>
std::string_view bytes(const unsigned char (&encoded)[size]) {
  return {reinterpret_cast<const char*>(encoded), size};
}

// Terms in the external format, without its version byte.
std::string external(const Term& term) {
  return term::encode_external(term).substr(1);
}

std::string atom(std::string_view text) {
  return std::string{static_cast<char>(tag::kSmallAtomUtf8), static_cast<char>(text.size())}.append(
      text);
}

std::string binary(std::string_view text) {
  std::string out(1, static_cast<char>(tag::kBinary));
  append_number(out, text.size(), 4);
  return out.append(text);
}

std::string list(size_t count, std::string_view elements) {
  if (count == 0) return std::string(1, static_cast<char>(tag::kNil));
  std::string out;
  out.reserve(elements.size() + 6);
  out += static_cast<char>(tag::kList);
  append_number(out, count, 4);
  return out.append(elements) += static_cast<char>(tag::kNil);
}

// The elements of a list that is encoded as LIST_EXT, and their number.
constexpr size_t kListHead = 6;  // with the version byte
std::string_view elements(std::string_view encoded) {
  return encoded.substr(kListHead, encoded.size() - kListHead - 1);
}
size_t element_count(std::string_view encoded) {
  return number_at(encoded, 2, 4);
}

// The expressions of one list after the other.
std::string all_expressions(std::initializer_list<std::string_view> lists) {
  std::string out;
  size_t count = 0;
  for (const std::string_view encoded : lists) {
    if (encoded.empty()) continue;
    count += element_count(encoded);
    out += elements(encoded);
  }
  return list(count, out);
}

std::string block(std::string_view encoded) {
  std::string out{static_cast<char>(tag::kSmallTuple), 3};
  out += atom("block");
  out += {static_cast<char>(tag::kSmallInteger), 1};
  return out.append(encoded.substr(1));
}

struct Binding {
  std::string_view name;
  std::string value;
};

// erl_eval wants bindings in the order of their names.
std::string bound(std::vector<Binding> bindings) {
  std::sort(bindings.begin(), bindings.end(),
            [](const Binding& a, const Binding& b) { return a.name < b.name; });
  std::string out;
  for (const Binding& binding : bindings) {
    out += {static_cast<char>(tag::kSmallTuple), 2};
    out += atom(binding.name);
    out += binding.value;
  }
  return list(bindings.size(), out);
}

}  // namespace

namespace on_node {
Expressions elixir() {
  return {bytes(kElixir), kElixirAtoms};
}
Expressions once() {
  return {bytes(kOnce), kOnceAtoms, true};
}
Expressions session() {
  return {bytes(kSession), kSessionAtoms};
}
Term print() {
  return term::encoded_term(bytes(kPrint));
}
}  // namespace on_node

Work Work::call(const std::string& module, const std::string& function, const Terms& arguments) {
  Work work;
  work.kind_ = Kind::Call;
  work.first_ = atom(module);
  work.second_ = atom(function);
  work.third_ = external(Term::list(arguments));
  return work;
}

Work Work::evaluate(const Expressions& expressions, const std::optional<Term>& text) {
  Work work;
  work.kind_ = Kind::Expressions;
  if (text) work.first_ = external(*text);
  work.expressions_ = expressions;
  return work;
}

Work Work::shell(std::string_view kind) {
  Work work;
  work.first_ = atom(kind);
  return work;
}

std::span<const std::string_view> Work::atoms() const {
  const size_t count = kind_ == Kind::Call          ? kOwnAtoms
                       : kind_ == Kind::Expressions ? expressions_.atoms
                                                    : kShellAtoms;
  return std::span(kAtoms).first(count);
}

// See on_node/guardian.exprs.
Term Work::guardian(const Client& client, const WorkOptions& options) const {
  const std::string name = atom(client.filter);
  const std::string peer = external(client.process);
  const std::string tag = external(client.tag);
  std::string stays;
  if (options.keep_running) stays += atom("work");
  if (kind_ == Kind::Shell) stays += atom("rest");
  const std::string stay = list(size_t{options.keep_running} + (kind_ == Kind::Shell), stays);
  const std::string returned = kind_ == Kind::Call ? binary(bytes(kReturned)) : binary("");
  std::vector<Binding> bindings = {{"Known", bound({{"Name", name},
                                                    {"Peer", peer},
                                                    {"Rare", binary(bytes(kRare))},
                                                    {"Returned", returned},
                                                    {"Stay", stay},
                                                    {"Tag", tag}})},
                                   {"Name", name},
                                   {"Peer", peer},
                                   {"Serve", binary(bytes(kServe))},
                                   {"Stay", stay},
                                   {"Tag", tag},
                                   {"Take", block(bytes(kEvent))}};
  std::string_view begin = bytes(kShell);
  if (kind_ == Kind::Call) {
    begin = bytes(kCall);
    bindings.push_back({"Arguments", third_});
    bindings.push_back({"Function", second_});
    bindings.push_back({"Module", first_});
  } else if (kind_ == Kind::Expressions) {
    begin = bytes(kWork);
    bindings.push_back({"Work", std::string(expressions_.external.substr(1))});
    std::vector<Binding> with = {{"Tag", tag}};
    if (!first_.empty()) with.push_back({"Text", first_});
    if (expressions_.is_once) {
      with.push_back({"Local", binary(bytes(kLocal))});
      with.push_back({"Told", binary(bytes(kTold))});
    }
    bindings.push_back({"With", bound(std::move(with))});
  } else {
    bindings.push_back({"Kind", first_});
  }
  const std::string arguments =
      all_expressions({bytes(kGuardian), options.keep_output ? bytes(kOwn) : std::string_view(),
                       begin, bytes(kBegun)}) +
      bound(std::move(bindings)) + atom("none") + atom("none");
  return term::encoded_term('\x83' + list(4, arguments));
}

}  // namespace relmk::node
