#include "start/vm_args.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <set>
#include <utility>

#include "start/environment_substitution.h"

namespace relmk::start {
namespace {

bool is_blank(char c) {
  return std::string_view("\n\f\r\t\v ").find(c) != std::string_view::npos;
}

enum class Comments { None, FromHash };

// build_args_from_string in OTP's erlexec.c, less its limits.
class Splitter {
 public:
  Splitter(const std::string& file, std::string_view text, Comments comments = Comments::FromHash)
      : file_(file), comments_(comments) {
    constexpr size_t kLargest = size_t{1} << 20;
    if (text.size() > kLargest) throw Error(file, "arguments for the VM of more than 1 MiB");
    text_ = text.substr(0, text.find('\0'));
  }

  std::vector<VmArgument> arguments() {
    std::vector<VmArgument> out;
    bool cookie_follows = false;
    for (skip_blanks(cookie_follows); next_ < text_.size(); skip_blanks(cookie_follows)) {
      VmArgument argument{"", file_, at_, next_, 0};
      argument.text = word(cookie_follows);
      argument.end = next_;
      cookie_follows = argument.text == "-setcookie";
      out.push_back(std::move(argument));
    }
    return out;
  }

  // Where a quote begins that ends with the text; {0, 0} when there is none.
  Position unclosed_quote() const { return unclosed_quote_; }

 private:
  char peek() const { return text_[next_]; }

  char take() {
    const char c = text_[next_++];
    if (c == '\n') {
      at_ = {at_.line + 1, 1};
    } else if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) {
      ++at_.column;
    }
    return c;
  }

  void skip_blanks(bool& cookie_follows) {
    while (next_ < text_.size()) {
      if (is_blank(peek())) {
        if (take() == '\n') cookie_follows = false;
      } else if (begins_comment(cookie_follows)) {
        while (next_ < text_.size() && peek() != '\n')
          take();
      } else {
        return;
      }
    }
  }

  std::string word(bool is_cookie) {
    std::string out;
    while (next_ < text_.size() && !is_blank(peek()) && !begins_comment(is_cookie)) {
      const Position at = at_;
      const char c = take();
      if ((c == '"' || c == '\'') && !(is_cookie && !closed_on_line(c))) {
        while (next_ < text_.size() && peek() != c)
          out += take();
        if (next_ < text_.size()) {
          take();
        } else {
          unclosed_quote_ = at;
        }
      } else if (c != '\\') {
        out += c;
      } else if (next_ < text_.size()) {
        out += take();
      }
    }
    return out;
  }

  bool begins_comment(bool in_cookie) const {
    return peek() == '#' && comments_ == Comments::FromHash && !in_cookie;
  }

  bool closed_on_line(char quote) const {
    return text_.substr(0, text_.find('\n', next_)).find(quote, next_) != std::string_view::npos;
  }

  const std::string& file_;
  Comments comments_;
  std::string_view text_;
  size_t next_ = 0;
  Position at_{1, 1};
  Position unclosed_quote_;
};

bool begins_flag(const VmArgument& argument) {
  return argument.text.starts_with('-') || argument.text.starts_with('+');
}

// How many values a flag has whatever they look like, as erlexec takes them.
size_t fixed_values(std::string_view flag) {
  if (flag == "-env") return 2;
  if (flag == "-name" || flag == "-sname" || flag == "-start_epmd" || flag == "-epmd") return 1;
  return 0;
}

bool names_node(const VmFlag& flag) {
  return flag.name.text == "-name" || flag.name.text == "-sname";
}

class Reader {
 public:
  // Without a directory, what -args_file names is left alone.
  explicit Reader(const fs::path* directory, MissingFiles missing = MissingFiles::Refuse)
      : directory_(directory), missing_(missing) {}

  void read(const std::string& file, std::string_view text,
            Comments comments = Comments::FromHash) {
    files_.insert(file);
    const std::vector<VmArgument> arguments = Splitter(file, text, comments).arguments();
    for (size_t i = 0; i < arguments.size(); ++i) {
      if (arguments[i].text == "-args_file") {
        include(arguments[i], i + 1 < arguments.size() ? &arguments[i + 1] : nullptr);
        ++i;
      } else if (arguments[i].text == "-extra") {
        extra_.insert(extra_.end(), arguments.begin() + static_cast<ptrdiff_t>(i) + 1,
                      arguments.end());
        return;
      } else {
        arguments_.push_back(arguments[i]);
      }
    }
  }

