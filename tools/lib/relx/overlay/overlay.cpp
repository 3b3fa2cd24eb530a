#include "relx/overlay/overlay.h"

#include <fmt/core.h>
#include <sys/stat.h>

#include <cctype>
#include <cerrno>
#include <optional>
#include <system_error>

#include "otp/application/code_path.h"
#include "plan/tree_plan.h"
#include "relx/overlay/overlay_source.h"
#include "relx/overlay/overlay_vars.h"
#include "term/print.h"

namespace relmk::relx {

using ActionKind = OverlayAction::Kind;
using FileKind = plan::PlannedFile::Kind;

namespace {

// The atom by which Erlang knows an error, as relx prints it.
std::string reason(int error_number) {
  switch (error_number) {
    case ENOENT:
      return "enoent";
    case EACCES:
      return "eacces";
    case EISDIR:
      return "eisdir";
    case ENOTDIR:
      return "enotdir";
    case EEXIST:
      return "eexist";
    default:
      return std::generic_category().message(error_number);
  }
}

std::string words(int error_number) {
  std::string text = std::generic_category().message(error_number);
  if (!text.empty()) text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  return text;
}

class Application {
 public:
  Application(plan::Plan& plan, const OverlayTarget& target)
      : plan_(plan), target_(target), sources_(plan, target.output_dir) {}

  const std::vector<std::string>& placed() const { return placed_; }

  void apply(const OverlayAction& action) {
    action_ = &action;
    try {
      switch (action.kind) {
        case ActionKind::MakeDirectory:
          return make_directory(destination());
        case ActionKind::ChangeMode:
          return change_mode(destination());
        case ActionKind::Template:
          return render_template(destination());
        case ActionKind::Copy:
          return for_each_source(&Application::copy);
        case ActionKind::Link:
          return for_each_source(target_.dev_mode ? &Application::link : &Application::copy);
      }
    } catch (const Error& error) {
      if (!error.file().empty()) throw;
      throw located(attempt() + ": " + error.message());
    }
  }

 private:
  // What the action does with one source, at one path in the release.
  using Placing = void (Application::*)(const std::string& from, const std::string& to);

  Error located(const std::string& message) const {
    return {target_.config_file, action_->at, message};
  }

  // What relx says it could not do.
  std::string attempt() const {
    switch (action_->kind) {
      case ActionKind::MakeDirectory:
        return "Unable to make directory " + action_->to;
      case ActionKind::ChangeMode:
        return "Unable to chmod " + action_->to;
      case ActionKind::Template:
        return "Unable to create enclosing directory for " + action_->to;
      case ActionKind::Link:
        if (!target_.dev_mode) break;
        return "Unable to symlink " + action_->from + " to " + action_->to;
      case ActionKind::Copy:
        break;
    }
    return "Unable to copy from " + action_->from + " to " + action_->to;
  }

  std::string render(const std::string& path) const {
    std::string text;
    try {
      text = render_with_variables("", path, names_, target_.root_dir);
    } catch (const Error& error) {
      if (!error.file().empty()) throw;
      throw located("Unable to render `" + path + "`: " + error.message());
    }
    std::string utf8;
    for (const char32_t c : sys::code_points(text))
      sys::append_utf8(utf8, c);
    return utf8;
  }

  // The path in the release that the action's `to` means, "" for its root.
  std::string destination() const {
    const std::string to = render(action_->to);
    if (to.empty() || to[0] != '/') return plan::path_in_release(to);
    const auto path = sources_.path_in_output(to);
    if (!path) throw Error(to + " lies outside of the release");
    return *path;
  }

  const fs::path& first_root_dir() const {
    return target_.first_root_dir.empty() ? target_.root_dir : target_.first_root_dir;
  }
  std::string absolute_source() const {
    const std::string from = render(action_->from);
    std::string first = otp::join_filename(first_root_dir().native(), from);
    if (sources_.exists(first)) return first;
    std::string source = otp::join_filename(target_.root_dir.native(), from);
    if (sources_.exists(source)) return source;
    // A way through a directory that is not there yet, as {{output_dir}}/../x: rebar3 shortens it.
    std::string shorter = fs::path(source).lexically_normal().native();
    return sources_.exists(shorter) ? shorter : source;
  }
  std::string absolute(const std::string& to) const {
    return to.empty() ? target_.output_dir.native()
                      : otp::join_filename(target_.output_dir.native(), to);
  }

