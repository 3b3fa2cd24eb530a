// Module filename. Names are flat texts here; a name given as a binary gives binaries.
#include "eval/library/filename.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "eval/library/support.h"
#include "sys/utf8.h"
#include "term/character_data.h"

namespace relmk::eval {
namespace filename_module {
namespace {

struct Name {
  std::u32string text;
  bool binary = false;
};

void flatten_into(const Term& term, std::u32string& into) {
  if (term.is_atom()) {
    into += sys::code_points(term.atom_text());
    return;
  }
  for (const Term& element : list_elements(term)) {
    if (element.is_small_integer()) {
      into += static_cast<char32_t>(element.as_integer());
    } else if (element.is_list() || element.is_atom()) {
      flatten_into(element, into);
    } else {
      leave_to_vm("a malformed file name");
    }
  }
}

Name name_of(const Term& term) {
  Name name;
  if (!term.is_binary()) {
    flatten_into(term, name.text);
    return name;
  }
  const std::optional<std::u32string> text = term::chardata(term);
  if (!text) leave_to_vm("a file name that is no UTF-8");
  return {*text, true};
}

Term term_of(const std::u32string& text, bool binary) {
  return binary ? Term::binary(sys::utf8(text)) : term::character_list(text);
}

// What dirname/1 and basename/1 do with doubled or trailing slashes differs for binaries.
void refuse_odd_binary(const Name& name) {
  const bool odd = name.text.find(U"//") != std::u32string::npos ||
                   (name.text.size() > 1 && name.text.ends_with(U'/')) || name.text.empty();
  if (name.binary && odd) leave_to_vm("filename of a binary with odd slashes");
}

// Appends a name to a path that is being joined: slashes once, no `/./`.
void join_onto(std::u32string& path, const std::u32string& name) {
  for (const char32_t c : name) {
    if (c == U'/' && path.ends_with(U"/.")) {
      path.pop_back();
    } else if (c != U'/' || !path.ends_with(U'/')) {
      path += c;
    }
  }
}

std::u32string without_trailing_slash(std::u32string path) {
  if (path.size() > 1 && path.ends_with(U'/')) path.pop_back();
  return path;
}

Term join_1(Evaluator&, const Terms& a) {
  const Terms& parts = list_elements(a[0]);
  if (parts.empty()) leave_to_vm("filename:join/1 of nothing");
  Name path = name_of(parts[0]);
  path.text = join_names(path.text, U"");
  for (size_t i = 1; i < parts.size(); ++i) {
    const Name next = name_of(parts[i]);
    path = {join_names(path.text, next.text), path.binary || next.binary};
  }
  return term_of(path.text, path.binary);
}

Term join_2(Evaluator&, const Terms& a) {
  const Name first = name_of(a[0]);
  const Name second = name_of(a[1]);
  return term_of(join_names(first.text, second.text), first.binary || second.binary);
}

Term append(Evaluator&, const Terms& a) {
  if (!a[0].is_binary() && !a[1].is_binary()) {
    if (!a[0].is_proper_list()) raise_badarg();
    Terms all = a[0].elements();
    all.emplace_back(int64_t{'/'});
    return Term::improper_list(std::move(all), a[1]);
  }
  if (a[0].is_atom() || a[1].is_atom()) leave_to_vm("filename:append/2 of an atom and a binary");
  const Name first = name_of(a[0]);
  const Name second = name_of(a[1]);
  return term_of(first.text + U'/' + second.text, first.binary || second.binary);
}

Term dirname(Evaluator&, const Terms& a) {
  const Name name = name_of(a[0]);
  refuse_odd_binary(name);
  return term_of(directory_of(name.text), name.binary);
}

std::u32string base_of(std::u32string name) {
  if (name.ends_with(U'/')) name.pop_back();
  return name.substr(name.rfind(U'/') + 1);
}

Term basename_1(Evaluator&, const Terms& a) {
  const Name name = name_of(a[0]);
  refuse_odd_binary(name);
  return term_of(base_of(name.text), name.binary);
}

Term basename_2(Evaluator&, const Terms& a) {
  const Name name = name_of(a[0]);
  const Name extension = name_of(a[1]);
  refuse_odd_binary(name);
  if (name.text.ends_with(U'/') || extension.text.empty() ||
      extension.text.find(U'/') != std::u32string::npos) {
    leave_to_vm("filename:basename/2 with odd arguments");
  }
  std::u32string base = base_of(name.text);
  if (base.ends_with(extension.text)) base.resize(base.size() - extension.text.size());
  return term_of(base, name.binary || extension.binary);
}

// Where the extension starts, its dot included; the end when there is none.
size_t extension_start(const std::u32string& name) {
  const size_t base = name.rfind(U'/') + 1;
  const size_t dot = name.rfind(U'.');
  return dot == std::u32string::npos || dot <= base ? name.size() : dot;
}

Term extension(Evaluator&, const Terms& a) {
  const Name name = name_of(a[0]);
  return term_of(name.text.substr(extension_start(name.text)), name.binary);
}

Term rootname_1(Evaluator&, const Terms& a) {
  const Name name = name_of(a[0]);
  return term_of(name.text.substr(0, extension_start(name.text)), name.binary);
}

Term rootname_2(Evaluator&, const Terms& a) {
  const Name name = name_of(a[0]);
  const Name extension = name_of(a[1]);
  std::u32string root = name.text;
  if (root.ends_with(extension.text)) {
    root.resize(root.size() - extension.text.size());
    if (root.ends_with(U'/')) root = name.text;
  }
  return term_of(root, name.binary || extension.binary);
}

Term split(Evaluator&, const Terms& a) {
  const Name name = name_of(a[0]);
  Terms parts;
  if (name.text.starts_with(U'/')) parts.push_back(term_of(U"/", name.binary));
  for (size_t at = 0; at < name.text.size();) {
    const size_t slash = std::min(name.text.find(U'/', at), name.text.size());
    if (slash > at) parts.push_back(term_of(name.text.substr(at, slash - at), name.binary));
    at = slash + 1;
  }
  return Term::list(std::move(parts));
}

Term pathtype(Evaluator&, const Terms& a) {
  return Term::atom(name_of(a[0]).text.starts_with(U'/') ? "absolute" : "relative");
}

Term absolute(const Name& name, const Name& base) {
  const std::u32string path =
      name.text.starts_with(U'/') ? join_names(name.text, U"") : join_names(base.text, name.text);
  return term_of(path, name.binary || base.binary);
}

Term absname_1(Evaluator&, const Terms& a) {
  const Term directory = native_string(std::filesystem::current_path().string());
  return absolute(name_of(a[0]), name_of(directory));
}

Term absname_2(Evaluator&, const Terms& a) {
  return absolute(name_of(a[0]), name_of(a[1]));
}

Term flatten(Evaluator&, const Terms& a) {
  if (a[0].is_binary()) return a[0];
  return term_of(name_of(a[0]).text, false);
}

Term nativename(Evaluator& e, const Terms& a) {
  return join_1(e, {Term::list({a[0]})});
}

constexpr LibraryFunction kFunctions[] = {
    {"absname", 1, absname_1}, {"absname", 2, absname_2},   {"absname_join", 2, join_2},
    {"append", 2, append},     {"basename", 1, basename_1}, {"basename", 2, basename_2},
    {"dirname", 1, dirname},   {"extension", 1, extension}, {"flatten", 1, flatten},
    {"join", 1, join_1},       {"join", 2, join_2},         {"nativename", 1, nativename},
    {"pathtype", 1, pathtype}, {"rootname", 1, rootname_1}, {"rootname", 2, rootname_2},
    {"split", 1, split},
};

}  // namespace
}  // namespace filename_module

std::u32string join_names(const std::u32string& first, const std::u32string& second) {
  std::u32string path;
  if (second.starts_with(U'/')) {
    filename_module::join_onto(path, second);
    return filename_module::without_trailing_slash(path);
  }
  filename_module::join_onto(path, first);
  if (second.empty()) return filename_module::without_trailing_slash(path);
  if (path.ends_with(U"/.")) {
    path.pop_back();
  } else if (!path.ends_with(U'/')) {
    path += U'/';
  }
  filename_module::join_onto(path, second);
  return filename_module::without_trailing_slash(path);
}

std::u32string directory_of(const std::u32string& name) {
  const size_t slash = name.rfind(U'/');
  if (slash == std::u32string::npos) return U".";
  std::u32string directory = name.substr(0, slash);
  while (directory.ends_with(U'/'))
    directory.pop_back();
  return directory.empty() ? U"/" : directory;
}

LibraryTable filename_functions() {
  return filename_module::kFunctions;
}

}  // namespace relmk::eval