  // Words that a shell has cut already.
  void read_words(const std::vector<VmArgument>& words) {
    for (size_t i = 0; i < words.size(); ++i) {
      if (words[i].text == "-args_file") {
        include(words[i], i + 1 < words.size() ? &words[i + 1] : nullptr);
        ++i;
      } else {
        arguments_.push_back(words[i]);
      }
    }
  }

  std::vector<VmFlag> flags() const {
    std::vector<VmFlag> out;
    for (size_t i = 0; i < arguments_.size(); ++i) {
      if (out.empty() || begins_flag(arguments_[i])) {
        out.push_back({arguments_[i], {}});
        i += take_values(out.back(), i + 1);
      } else {
        out.back().values.push_back(arguments_[i]);
      }
    }
    if (!extra_.empty()) out.push_back({{"-extra", extra_[0].file, extra_[0].at, 0, 0}, extra_});
    return out;
  }

  const std::optional<VmArgsError>& missing_file() const { return missing_file_; }

 private:
  void include(const VmArgument& flag, const VmArgument* file) {
    if (file == nullptr) throw missing_value(flag);
    if (directory_ == nullptr) return;
    const auto fail = [&](VmArgsError::Code code, const std::string& message) {
      throw VmArgsError(code, flag.file, flag.at, message);
    };
    if (files_.contains(file->text)) {
      fail(VmArgsError::Circular, fmt::format("circular reference to {} encountered in {}",
                                              shown_word(file->text), flag.file));
    }
    files_.insert(file->text);
    const fs::path path = *directory_ / file->text;
    if (::access(path.c_str(), F_OK) != 0) {
      const VmArgsError missing(VmArgsError::NotReadable, flag.file, flag.at,
                                shown_word(file->text) + " not found");
      if (missing_ == MissingFiles::Refuse) throw missing;
      if (!missing_file_) missing_file_ = missing;
      return;
    }
    if (::access(path.c_str(), R_OK) != 0 || fs::is_directory(path)) {
      fail(VmArgsError::NotReadable, shown_word(file->text) + " not readable");
    }
    read(file->text, sys::read_file(path));
  }

  static Error missing_value(const VmArgument& flag) {
    return Error(flag.file, flag.at, flag.text + " lacks its value");
  }

  size_t take_values(VmFlag& flag, size_t next) const {
    const size_t count = fixed_values(flag.name.text);
    if (next + count > arguments_.size()) throw missing_value(flag.name);
    // erlexec hands a flag on as the name's value; init then takes it for the flag that it is.
    if (names_node(flag) && begins_flag(arguments_[next])) throw missing_value(flag.name);
    for (size_t i = 0; i < count; ++i)
      flag.values.push_back(arguments_[next + i]);
    return count;
  }

  const fs::path* directory_;
  MissingFiles missing_;
  std::optional<VmArgsError> missing_file_;
  std::set<std::string> files_;
  std::vector<VmArgument> arguments_;
  std::vector<VmArgument> extra_;
};

}  // namespace

VmArgs::VmArgs(std::vector<VmFlag> flags, std::optional<VmArgsError> missing_file)
    : flags_(std::move(flags)), missing_file_(std::move(missing_file)) {
  for (const VmFlag& flag : flags_) {
    if (!names_node(flag)) continue;
    const VmArgument& value = flag.values.front();
    if (name_) {
      const std::string first =
          fmt::format("{} {}", name_->long_name ? "-name" : "-sname", shown_word(name_->name));
      throw VmArgsError(
          VmArgsError::SecondName, flag.name.file, flag.name.at,
          fmt::format("\"{} {}\" parameter found in {} but already specified as \"{}\"",
                      flag.name.text, shown_word(value.text), flag.name.file, first));
    }
    name_ = VmNodeName{flag.name.text == "-name", value.text, value.file, value.at};
  }
}

const VmFlag* VmArgs::find(std::string_view name) const {
  const auto found = std::find_if(flags_.rbegin(), flags_.rend(),
                                  [&](const VmFlag& flag) { return flag.name.text == name; });
  return found == flags_.rend() ? nullptr : &*found;
}

std::optional<std::string> VmArgs::value(std::string_view name) const {
  const VmFlag* flag = find(name);
  if (flag == nullptr || flag->values.empty()) return std::nullopt;
  return flag->values.front().text;
}

