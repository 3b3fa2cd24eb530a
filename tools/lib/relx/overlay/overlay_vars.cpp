#include "relx/overlay/overlay_vars.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <optional>

#include "relx/overlay/mustache.h"
#include "term/consult.h"
#include "term/print.h"

namespace relmk::relx {

namespace {

Term pair(std::string_view name, Term value) {
  return Term::tuple({Term::atom(name), std::move(value)});
}

Term atoms(const std::vector<std::string>& names) {
  Terms elements;
  for (const std::string& name : names)
    elements.push_back(Term::atom(name));
  return Term::list(std::move(elements));
}

Term strings(const std::vector<std::string>& texts) {
  Terms elements;
  for (const std::string& text : texts)
    elements.push_back(Term::string(text));
  return Term::list(std::move(elements));
}

Term path_term(const fs::path& path) {
  return Term::string(path.native());
}

Terms concatenated(const Term& first, const Terms& second) {
  Terms all = first.elements();
  all.insert(all.end(), second.begin(), second.end());
  return all;
}

// io_lib:printable_list/1 of an Erlang that was not told +pc unicode.
bool is_printable_latin1(const Term& value) {
  if (!value.is_proper_list()) return false;
  const Terms& elements = value.elements();
  return std::all_of(elements.begin(), elements.end(), [](const Term& element) {
    if (!element.is_small_integer()) return false;
    const int64_t c = element.as_integer();
    return (c >= 8 && c <= 13) || c == 27 || (c >= 32 && c < 127) || (c >= 160 && c < 256);
  });
}

MustacheOptions with_partials(const fs::path& root_dir) {
  MustacheOptions options;
  options.partial = [root_dir](const std::string& partial) -> std::optional<std::string> {
    const fs::path path = root_dir / (partial + ".mustache");
    std::error_code error;
    if (!fs::is_regular_file(path, error)) return std::nullopt;
    return sys::read_file(path);
  };
  return options;
}

// A term of `overlay_vars` and where it stands.
struct Variable {
  Term term;
  std::string file;
};
using Variables = std::vector<Variable>;

struct NameOrder {
  bool operator()(const Term& a, const Term& b) const { return Term::compare(a, b) < 0; }
};

class VariableReader {
 public:
  explicit VariableReader(const VariableSource& source) : source_(source) {}

  // rlx_overlay:merge_overlay_vars: names of files and variables, in their order.
  Variables read(const Terms& overlay_vars) {
    Variables all;
    std::map<Term, size_t, NameOrder> places;  // where the first of each name stands in `all`
    size_t placed = 0;
    for (const Term& term : overlay_vars) {
      if (const auto file = file_name(term)) {
        read_file_over(all, *file, source_.config_file,
                       term.position() ? term.position() : source_.at);
        places.clear();
        placed = 0;
        continue;
      }
      for (; placed < all.size(); ++placed)
        places.emplace(all[placed].term[0], placed);
      Variable variable = checked({term, source_.config_file});
      const auto same = places.find(variable.term[0]);
      if (same == places.end())
        all.push_back(std::move(variable));
      else
        all[same->second] = std::move(variable);
    }
    return all;
  }

 private:
  static std::optional<std::string> file_name(const Term& term) {
    std::string name;
    if (!term.is_nil() && append_iolist(name, term)) return name;
    return std::nullopt;
  }

  static Variable checked(Variable variable) {
    const Term& term = variable.term;
    if (term.is_tuple() && !term.elements().empty()) return variable;
    throw Error(variable.file, term.is_list() || term.is_tuple() ? term.position() : Position{},
                "neither {Name, Value} nor the name of a file among the overlay variables: " +
                    term::print_plain(term, true));
  }

  // A file's variables take the place of those that were there, the last ones of each name.
  void read_file_over(Variables& all, const std::string& file, const std::string& named_in,
                      Position at) {
    const fs::path path = source_.root_dir / file;
    std::error_code error;
    if (!fs::exists(path, error)) {
      sys::warn(named_in, at,
                fmt::format("Unable to read vars file ({}) for overlay due to: enoent", file));
      return;
    }
    const Variables added = read_file_variables(file, path, named_in, at);
    std::map<Term, size_t, NameOrder> to_remove;  // how many of each name
    for (const Variable& variable : added)
      ++to_remove[variable.term[0]];
    std::erase_if(all, [&](const Variable& variable) {
      const auto same = to_remove.find(variable.term[0]);
      return same != to_remove.end() && same->second > 0 && same->second-- > 0;
    });
    all.insert(all.end(), added.begin(), added.end());
  }

  Variables read_file_variables(const std::string& file, const fs::path& path,
                                const std::string& named_in, Position at) {
    const fs::path canonical = fs::weakly_canonical(path);
    if (std::find(open_.begin(), open_.end(), canonical) != open_.end())
      throw Error(named_in, at, "vars file " + file + " includes itself");
    open_.push_back(canonical);
    Variables variables;
    for (const Term& term : term::consult_file(path)) {
      if (const auto included = file_name(term))
        read_file_over(variables, (fs::path(file).parent_path() / *included).native(),
                       path.native(), term.position());
      else
        variables.push_back(checked({term, path.native()}));
    }
    open_.pop_back();
    return variables;
  }

  const VariableSource& source_;
  std::vector<fs::path> open_;  // files being read, each included by the one before it
};

// rlx_overlay:render_overlay_vars: the variables `list` with every text in them rendered, by those
// before it and by `outer`.
class Renderer {
 public:
  explicit Renderer(const fs::path& root_dir) : options_(with_partials(root_dir)) {
    options_.left = &left_;
  }
  Renderer(const Renderer&) = delete;
  Renderer& operator=(const Renderer&) = delete;

