// A vm.args is cut into arguments with a mark in place of each variable, as long as the reference
// to it, so that an argument's bytes are those of the text. The variables then become the shell's
// own expansions, which have the same form.
#include "relx/start_script/prepared_start.h"

#include <fmt/core.h>

#include <algorithm>
#include <vector>

#include "start/environment_substitution.h"
#include "start/vm_args.h"

namespace relmk::relx {
namespace {

constexpr char kMark = '\1';

std::string single_quoted(std::string_view text) {
  std::string out = "'";
  for (char c : text) {
    if (c == '\'')
      out += "'\\''";
    else
      out += c;
  }
  return out + "'";
}

bool is_shell_name(std::string_view name) {
  const auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  return !name.empty() && is_letter(name[0]) && std::all_of(name.begin(), name.end(), [&](char c) {
    return is_letter(c) || (c >= '0' && c <= '9');
  });
}

// A configuration whose variables a shell can replace.
class Template {
 public:
  explicit Template(const ConfigText& config) : name_(config.name), text_(config.text) {
    if (!config.substitute) return;
    for (auto found = start::find_variable(text_); found;
         found = start::find_variable(text_, found->end))
      references_.push_back(*found);
  }

  const std::string& text() const { return text_; }

  // Whether only shell's expansions are needed: a default that holds variables is looked through
  // again, which a shell does in another way.
  bool is_simple() const {
    return std::all_of(references_.begin(), references_.end(),
                       [](const start::VariableReference& reference) {
                         return is_shell_name(reference.name) &&
                                reference.fallback.value_or("").find('$') == std::string::npos;
                       });
  }

  std::string marked() const {
    std::string out = text_;
    for (const auto& reference : references_)
      std::fill(out.begin() + static_cast<ptrdiff_t>(reference.begin),
                out.begin() + static_cast<ptrdiff_t>(reference.end), kMark);
    return out;
  }

  // Variables within these arguments must be set; those in comments, for example, need not.
  void need_variables_of(const std::vector<start::VmArgument>& arguments) { needed_ = &arguments; }

  // Words of a shell, to be written one after the other, that say the bytes from `begin` up to
  // `end`.
  std::string words(size_t begin, size_t end) const {
    std::string out;
    for (const auto& reference : references_) {
      if (reference.begin < begin || reference.end > end) continue;
      out += single_quoted(std::string_view(text_).substr(begin, reference.begin - begin));
      out += expansion(reference);
      begin = reference.end;
    }
    return out + single_quoted(std::string_view(text_).substr(begin, end - begin));
  }

  // The same for an argument's text, which has lost its quotes but has the marks yet.
  std::string words(const start::VmArgument& argument) const {
    std::string out;
    size_t from = 0;
    for (const auto& reference : references_) {
      if (reference.begin < argument.begin || reference.end > argument.end) continue;
      const size_t at = argument.text.find(kMark, from);
      if (at == std::string::npos) break;
      out += single_quoted(std::string_view(argument.text).substr(from, at - from));
      out += expansion(reference);
      from = at + (reference.end - reference.begin);
    }
    return out + single_quoted(std::string_view(argument.text).substr(from));
  }

 private:
  bool is_needed(const start::VariableReference& reference) const {
    return needed_ != nullptr &&
           std::any_of(needed_->begin(), needed_->end(), [&](const start::VmArgument& argument) {
             return argument.begin <= reference.begin && reference.end <= argument.end;
           });
  }

  std::string expansion(const start::VariableReference& reference) const {
    if (reference.fallback) {
      std::string fallback;
      for (char c : *reference.fallback) {
        if (c == '"' || c == '`' || c == '\\') fallback += '\\';
        fallback += c;
      }
      return fmt::format("\"${{{}:-{}}}\"", reference.name, fallback);
    }
    if (!is_needed(reference)) return fmt::format("\"${{{}-}}\"", reference.name);
    return fmt::format("\"${{{0}?the variable {0} is not set, and has no default in {1}}}\"",
                       reference.name, name_);
  }

  std::string name_;
  std::string text_;
  std::vector<start::VariableReference> references_;
  const std::vector<start::VmArgument>* needed_ = nullptr;
};

// What vm.args comes to.
struct PreparedVmArgs {
  std::string trouble;
  std::string name_type, name;  // words of a shell
  std::string cookie;
  std::string rest;
};

class Preparation {
 public:
  explicit Preparation(const ConfigText& config)
      : template_(config), words_(start::split_vm_args(config.name, template_.marked())) {
    template_.need_variables_of(words_);
  }

  PreparedVmArgs prepare() {
    if (!template_.is_simple()) return trouble("a default that holds a variable");
    size_t cookies = 0;
    for (size_t i = 0; i < words_.size(); ++i) {
      const std::string& flag = words_[i].text;
      if (flag == "-args_file") return trouble("-args_file");
      if (flag == "-extra") break;
      if (flag == start::kDetached) {
        leave_out(words_[i].begin, words_[i].end);
        continue;
      }
      const bool is_cookie = flag == "-setcookie";
      if (!is_cookie && flag != "-name" && flag != "-sname") continue;
      const size_t values = values_behind(i);
      if (values != 1) return trouble(flag + " without one value");
      if (is_cookie) {
        out_.cookie =
            ++cookies == 1 ? template_.words(words_[i + 1]) : "";  // the VM heeds none of two
      } else if (!out_.name.empty()) {
        return trouble("a second name");
      } else {
        out_.name_type = flag;
        out_.name = template_.words(words_[i + 1]);
      }
      leave_out(words_[i].begin, words_[i + 1].end);
    }
    leave_out(template_.text().size(), template_.text().size());
    return out_;
  }

 private:
  static PreparedVmArgs trouble(const std::string& what) {
    PreparedVmArgs none;
    none.trouble = what;
    return none;
  }

  size_t values_behind(size_t flag) const {
    size_t count = 0;
    for (size_t i = flag + 1; i < words_.size(); ++i, ++count)
      if (words_[i].text.starts_with('-') || words_[i].text.starts_with('+')) break;
    return count;
  }

  void leave_out(size_t begin, size_t end) {
    out_.rest += template_.words(done_, begin);
    done_ = end;
  }

  Template template_;
  std::vector<start::VmArgument> words_;
  PreparedVmArgs out_;
  size_t done_ = 0;
};

}  // namespace

std::string prepared_start(const ConfigText& vm_args, const ConfigText& sys_config) {
  const PreparedVmArgs prepared = Preparation(vm_args).prepare();
  const Template config(sys_config);
  const std::string trouble = !prepared.trouble.empty() || config.is_simple()
                                  ? prepared.trouble
                                  : "a default that holds a variable";
  return fmt::format(
      R"(# shellcheck shell=sh disable=SC2034
# Made with the release: what vm.args and sys.config come to, for a start script without bin/nodetool.
PREPARED_VM_ARGS={}
PREPARED_SYS_CONFIG={}
PREPARED_TROUBLE={}
prepared_source() {{
  printf %s {}
}}
prepared_name() {{
  PREPARED_NAME_TYPE={}
  PREPARED_NAME={}
}}
prepared_cookie() {{
  PREPARED_COOKIE={}
}}
prepared_vm_args() {{
  printf %s {}
}}
prepared_sys_config() {{
  printf %s {}
}}
)",
      single_quoted(vm_args.name), single_quoted(sys_config.name), single_quoted(trouble),
      single_quoted(vm_args.text), prepared.name_type, prepared.name, prepared.cookie,
      prepared.rest, config.words(0, config.text().size()));
}

}  // namespace relmk::relx
