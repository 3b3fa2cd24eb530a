// The terms of a relx configuration's `overlay` (rlx_overlay); overlay.h plans what they make.
#pragma once

#include <string>
#include <vector>

#include "sys/error.h"
#include "term/term.h"

namespace relmk::relx {

// One term of the overlay; paths are still templates.
struct OverlayAction {
  enum class Kind { MakeDirectory, Copy, Link, Template, ChangeMode };
  Kind kind = Kind::MakeDirectory;
  std::string from;        // Copy, Link, Template
  bool is_pattern = true;  // whether `from` may be a pattern: relx takes one from a string alone
  std::string to;
  Term mode;   // ChangeMode: an integer, or a template of one in decimal digits
  Terms vars;  // Template: the file of variables that come before the others, if any
  Position at;
};

// {mkdir, To}, {copy, From, To}, {link, From, To}, {template, From, To}, {template, From, To, Vars}
// and {chmod, Mode, Path}. Throws Error at the term's place, in relx's words (`Overlay section
// malformed: TERM`).
std::vector<OverlayAction> parse_overlay(const Terms& overlay, const std::string& config_file);

}  // namespace relmk::relx