std::optional<std::string> VmArgs::parameter(std::string_view application,
                                             std::string_view parameter) const {
  std::optional<std::string> out;
  for (const VmFlag& flag : flags_) {
    if (flag.name.text != fmt::format("-{}", application)) continue;
    for (size_t i = 0; i + 1 < flag.values.size(); i += 2) {
      if (flag.values[i].text == parameter) out = flag.values[i + 1].text;
    }
  }
  return out;
}

std::map<std::string, std::string> VmArgs::environment() const {
  std::map<std::string, std::string> out;
  for (const VmFlag& flag : flags_) {
    if (flag.name.text == "-env") out[flag.values[0].text] = flag.values[1].text;
  }
  return out;
}

const VmNodeName& VmArgs::name_or_throw() const {
  if (name_) return *name_;
  if (missing_file_) throw VmArgsError(*missing_file_);
  throw VmArgsError(VmArgsError::NoName, "", {},
                    "need to have exactly one of either -name or -sname parameters but none found");
}

const VmArgument* VmArgs::cookie() const {
  const VmArgument* out = nullptr;
  size_t count = 0;
  for (const VmFlag& flag : flags_) {
    if (flag.name.text != "-setcookie" || flag.values.size() > 1) continue;
    ++count;
    if (!flag.values.empty()) out = &flag.values[0];
  }
  return count == 1 ? out : nullptr;
}

std::vector<VmArgument> split_vm_args(const std::string& file, std::string_view text) {
  return Splitter(file, text).arguments();
}

VmArgs read_vm_args(const std::string& file, std::string_view text, const fs::path& directory,
                    MissingFiles missing) {
  Reader reader(&directory, missing);
  reader.read(file, text);
  return VmArgs(reader.flags(), reader.missing_file());
}

std::vector<VmFlag> read_environment_flags(const std::string& variable, std::string_view text,
                                           const fs::path& directory) {
  Reader reader(&directory);
  reader.read(variable, text, Comments::None);
  return reader.flags();
}

void validate_vm_args(const std::string& file, std::string_view text) {
  std::vector<VariableReference> references;
  for (auto found = find_variable(text); found; found = find_variable(text, found->end))
    references.push_back(*found);
  const std::string masked = mask_variables(text, references);
  Splitter splitter(file, masked);
  splitter.arguments();
  if (splitter.unclosed_quote()) {
    sys::warn(file, splitter.unclosed_quote(),
              "nothing closes this quote: to the VM the rest of the file is one argument");
  }
  Reader reader(nullptr);
  reader.read(file, masked);
  try {
    const VmArgs checked(reader.flags());
  } catch (const VmArgsError& error) {
    throw Error(file, error.position(), "a second node name: the start script takes only one");
  }
}

std::string vm_args_word(const std::string& argument) {
  if (argument.empty()) return "\"\"";
  std::string out;
  for (char c : argument) {
    if (is_blank(c) || c == '#' || c == '"' || c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string shown_word(std::string_view word) {
  const size_t end = word.find_first_of(" \t\r\n");
  return std::string(word.substr(0, end)) + (end == std::string_view::npos ? "" : "…");
}

CommandArguments read_command_arguments(const std::vector<std::string>& words,
                                        const fs::path& directory, MissingFiles missing) {
  CommandArguments found;
  std::vector<VmArgument> all;
  bool is_cookie = false;
  bool is_extra = false;
  for (size_t i = 0; i < words.size(); ++i) {
    all.push_back({words[i], kCommandLine, {}, 0, 0});
    const bool is_file = words[i] == "-args_file" && i + 1 < words.size();
    if (words[i].starts_with('-') || words[i].starts_with('+'))
      is_cookie = words[i] == "-setcookie";
    if (is_file) all.push_back({words[++i], kCommandLine, {}, 0, 0});
    is_extra = is_extra || words[i] == "-extra";
    const bool is_hidden = is_file || is_cookie || (!is_extra && words[i] == kDetached);
    if (!is_hidden) found.words.push_back(words[i]);
  }
  Reader reader(&directory, missing);
  reader.read_words(all);
  found.flags = reader.flags();
  found.missing_file = reader.missing_file();
  return found;
}

std::string vm_args_text(const std::vector<VmFlag>& flags) {
  std::string out;
  for (const VmFlag& flag : flags) {
    out += vm_args_word(flag.name.text);
    for (const VmArgument& value : flag.values)
      out += " " + vm_args_word(value.text);
    out += '\n';
  }
  return out;
}

}  // namespace relmk::start
