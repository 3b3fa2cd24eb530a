// A node that answers what the commands for releases ask: it holds what kProbeProgram returns.
#pragma once

#include <memory>
#include <string>

#include "answering_node.h"
#include "node/session/standard_session.h"
#include "term/consult.h"

namespace relmk::node {

struct UpgradeNode {
  std::string told = "[]";  // what the probe returns, as a text
  Terms bindings;           // of the program that was run last
  std::string text;         // and its text
  AnsweringNode node;       // the last: its thread, which uses the others, ends before they do

  Target target() {
    return node.target([this](const std::string& name, const Terms& arguments) {
      return std::optional<Term>(answer(name, arguments));
    });
  }
  std::unique_ptr<StandardSession> join() {
    return std::make_unique<StandardSession>(target(), kPatience);
  }

 private:
  Term answer(const std::string& name, const Terms& arguments) {
    const Term ok = Term::atom("ok");
    if (name == "erl_scan:string") {
      text = arguments[0].to_utf8();
      return Term::tuple({ok, Term::list({Term::atom("token")}), Term(1)});
    }
    if (name == "erl_parse:parse_exprs")
      return Term::tuple({ok, Term::list({Term::atom("expression")})});
    if (name == "erl_eval:exprs") {
      bindings = arguments[1].elements();
      return Term::tuple(
          {Term::atom("value"), term::consult_text("told", told + ".").front(), Term()});
    }
    return Term::atom("undefined");
  }
};

}  // namespace relmk::node
