#include "node/session/work.h"

#include <initializer_list>

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

// A term in the external format, without its version byte.
std::string external(const Term& term) {
  return term::encode_external(term).substr(1);
}

void put(std::string& out, uint8_t tag) {
  out += static_cast<char>(tag);
}

// A name of ours, which is short.
void put_atom(std::string& out, std::string_view text) {
  put(out, tag::kSmallAtomUtf8);
  append_number(out, text.size(), 1);
  out += text;
}

void put_binary(std::string& out, std::string_view text) {
  put(out, tag::kBinary);
  append_number(out, text.size(), 4);
  out += text;
}

// Its elements follow, and put_nil().
void put_list(std::string& out, size_t count) {
  if (count == 0) return;
  put(out, tag::kList);
  append_number(out, count, 4);
}

void put_nil(std::string& out) {
  put(out, tag::kNil);
}

// A binding, whose value follows.
void put_name(std::string& out, std::string_view name) {
  put(out, tag::kSmallTuple);
  append_number(out, 2, 1);
  put_atom(out, name);
}

void put_binding(std::string& out, std::string_view name, std::string_view value) {
  put_name(out, name);
  out += value;
}

// The expressions of lists that are encoded as LIST_EXT behind a version byte, one after the other.
void put_expressions(std::string& out, std::initializer_list<std::string_view> lists) {
  constexpr size_t kHead = 6;
  size_t count = 0;
  for (const std::string_view encoded : lists)
    count += number_at(encoded, 2, 4);
  put_list(out, count);
  for (const std::string_view encoded : lists)
    out += encoded.substr(kHead, encoded.size() - kHead - 1);
  put_nil(out);
}

// {block, 1, Expressions}
void put_block(std::string& out, std::string_view encoded) {
  put(out, tag::kSmallTuple);
  append_number(out, 3, 1);
  put_atom(out, "block");
  put(out, tag::kSmallInteger);
  append_number(out, 1, 1);
  out += encoded.substr(1);
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
  Work work(Kind::Call);
  work.module_ = external(Term::atom(module));
  work.function_ = external(Term::atom(function));
  work.argument_ = external(Term::list(arguments));
  return work;
}

Work Work::evaluate(const Expressions& expressions, const std::optional<Term>& text) {
  Work work(Kind::Expressions);
  if (text) work.argument_ = external(*text);
  work.expressions_ = expressions;
  return work;
}

Work Work::shell(std::string_view kind) {
  Work work(Kind::Shell);
  put_atom(work.argument_, kind);
  return work;
}

NamedAtoms Work::atoms() const {
  switch (kind_) {
    case Kind::Call:
      return kOwnAtoms;
    case Kind::Expressions:
      return expressions_.atoms;
    case Kind::Shell:
      break;
  }
  return kShellAtoms;
}

void Work::put_with(std::string& out, std::string_view tag) const {
  put_list(out, 1 + (argument_.empty() ? 0 : 1) + (expressions_.is_once ? 2 : 0));
  if (expressions_.is_once) {
    put_name(out, "Local");
    put_binary(out, bytes(kLocal));
  }
  put_binding(out, "Tag", tag);
  if (!argument_.empty()) put_binding(out, "Text", argument_);
  if (expressions_.is_once) {
    put_name(out, "Told");
    put_binary(out, bytes(kTold));
  }
  put_nil(out);
}

// erl_eval wants bindings in the order of their names.
void Work::put_bindings(std::string& out, const Ends& ends) const {
  const bool is_call = kind_ == Kind::Call;
  put_list(out, is_call ? 10 : kind_ == Kind::Expressions ? 9 : 8);
  if (is_call) {
    put_binding(out, "Arguments", argument_);
    put_binding(out, "Function", function_);
  }
  if (kind_ == Kind::Shell) put_binding(out, "Kind", argument_);
  put_name(out, "Known");
  put_list(out, 6);
  put_binding(out, "Name", ends.name);
  put_binding(out, "Peer", ends.peer);
  put_name(out, "Rare");
  put_binary(out, bytes(kRare));
  put_binding(out, "Stay", ends.stay);
  put_binding(out, "Tag", ends.tag);
  put_name(out, "Told");
  put_binary(out, is_call ? bytes(kTold) : std::string_view());
  put_nil(out);
  if (is_call) put_binding(out, "Module", module_);
  put_binding(out, "Name", ends.name);
  put_binding(out, "Peer", ends.peer);
  put_name(out, "Serve");
  put_binary(out, bytes(kServe));
  put_binding(out, "Stay", ends.stay);
  put_binding(out, "Tag", ends.tag);
  put_name(out, "Take");
  put_block(out, bytes(kEvent));
  if (kind_ == Kind::Expressions) {
    put_name(out, "With");
    put_with(out, ends.tag);
    put_binding(out, "Work", expressions_.external.substr(1));
  }
  put_nil(out);
}

// See on_node/guardian.exprs.
Term Work::guardian(const Client& client, const WorkOptions& options) const {
  Ends ends;
  put_atom(ends.name, client.filter);
  ends.peer = external(client.process);
  ends.tag = external(client.tag);
  put_list(ends.stay, (options.keep_running ? 1 : 0) + (kind_ == Kind::Shell ? 1 : 0));
  if (options.keep_running) put_atom(ends.stay, "work");
  if (kind_ == Kind::Shell) put_atom(ends.stay, "rest");
  put_nil(ends.stay);
  const std::string_view begin = kind_ == Kind::Call          ? bytes(kCall)
                                 : kind_ == Kind::Expressions ? bytes(kWork)
                                                              : bytes(kShell);
  constexpr size_t kMost = 16384;
  std::string arguments;
  arguments.reserve(kMost);
  put(arguments, tag::kVersion);
  put_list(arguments, 4);
  if (options.keep_output) {
    put_expressions(arguments, {bytes(kGuardian), bytes(kOwn), begin, bytes(kBegun)});
  } else {
    put_expressions(arguments, {bytes(kGuardian), begin, bytes(kBegun)});
  }
  put_bindings(arguments, ends);
  put_atom(arguments, "none");
  put_atom(arguments, "none");
  put_nil(arguments);
  return term::encoded_term(arguments);
}

}  // namespace relmk::node
