#include "node/session/group_leader.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "sys/utf8.h"

namespace relmk::node {
namespace {

Term error(const Term& reason) {
  return Term::tuple({Term::atom("error"), reason});
}

Term ok() {
  return Term::atom("ok");
}

// The older forms of requests have no encoding after the tag; they mean Latin-1.
bool has_encoding(const Terms& request) {
  return request.size() > 1 && (request[1].is_atom("unicode") || request[1].is_atom("latin1")) &&
         request.size() != 2;
}

bool is_blank(const std::u32string& text) {
  return text.find_first_not_of(U" \t\r\n") == std::u32string::npos;
}

term::Encoding encoding_of(const Terms& request) {
  const bool is_latin1 = !has_encoding(request) || request[1].is_atom("latin1");
  return is_latin1 ? term::Encoding::Latin1 : term::Encoding::Utf8;
}

// Bytes in Latin-1, as a device writes them: what that lacks is escaped, \x{20AC}.
std::string utf8_to_latin1(std::string_view text) {
  std::string out;
  for (const char32_t c : sys::code_points(text)) {
    if (c <= 0xff) {
      out += static_cast<char>(c);
    } else {
      out += fmt::format("\\x{{{:X}}}", static_cast<uint32_t>(c));
    }
  }
  return out;
}

bool is_input(const Term& request) {
  if (request.is_atom("get_password")) return true;
  return request.is_tuple() && !request.elements().empty() &&
         (request.is_tagged("get_line") || request.is_tagged("get_until") ||
          request.is_tagged("get_chars") || request.is_tagged("get_password"));
}

}  // namespace

bool GroupLeader::accept(const Term& message) {
  if (!message.is_tagged("io_request", 4)) return false;
  Request request{message[1], message[2], message[3]};
  if (!is_input(request.request)) {
    serve(request);
    return true;
  }
  inputs_.push_back(std::move(request));
  serve_inputs();
  return true;
}

// While a line is read, messages are served: an input request that comes then waits here.
void GroupLeader::serve_inputs() {
  if (reading_) return;
  reading_ = true;
  struct Done {
    bool& reading;
    ~Done() { reading = false; }
  } done{reading_};
  while (!inputs_.empty()) {
    const Request request = std::move(inputs_.front());
    inputs_.pop_front();
    serve(request);
  }
}

void GroupLeader::serve(const Request& request) {
  std::optional<Term> value;
  try {
    value = answer(request.request);
  } catch (const RemoteError&) {
    value = error(Term::atom("request"));
  }
  if (!value) return;
  rpc_.send(request.from, Term::tuple({Term::atom("io_reply"), request.reply_as, *value}));
}

std::optional<Term> GroupLeader::answer(const Term& request) {
  if (request.is_atom("getopts")) return get_options();
  if (request.is_atom("get_password")) return get_password();
  if (!request.is_tuple() || request.elements().empty() || !request[0].is_atom()) {
    return error(Term::atom("request"));
  }
  const Terms& parts = request.elements();
  const std::string& tag = parts[0].atom_text();
  const size_t first = has_encoding(parts) ? 2 : 1;
  const size_t count = parts.size() - first;
  if (tag == "put_chars" && (count == 1 || count == 3)) return put_characters(parts);
  if (tag == "get_line" && count == 1) return get_line(parts);
  if (tag == "get_chars" && count == 2) return get_characters(parts);
  if (tag == "get_until" && count == 4) return get_until(parts[first], parts, first + 1);
  if (tag == "get_password") return get_password();
  if (tag == "setopts" && parts.size() == 2) return set_options(parts[1]);
  if (tag == "get_geometry" && parts.size() == 2) return get_geometry(parts[1]);
  if (tag == "requests" && parts.size() == 2) return answer_all(parts[1]);
  return error(Term::atom("request"));
}

Term GroupLeader::answer_all(const Term& requests) {
  Term last = ok();
  if (!requests.is_proper_list()) return error(Term::atom("request"));
  for (const Term& request : requests.elements()) {
    last = answer(request).value_or(ok());
    if (last.is_tagged("error", 2)) break;
  }
  return last;
}

Term GroupLeader::put_characters(const Terms& request) {
  const size_t first = has_encoding(request) ? 2 : 1;
  if (request.size() == first + 1) {
    const auto text = text_of(request[first], encoding_of(request));
    if (!text) return error(Term::atom("put_chars"));
    write(*text);
    return ok();
  }
  const Term& function = request[first + 1];
  if (!request[first].is_atom() || !function.is_atom() || !request[first + 2].is_proper_list()) {
    return error(Term::atom("request"));
  }
  std::optional<std::string> text;
  try {
    text = text_of(
        rpc_.call(request[first].atom_text(), function.atom_text(), request[first + 2].elements()),
        encoding_of(request));
  } catch (const RemoteError&) {
    // As when it returns no characters.
  }
  if (!text) return error(function);
  write(*text);
  return ok();
}

// Lists that are nested more deeply than is known here are flattened by the node.
std::optional<std::string> GroupLeader::text_of(const Term& characters, term::Encoding encoding) {
  if (auto text = term::chardata_utf8(characters, encoding)) return text;
  if (!characters.is_list()) return std::nullopt;
  try {
    const Term binary = rpc_.call(
        "unicode", "characters_to_binary",
        {characters, Term::atom(encoding == term::Encoding::Latin1 ? "latin1" : "unicode"),
         Term::atom("unicode")});
    if (binary.is_binary()) return binary.bytes();
  } catch (const RemoteError&) {
    // They are no characters.
  }
  return std::nullopt;
}

void GroupLeader::write(const std::string& text) {
  terminal_.write(rpc_, unicode_ ? text : utf8_to_latin1(text));
}

// A prompt is a text, an atom, or {format, Format, Arguments} (io_lib:format_prompt/2).
std::string GroupLeader::prompt_text(const Term& prompt) {
  if (prompt.is_atom()) return prompt.atom_text();
  if (prompt.is_tagged("format", 3)) {
    const Term made = rpc_.call("io_lib", "format", {prompt[1], prompt[2]});
    return term::chardata_utf8(made).value_or("");
  }
  return term::chardata_utf8(prompt).value_or("");
}

GroupLeader::Input GroupLeader::next_line(const Terminal::ReadRequest& request) {
  const size_t newline = rest_.find(U'\n');
  if (newline != std::u32string::npos) {
    Input input{rest_.substr(0, newline + 1), false, false, false};
    rest_.erase(0, newline + 1);
    return input;
  }
  const Terminal::Line line = terminal_.read_line(rpc_, request);
  rest_ += unicode_ ? sys::code_points(line.text) : sys::latin1_code_points(line.text);
  const size_t end = std::min(rest_.find(U'\n'), rest_.size() - 1) + 1;
  Input input{rest_.substr(0, end), line.end && rest_.empty(), line.left, line.interrupted};
  rest_.erase(0, end);
  return input;
}

// Of the encoding that the request names; nullopt when that lacks a character.
std::optional<Term> GroupLeader::text_term(const std::u32string& text, const Terms& request) const {
  if (!binary_) return term::character_list(text);
  if (encoding_of(request) == term::Encoding::Utf8) return Term::binary(sys::utf8(text));
  std::string bytes;
  for (const char32_t c : text) {
    if (c > 0xff) return std::nullopt;
    bytes += static_cast<char>(c);
  }
  return Term::binary(bytes);
}

Term GroupLeader::get_line(const Terms& request) {
  const Input input = next_line({prompt_text(request.back()), echo_});
  if (input.interrupted) return error(Term::atom("interrupted"));
  if (input.end) return Term::atom("eof");
  return text_term(input.text, request).value_or(error(Term::atom("collect_line")));
}

Term GroupLeader::get_characters(const Terms& request) {
  const Term& count = request.back();
  if (!count.is_small_integer() || count.as_integer() < 0) return error(Term::atom("request"));
  const auto wanted = static_cast<size_t>(count.as_integer());
  const std::string text = prompt_text(request[request.size() - 2]);
  std::u32string got;
  while (got.size() < wanted) {
    const Input input = next_line({text, echo_});
    if (input.interrupted) return error(Term::atom("interrupted"));
    if (input.end) break;
    got += input.text;
  }
  if (got.empty() && wanted > 0) return Term::atom("eof");
  if (got.size() > wanted) {
    rest_.insert(0, got, wanted);
    got.resize(wanted);
  }
  return text_term(got, request).value_or(error(Term::atom("collect_chars")));
}

// Module:Function(Continuation, Characters | eof, Arguments…) is asked with each line until it says
// {done, Result, Rest} (io_lib:get_until/4). The node knows its own scanner.
std::optional<Term> GroupLeader::get_until(const Term& prompt, const Terms& request,
                                           size_t module) {
  if (!request[module].is_atom() || !request[module + 1].is_atom() ||
      !request[module + 2].is_proper_list()) {
    return error(Term::atom("request"));
  }
  if (request[module].is_atom("erl_scan") && request[module + 1].is_atom("tokens"))
    return get_expression(prompt, request, module);
  const Terminal::ReadRequest line_request{prompt_text(prompt), echo_};
  Term continuation;
  for (;;) {
    const Input input = next_line(line_request);
    if (input.interrupted) return error(Term::atom("interrupted"));
    const Term next = input.end ? Term::atom("eof") : term::character_list(input.text);
    Term answer;
    try {
      answer = ask_reader(request, module, continuation, next);
    } catch (const RemoteError&) {
      return error(request[module + 1]);
    }
    if (answer.is_tagged("more", 2)) {
      continuation = answer[1];
      continue;
    }
    if (!answer.is_tagged("done", 3)) return error(request[module + 1]);
    keep(answer[2]);
    if (!binary_ || !answer[1].is_list()) return answer[1];
    return Term::binary(term::chardata_utf8(answer[1]).value_or(""));
  }
}

// The same for a shell. It does not see an empty line, and an interrupt begins its expression anew.
std::optional<Term> GroupLeader::get_expression(const Term& prompt, const Terms& request,
                                                size_t module) {
  const Term eof = Term::atom("eof");
  Terminal::ReadRequest line_request{prompt_text(prompt), echo_, true};
  std::optional<Term> continuation;
  std::u32string text;
  for (;;) {
    line_request.is_more = continuation || !text.empty();
    const Input input = next_line(line_request);
    text += input.text;
    if (!continuation && is_blank(text)) text.clear();
    if (input.interrupted) {
      continuation.reset();
      text.clear();
      continue;
    }
    if (input.end && (input.left || (!continuation && text.empty()))) return end_of_shell();
    // No expression ends without a full stop: lines before it need no round trip.
    if (!input.end && input.text.find(U'.') == std::u32string::npos) continue;
    const Term next = input.end && text.empty() ? eof : term::character_list(text);
    Term answer = ask_reader(request, module, continuation.value_or(Term()), next);
    text.clear();
    if (input.end && answer.is_tagged("more", 2))
      answer = ask_reader(request, module, answer[1], eof);
    if (answer.is_tagged("more", 2)) {
      continuation = answer[1];
      continue;
    }
    if (!answer.is_tagged("done", 3)) return error(request[module + 1]);
    if (answer[1].is_tagged("eof")) return end_of_shell();
    keep(answer[2]);
    if (observer_) observer_(answer[1]);
    return answer[1];
  }
}

// What a reader has left is read next.
void GroupLeader::keep(const Term& rest) {
  if (const auto text = term::chardata_utf8(rest)) rest_.insert(0, sys::code_points(*text));
}

std::optional<Term> GroupLeader::end_of_shell() {
  if (leave_) leave_();
  return std::nullopt;
}

Term GroupLeader::ask_reader(const Terms& request, size_t module, const Term& continuation,
                             const Term& next) {
  Terms arguments{continuation, next};
  const Terms& more = request[module + 2].elements();
  arguments.insert(arguments.end(), more.begin(), more.end());
  return rpc_.call(request[module].atom_text(), request[module + 1].atom_text(),
                   std::move(arguments));
}

Term GroupLeader::get_password() {
  Terminal::Line line = terminal_.read_line(rpc_, {"", false});
  terminal_.write(rpc_, "\n");
  if (line.interrupted) return error(Term::atom("interrupted"));
  if (line.end) return Term::atom("eof");
  if (!line.text.empty() && line.text.back() == '\n') line.text.pop_back();
  return term::character_list(sys::code_points(line.text));
}

Term GroupLeader::set_options(const Term& options) {
  if (!options.is_proper_list()) return error(Term::atom("enotsup"));
  for (const Term& option : options.elements()) {
    const Term& key = option.is_tuple(2) ? option[0] : option;
    const Term value = option.is_tuple(2) ? option[1] : Term::boolean(true);
    if (key.is_atom("binary"))
      binary_ = value.is_atom("true");
    else if (key.is_atom("list"))
      binary_ = !value.is_atom("true");
    else if (key.is_atom("echo"))
      echo_ = value.is_atom("true");
    else if (const Term& encoding = key.is_atom("encoding") ? value : key;
             encoding.is_atom("unicode") || encoding.is_atom("utf8"))
      unicode_ = true;
    else if (encoding.is_atom("latin1"))
      unicode_ = false;
    else if (key.is_atom("expand_fun"))
      expand_fun_ = value.kind() == term::TermKind::Fun ? std::optional<Term>(value) : std::nullopt;
    else if (!key.is_atom("line_history") && !key.is_atom("log") && !key.is_atom("terminal"))
      return error(Term::atom("enotsup"));
  }
  return ok();
}

Term GroupLeader::get_options() const {
  const auto option = [](const char* key, const Term& value) {
    return Term::tuple({Term::atom(key), value});
  };
  Terms options{option("binary", Term::boolean(binary_)),
                option("encoding", Term::atom(unicode_ ? "unicode" : "latin1"))};
  // By `terminal`, and in OTP 25 by `echo` and `expand_fun`, one tells whether escape sequences are
  // in place.
  if (terminal_.is_terminal()) {
    options.push_back(option("expand_fun", expand_fun_.value_or(Term::boolean(false))));
    options.push_back(option("echo", Term::boolean(echo_)));
    options.push_back(option("terminal", Term::boolean(true)));
  }
  return Term::list(std::move(options));
}

Term GroupLeader::get_geometry(const Term& what) const {
  const std::optional<int> size = what.is_atom("columns") ? terminal_.columns()
                                  : what.is_atom("rows")  ? terminal_.rows()
                                                          : std::nullopt;
  return size ? Term(*size) : error(Term::atom("enotsup"));
}

}  // namespace relmk::node
