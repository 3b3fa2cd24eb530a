#include "relx/overlay/overlay_action.h"

#include <optional>

#include "relx/overlay/overlay_vars.h"
#include "term/print.h"

namespace relmk::relx {
namespace {

struct OverlayForm {
  const char* tag;
  size_t arity;
  OverlayAction::Kind kind;
};

constexpr OverlayForm kOverlayForms[] = {
    {"mkdir", 2, OverlayAction::Kind::MakeDirectory},
    {"copy", 3, OverlayAction::Kind::Copy},
    {"link", 3, OverlayAction::Kind::Link},
    {"template", 3, OverlayAction::Kind::Template},
    {"template", 4, OverlayAction::Kind::Template},
    {"chmod", 3, OverlayAction::Kind::ChangeMode},
};

std::optional<OverlayAction> parse_action(const Term& term) {
  for (const OverlayForm& form : kOverlayForms) {
    if (!term.is_tagged(form.tag, form.arity)) continue;
    OverlayAction action;
    action.kind = form.kind;
    action.at = term.position();
    const Term& first = term[1];
    const Term& last = form.kind == OverlayAction::Kind::MakeDirectory ? term[1] : term[2];
    if (!append_iolist(action.to, last)) return std::nullopt;
    if (form.kind == OverlayAction::Kind::ChangeMode) {
      std::string ignored;
      if (!first.is_small_integer() && !append_iolist(ignored, first)) return std::nullopt;
      action.mode = first;
    } else if (form.kind != OverlayAction::Kind::MakeDirectory) {
      if (!append_iolist(action.from, first)) return std::nullopt;
      action.is_pattern = first.is_list();
    }
    if (form.arity == 4) action.vars = {term[3]};
    return action;
  }
  return std::nullopt;
}

}  // namespace

std::vector<OverlayAction> parse_overlay(const Terms& overlay, const std::string& config_file) {
  std::vector<OverlayAction> actions;
  for (const Term& term : overlay) {
    auto action = parse_action(term);
    if (!action) {
      const bool has_position = term.is_list() || term.is_tuple();
      throw Error(config_file, has_position ? term.position() : Position{},
                  "Overlay section malformed: " + term::print_pretty(term, {true, 1 << 20, 0}));
    }
    actions.push_back(std::move(*action));
  }
  return actions;
}

}  // namespace relmk::relx