  FileKind kind_at(const std::string& to, FileKind otherwise) const {
    if (to.empty()) return FileKind::Directory;
    const plan::PlannedFile* planned = plan_.find(to);
    return planned == nullptr ? otherwise : planned->kind;
  }

  void make_directory(const std::string& to) {
    const FileKind kind = kind_at(to, FileKind::Directory);
    if (kind == FileKind::Link && sources_.is_directory(absolute(to))) return;
    if (kind != FileKind::Directory)
      throw located(fmt::format("Unable to make directory {} because eexist", absolute(to)));
    place(to, {});
  }

  // A destination that ends in a slash is a directory: every file that matches the pattern goes
  // there.
  void for_each_source(Placing with) {
    const std::string to = destination();
    const std::string to_text = render(action_->to);
    if (to_text.empty() || (to_text.back() != '/' && to_text.back() != '\\'))
      return (this->*with)(absolute_source(), to);
    make_directory(to);
    const auto [found, root] = matches();
    for (const std::string& match : found) {
      const std::string from = otp::join_filename(otp::join_filename(root.native(), "."), match);
      (this->*with)(from, (to.empty() ? "" : to + "/") + fs::path(from).filename().native());
    }
  }

  // What the source matches, and the directory that it is relative to.
  std::pair<std::vector<std::string>, fs::path> matches() const {
    const std::string pattern = render(action_->from);
    if (!action_->is_pattern) {
      const std::string first = otp::join_filename(first_root_dir().native(), pattern);
      return {{pattern}, sources_.exists(first) ? first_root_dir() : target_.root_dir};
    }
    std::vector<std::string> found = sources_.matches(pattern, first_root_dir());
    if (!found.empty()) return {found, first_root_dir()};
    found = sources_.matches(pattern, target_.root_dir);
    if (found.empty() && pattern.find_first_of("*?[{\\") == std::string::npos)
      sys::warn(target_.config_file, action_->at,
                unable_to_place(absolute_source(), destination(), ENOENT));
    return {found, target_.root_dir};
  }

  std::string unable_to_place(const std::string& from, const std::string& to, int error) const {
    const bool linking = action_->kind == ActionKind::Link && target_.dev_mode;
    return fmt::format("Unable to {} {} to {} because of {}", linking ? "symlink" : "copy from",
                       from, absolute(to), reason(error));
  }

  void copy(const std::string& from, const std::string& to) {
    const OverlaySource source = sources_.find(from);
    if (source.planned) return copy_planned(source, to);
    struct stat status {};
    if (::stat(source.path.c_str(), &status) != 0) throw located(unable_to_place(from, to, errno));
    if (S_ISDIR(status.st_mode)) {
      if (sources_.holds_output(source.path))
        throw located(fmt::format("Unable to copy from {}: the release itself stands there", from));
      check_directory(from, to);
      place(to, {});
      plan::plan_tree(plan_, to, source.path, [this](const std::string& path, plan::PlannedFile&) {
        placed_.push_back(plan::path_in_release(path));
        return true;
      });
    } else if (S_ISREG(status.st_mode)) {
      place_file(from, to, {FileKind::Copy, source.path, {}, {}});
    } else {
      throw located(fmt::format("Unable to copy from {}: neither a file nor a directory", from));
    }
  }

  void copy_planned(const OverlaySource& source, const std::string& to) {
    const plan::PlannedFile* file = plan_.find(source.path.native());
    if (file != nullptr && file->kind != FileKind::Directory)
      return place_file(absolute(source.path.native()), to, plan::PlannedFile(*file));
    check_directory(absolute(source.path.native()), to);
    const std::string prefix = source.path.empty() ? "" : source.path.native() + "/";
    plan::Plan copied;  // taken first: `to` may lie below the source
    for (const auto& [path, below] : plan_.below(source.path.native()))
      copied.add(path.substr(prefix.size()), below);
    place(to, {});
    for (const auto& [path, below] : copied.files()) {
      const std::string target = to.empty() ? path : to + "/" + path;
      if (below.kind == FileKind::Link)
        copy(absolute(prefix + path), target);
      else
        place(target, below);
    }
  }

  // relx copies into what is there; it would go through a link, out of the release.
  void check_directory(const std::string& from, const std::string& to) const {
    if (kind_at(to, FileKind::Directory) != FileKind::Directory)
      throw located(unable_to_place(from, to, EEXIST));
  }

  void place_file(const std::string& from, const std::string& to, plan::PlannedFile file) {
    if (kind_at(to, file.kind) == FileKind::Directory)
      throw located(unable_to_place(from, to, EISDIR));
    place(to, std::move(file));
  }