  Terms render(const Variables& variables, const Terms& outer) {
    const MustacheNames around(Term::list(Terms(outer)));
    MustacheNames rendered(&around);
    for (const Variable& variable : variables) {
      file_ = &variable.file;
      rendered.add(render_one(variable.term, rendered));
    }
    return rendered.elements();
  }

 private:
  Term render_one(const Term& variable, const MustacheNames& outer) {
    if (!variable.is_tuple(2)) return variable;
    const Term& value = variable[1];
    Term rendered = value;
    if (is_printable_latin1(value) || value.is_binary())
      rendered = render_text(variable, outer);
    else if (value.is_proper_list())
      rendered = render_list(value.elements(), outer);
    return Term::tuple({variable[0], std::move(rendered)}, variable.position());
  }

  Term render_list(const Terms& elements, const MustacheNames& outer) {
    MustacheNames rendered(&outer);
    for (const Term& element : elements)
      rendered.add(render_one(element, element.is_tuple(2) ? rendered : outer));
    return Term::list(Terms(rendered.elements()));
  }

  Term render_text(const Term& variable, const MustacheNames& outer) {
    std::string text;
    append_iolist(text, variable[1]);
    if (text.find("{{") == std::string::npos) return Term::binary(std::move(text));
    try {
      return Term::binary(render_mustache("", text, outer, options_));
    } catch (const Error& error) {
      if (!error.file().empty()) throw;
      throw Error(*file_, variable.position(),
                  fmt::format("Unable to render variable {}: {}",
                              term::print_plain(variable[0], true), error.message()));
    }
  }

  MustacheOptions options_;
  MustacheLimits left_;                // which all variables have together
  const std::string* file_ = nullptr;  // where the variable being rendered stands
};

}  // namespace

VariableSets predefined_variables(const PredefinedVariables& release) {
  const std::string canonical_name = release.release_name + "-" + release.release_version;
  std::vector<std::string> lib_dirs;
  for (const fs::path& dir : release.lib_dirs)
    lib_dirs.push_back(dir.native());
  Terms current{
      pair("output_dir", path_term(release.output_dir)),
      pair("target_dir", path_term(release.output_dir)),
      pair("overridden", atoms(release.overridden)),
      pair("overrides", release.overrides),
      pair("lib_dirs", strings(lib_dirs)),
      pair("vm_args", release.vm_args),
      pair("sys_config", release.sys_config),
      pair("root_dir", path_term(release.root_dir)),
  };
  std::vector<std::string> application_names;
  for (const auto& [name, directory] : release.applications) {
    current.push_back(pair(name, path_term(directory)));
    application_names.push_back(name);
  }
  for (const Term& variable : {pair("erts_vsn", Term::string(release.erts_version)),
                               pair("erts_dir", path_term(release.erts_dir)),
                               pair("release_erts_version", Term::string(release.erts_version)),
                               pair("release_name", Term::atom(release.release_name)),
                               pair("release_version", Term::string(release.release_version)),
                               pair("release", Term::string(canonical_name))})
    current.push_back(variable);

  Terms documented{
      pair("rel_vsn", Term::string(release.release_version)),
      pair("release_applications", atoms(application_names)),
      pair("goals", strings(release.goals)),
      pair("config_file", Term::string(release.config_file)),
      pair("log", Term::string("(relmk:info)")),
      pair("providers", {}),
  };
  const bool has_default = !release.default_release_name.empty();
  const auto if_default = [&](Term value) { return has_default ? value : Term::atom("undefined"); };
  documented.push_back(
      pair("default_release_name", if_default(Term::atom(release.default_release_name))));
  documented.push_back(
      pair("default_release_version", if_default(Term::string(release.default_release_version))));
  documented.push_back(
      pair("default_release", if_default(Term::string(release.default_release_name + "-" +
                                                      release.default_release_version))));
  return {Term::list(std::move(current)), Term::list(std::move(documented))};
}

Term add_overlay_vars(const Term& variables, const Terms& overlay_vars, const Terms& values,
                      const VariableSource& source) {
  const Terms behind = concatenated(variables, values);
  const Variables added = VariableReader(source).read(overlay_vars);
  const Terms rendered = Renderer(source.root_dir).render(added, behind);
  return Term::list(concatenated(Term::list(rendered), behind));
}

std::string render_with_variables(const std::string& name, std::string_view text,
                                  const Term& variables, const fs::path& root_dir) {
  return render_mustache(name, text, variables, with_partials(root_dir));
}

std::string render_with_variables(const std::string& name, std::string_view text,
                                  const MustacheNames& variables, const fs::path& root_dir) {
  return render_mustache(name, text, variables, with_partials(root_dir));
}

bool append_iolist(std::string& out, const Term& iolist) {
  if (iolist.is_binary()) {
    out += iolist.bytes();
    return true;
  }
  if (!iolist.is_list()) return false;
  for (const Term& element : iolist.elements()) {
    if (!element.is_small_integer()) {
      if (!append_iolist(out, element)) return false;
      continue;
    }
    const int64_t c = element.as_integer();
    if (c < 0 || c > 0x10ffff || (c >= 0xd800 && c < 0xe000)) return false;
    if (c < 256)
      out += static_cast<char>(c);
    else
      sys::append_utf8(out, static_cast<char32_t>(c));
  }
  return iolist.tail() == nullptr ||
         (iolist.tail()->is_binary() && append_iolist(out, *iolist.tail()));
}

}  // namespace relmk::relx
