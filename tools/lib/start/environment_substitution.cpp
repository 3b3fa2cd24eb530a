// relx hands each line to awk, which replaces the leftmost reference until none is left. That a
// value is a regular expression's replacement to awk (`&`, `\`), and a default a regular expression
// (at many of which the script hangs), is no part of what its users rely on: here both are text.
#include "start/environment_substitution.h"

#include <algorithm>

#include "term/term.h"

namespace relmk::start {
namespace {

// Text that came from a variable: up to `rest` bytes before the end of the line.
struct Origin {
  std::string name;
  size_t rest = 0;
};

std::string substitute_line(std::string line,
                            const std::map<std::string, std::string>& environment) {
  std::vector<Origin> origins;
  size_t from = 0;
  while (const auto found = find_variable(line, from)) {
    const size_t rest = line.size() - found->begin;
    std::erase_if(origins, [&](const Origin& origin) { return origin.rest >= rest; });
    const bool within_itself =
        std::any_of(origins.begin(), origins.end(),
                    [&](const Origin& origin) { return origin.name == found->name; });
    if (within_itself) {
      from = found->end;
      continue;
    }
    const auto variable = environment.find(found->name);
    std::string value = variable == environment.end() ? "" : variable->second;
    if (value.empty()) value = found->fallback.value_or("");
    origins.push_back({found->name, line.size() - found->end});
    line.replace(found->begin, found->end - found->begin, value);
    // A dollar before the value may begin a reference together with it.
    from = found->begin > from ? found->begin - 1 : from;
  }
  return line;
}

}  // namespace

std::optional<VariableReference> find_variable(std::string_view text, size_t from) {
  for (size_t begin = text.find("${", from); begin != std::string_view::npos;
       begin = text.find("${", begin + 2)) {
    const size_t brace = text.find('}', begin + 2);
    if (brace == std::string_view::npos) return std::nullopt;
    const std::string_view inner = text.substr(begin + 2, brace - begin - 2);
    if (inner.find('\n') != std::string_view::npos) continue;
    VariableReference found{begin, brace + 1, std::string(inner), std::nullopt};
    if (const size_t colon = inner.find(":-"); colon != std::string_view::npos) {
      found.name = inner.substr(0, colon);
      found.fallback = inner.substr(colon + 2);
    }
    return found;
  }
  return std::nullopt;
}

std::string mask_variables(std::string_view text,
                           const std::vector<VariableReference>& references) {
  std::string out;
  size_t done = 0;
  for (const VariableReference& reference : references) {
    const std::string_view whole = text.substr(reference.begin, reference.end - reference.begin);
    out += text.substr(done, reference.begin - done);
    out.append(sys::code_points(whole).size(), 'a');
    done = reference.end;
  }
  return out += text.substr(done);
}

std::string substitute_variables(std::string_view text,
                                 const std::map<std::string, std::string>& environment) {
  std::string out;
  for (size_t begin = 0; begin <= text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    out += substitute_line(std::string(text.substr(begin, end - begin)), environment);
    if (end < text.size()) out += '\n';
    begin = end + 1;
  }
  return out;
}

std::string substitute_environment(std::string_view text,
                                   const std::map<std::string, std::string>& environment) {
  std::string out = substitute_variables(text, environment);
  if (!text.empty() && text.back() != '\n') out += '\n';
  return out;
}

}  // namespace relmk::start
