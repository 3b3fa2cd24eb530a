// Mustache templates: the core of the Mustache specification, and where that leaves a choice the
// one that bbmustache makes, relx's engine. The context is an Erlang term.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "relx/overlay/mustache_names.h"
#include "term/term.h"

namespace relmk::relx {

// What rendering may take. A template that is no mistake takes less; taking so much takes neither
// all memory nor minutes.
struct MustacheLimits {
  size_t text = size_t{64} << 20;  // bytes
  size_t parts = 20'000'000;  // variables, sections, partials, pieces of text, and lists in values
  size_t comparisons = 500'000'000;  // of names with those of lists
};

struct MustacheOptions {
  // `<`, `>`, `&` and `"` of {{variables}} become HTML entities, as the specification has it. relx
  // asks for no escaping.
  bool escape_html = false;
  // The text of partial {{>NAME}}; nullopt renders as nothing. Absent: no partial is known.
  std::function<std::optional<std::string>(const std::string& name)> partial;
  MustacheLimits limits{};
  // What is left of the limits, where several texts have them together.
  MustacheLimits* left = nullptr;
};

// Renders the template `text`, bytes; `name` stands for it in errors.
//
// Names are looked up in proplists, by atoms, and in maps with atoms as keys, from the innermost
// section outwards; a name that is nowhere renders as nothing. Texts, atoms and numbers are
// rendered as such, `null` and `nil` as nothing. A section is rendered once for each element of a
// list (also of a string, as with bbmustache: once for each character), once for any other value,
// and not for `false`, `null`, `nil`, `undefined` and what is empty.
//
// {{variables}} come out as UTF-8, where binaries that are not UTF-8 count as Latin-1. {{{raw}}}
// ones come out as bbmustache makes them: a list of integers below 256 as these bytes.
//
// Throws Error with a position in the template for an unclosed tag, a section that is not closed,
// or closed by another's end, bad delimiters, a variable whose value has no text (a tuple, a
// map), and a text that takes more than the limits.
std::string render_mustache(const std::string& name, std::string_view text, const Term& context,
                            const MustacheOptions& options = {});
// The same, where the context is a list whose names are looked up in many texts.
std::string render_mustache(const std::string& name, std::string_view text,
                            const MustacheNames& context, const MustacheOptions& options = {});

}  // namespace relmk::relx