  // relx packs a directory that an overlay named with all that is in it, whoever put it there.
  void place(const std::string& to, plan::PlannedFile file) {
    plan_.add(to, std::move(file));
    if (!to.empty()) placed_.push_back(to);
  }

  void link(const std::string& from, const std::string& to) {
    if (!sources_.exists(from))
      sys::warn(target_.config_file, action_->at,
                fmt::format("{}: the link {} leads to nothing", from, absolute(to)));
    place(to, {FileKind::Link, from, {}, {}});
  }

  void render_template(const std::string& to) {
    const std::string from = absolute_source();
    const OverlaySource source = sources_.find(from);
    const auto file = read_source(source);
    if (!file)
      throw located(fmt::format("Unable to read template file ({}) for overlay due to: {}", from,
                                words(errno)));
    if (kind_at(to, FileKind::Content) == FileKind::Directory)
      throw located(fmt::format("Unable to write to {} because eisdir", absolute(to)));
    plan::PlannedFile rendered{FileKind::Content, file->source, {}, file->mode};
    rendered.content =
        action_->vars.empty()
            ? render_with_variables(from, file->content, names_, target_.root_dir)
            : render_with_variables(from, file->content, template_variables(), target_.root_dir);
    place(to, std::move(rendered));
  }

  Term template_variables() const {
    return add_overlay_vars(target_.variables, action_->vars, {},
                            {target_.root_dir, target_.config_file, action_->at});
  }

  // Content, mode and where they are from; nullopt, with errno set, when it cannot be read.
  std::optional<plan::PlannedFile> read_source(const OverlaySource& source) const {
    fs::path path = source.path;
    std::optional<unsigned> mode;
    if (source.planned) {
      const plan::PlannedFile* file = plan_.find(path.native());
      if (file == nullptr || file->kind == FileKind::Directory) {
        errno = EISDIR;
        return std::nullopt;
      }
      if (plan::is_written(*file))
        return plan::PlannedFile{
            FileKind::Content, {}, plan::written_bytes(*file), file->mode.value_or(0644)};
      mode = file->mode;
      path = file->source;
    }
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) return std::nullopt;
    if (S_ISDIR(status.st_mode)) {
      errno = EISDIR;
      return std::nullopt;
    }
    return plan::PlannedFile{FileKind::Content, path, sys::read_file(path),
                             mode.value_or(status.st_mode & 07777)};
  }

  void change_mode(const std::string& to) {
    const unsigned mode = wanted_mode();
    const plan::PlannedFile* planned = plan_.find(to);
    if (planned == nullptr && !sources_.find(absolute(to)).through_link)
      throw located(fmt::format("Unable to chmod {} {} because of enoent", mode, to));
    if (planned == nullptr || planned->kind == FileKind::Link)
      return sys::warn(
          target_.config_file, action_->at,
          fmt::format("Unable to chmod {} {}: it is linked, and its source is left as it is", mode,
                      to));
    plan::PlannedFile changed = *planned;
    changed.mode = mode & 07777;
    plan_.add(to, std::move(changed));
  }

  unsigned wanted_mode() const {
    if (action_->mode.is_small_integer()) {
      const int64_t mode = action_->mode.as_integer();
      if (mode >= 0 && mode <= 0777777) return static_cast<unsigned>(mode);
      throw located(fmt::format("Unable to chmod {} {} because of einval", mode, action_->to));
    }
    std::string text;
    append_iolist(text, action_->mode);
    const std::string digits = render(text);
    if (digits.empty() || digits.size() > 6 ||
        digits.find_first_not_of("0123456789") != std::string::npos)
      throw located(fmt::format("Unable to chmod `{}` {}: the mode is no decimal number", digits,
                                action_->to));
    return static_cast<unsigned>(std::stoul(digits));
  }

  plan::Plan& plan_;
  const OverlayTarget& target_;
  const MustacheNames names_{target_.variables};
  OverlaySources sources_;
  std::vector<std::string> placed_;        // what apply_overlay() returns
  const OverlayAction* action_ = nullptr;  // which is being applied
};

}  // namespace

std::vector<std::string> apply_overlay(plan::Plan& plan, const std::vector<OverlayAction>& overlay,
                                       const OverlayTarget& target) {
  Application application(plan, target);
  for (const OverlayAction& action : overlay)
    application.apply(action);
  return application.placed();
}

}  // namespace relmk::relx
