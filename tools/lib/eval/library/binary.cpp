// Module binary.
#include <algorithm>

#include "eval/library/support.h"

#include "term/character_data.h"

namespace relmk::eval {
namespace binary_module {
namespace {

const std::string& bytes_of(const Term& term) {
  if (!term.is_binary()) raise_badarg();
  return term.bytes();
}

std::vector<std::string> patterns_of(const Term& term) {
  std::vector<std::string> patterns;
  if (term.is_binary()) {
    patterns.push_back(term.bytes());
  } else {
    if (!term.is_proper_list() || term.is_nil()) raise_badarg();
    for (const Term& pattern : term.elements())
      patterns.push_back(bytes_of(pattern));
  }
  for (const std::string& pattern : patterns) {
    if (pattern.empty()) raise_badarg();
  }
  return patterns;
}

struct Match {
  size_t at;
  size_t size;
};

// The first match from `from` on; of several at one place the longest.
std::optional<Match> next_match(const std::string& bytes, const std::vector<std::string>& patterns,
                                size_t from) {
  std::optional<Match> best;
  for (const std::string& pattern : patterns) {
    const size_t at = bytes.find(pattern, from);
    if (at == std::string::npos) continue;
    if (!best || at < best->at || (at == best->at && pattern.size() > best->size)) {
      best = Match{at, pattern.size()};
    }
  }
  return best;
}

std::vector<Match> all_matches(const std::string& bytes, const std::vector<std::string>& patterns) {
  std::vector<Match> all;
  for (size_t from = 0; const auto match = next_match(bytes, patterns, from);) {
    all.push_back(*match);
    from = match->at + match->size;
  }
  return all;
}

Term place(const Match& match) {
  return Term::tuple({static_cast<int64_t>(match.at), static_cast<int64_t>(match.size)});
}

Term match_2(Evaluator&, const Terms& a) {
  const auto match = next_match(bytes_of(a[0]), patterns_of(a[1]), 0);
  return match ? place(*match) : Term::atom("nomatch");
}

Term matches_2(Evaluator&, const Terms& a) {
  Terms all;
  for (const Match& match : all_matches(bytes_of(a[0]), patterns_of(a[1])))
    all.push_back(place(match));
  return Term::list(std::move(all));
}

void only_options(const Term& options, std::initializer_list<std::string_view> known) {
  for (const Term& option : list_elements(options)) {
    const bool is_known = std::any_of(known.begin(), known.end(),
                                      [&](std::string_view name) { return option.is_atom(name); });
    if (!is_known) leave_to_vm("binary with other options");
  }
}

Term split(Evaluator&, const Terms& a) {
  const std::string& bytes = bytes_of(a[0]);
  const Term options = a.size() == 3 ? a[2] : Term();
  only_options(options, {"global", "trim", "trim_all"});
  std::vector<Match> matches = all_matches(bytes, patterns_of(a[1]));
  if (!has_option(options, "global") && matches.size() > 1) matches.resize(1);
  std::vector<std::string> parts;
  size_t from = 0;
  for (const Match& match : matches) {
    parts.push_back(bytes.substr(from, match.at - from));
    from = match.at + match.size;
  }
  parts.push_back(bytes.substr(from));
  if (has_option(options, "trim_all")) {
    std::erase(parts, "");
  } else if (has_option(options, "trim")) {
    while (!parts.empty() && parts.back().empty())
      parts.pop_back();
  }
  Terms all;
  for (std::string& piece : parts)
    all.push_back(Term::binary(std::move(piece)));
  return Term::list(std::move(all));
}

Term replace(Evaluator&, const Terms& a) {
  const std::string& bytes = bytes_of(a[0]);
  const std::string& by = bytes_of(a[2]);
  const Term options = a.size() == 4 ? a[3] : Term();
  only_options(options, {"global"});
  std::vector<Match> matches = all_matches(bytes, patterns_of(a[1]));
  if (!has_option(options, "global") && matches.size() > 1) matches.resize(1);
  std::string result;
  size_t from = 0;
  for (const Match& match : matches) {
    result.append(bytes, from, match.at - from).append(by);
    from = match.at + match.size;
  }
  result.append(bytes, from);
  return Term::binary(std::move(result));
}

Term first(Evaluator&, const Terms& a) {
  const std::string& bytes = bytes_of(a[0]);
  if (bytes.empty()) raise_badarg();
  return static_cast<int64_t>(static_cast<unsigned char>(bytes.front()));
}

Term last(Evaluator&, const Terms& a) {
  const std::string& bytes = bytes_of(a[0]);
  if (bytes.empty()) raise_badarg();
  return static_cast<int64_t>(static_cast<unsigned char>(bytes.back()));
}

Term at(Evaluator&, const Terms& a) {
  const std::string& bytes = bytes_of(a[0]);
  const int64_t index = small_integer(a[1]);
  if (index < 0 || static_cast<size_t>(index) >= bytes.size()) raise_badarg();
  return static_cast<int64_t>(static_cast<unsigned char>(bytes[static_cast<size_t>(index)]));
}

Term part(Evaluator& e, const Terms& a) {
  return find_library_function("erlang", "binary_part", a.size(), 0)->call(e, a);
}

Term copy(Evaluator&, const Terms& a) {
  const std::string& bytes = bytes_of(a[0]);
  const int64_t times = a.size() == 2 ? small_integer(a[1]) : 1;
  if (times < 0) raise_badarg();
  if (times > 1 << 20) leave_to_vm("binary:copy/2 of a large number");
  std::string all;
  for (int64_t i = 0; i < times; ++i)
    all += bytes;
  return Term::binary(std::move(all));
}

Term bin_to_list(Evaluator& e, const Terms& a) {
  if (a.size() > 1) return bin_to_list(e, {part(e, a)});
  Terms all;
  for (const char c : bytes_of(a[0]))
    all.emplace_back(static_cast<int64_t>(static_cast<unsigned char>(c)));
  return Term::list(std::move(all));
}

Term list_to_bin(Evaluator&, const Terms& a) {
  const std::optional<std::string> bytes = a[0].is_list() ? term::iodata(a[0]) : std::nullopt;
  if (!bytes) raise_badarg();
  return Term::binary(*bytes);
}

Term common_prefix(Evaluator&, const Terms& a) {
  if (!a[0].is_proper_list() || a[0].is_nil()) raise_badarg();
  const std::string& one = bytes_of(a[0][0]);
  size_t count = one.size();
  for (const Term& other : a[0].elements()) {
    const std::string& bytes = bytes_of(other);
    count = std::min(count, bytes.size());
    count = static_cast<size_t>(
        std::mismatch(one.begin(), one.begin() + static_cast<std::ptrdiff_t>(count), bytes.begin())
            .first -
        one.begin());
  }
  return static_cast<int64_t>(count);
}

constexpr LibraryFunction kFunctions[] = {
    {"at", 2, at},
    {"bin_to_list", 1, bin_to_list},
    {"bin_to_list", 2, bin_to_list},
    {"bin_to_list", 3, bin_to_list},
    {"copy", 1, copy},
    {"copy", 2, copy},
    {"first", 1, first},
    {"last", 1, last},
    {"list_to_bin", 1, list_to_bin},
    {"longest_common_prefix", 1, common_prefix},
    {"match", 2, match_2},
    {"matches", 2, matches_2},
    {"part", 2, part},
    {"part", 3, part},
    {"replace", 3, replace},
    {"replace", 4, replace},
    {"split", 2, split},
    {"split", 3, split},
};

}  // namespace
}  // namespace binary_module

LibraryTable binary_functions() {
  return binary_module::kFunctions;
}

}  // namespace relmk::eval
