// A node that enit started, of a few lines: it knows what was applied to it, and answers programs
// as a test says.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "../node/answering_node.h"
#include "../node/fake_epmd.h"
#include "enit/state.h"
#include "host.h"
#include "node/upgrade/program.h"
#include "term/consult.h"

namespace relmk::enit {

struct EnitNode {
  explicit EnitNode(const InstalledHost& host) : host(host) {
    sys::make_directories(host.otp.erts_bin());
    environment["RELMK_OTP_ROOT"] = host.otp.root.string();
  }

  EnitNode(const EnitNode&) = delete;
  EnitNode& operator=(const EnitNode&) = delete;

  // The release with the name and the cookie of this node.
  static Release named(Release release) {
    release.node.name = {"fake", "127.0.0.1"};
    release.node.cookie = "secret";
    return release;
  }

  // Begins to listen. It has this applied, with the state of the release.
  void run(const Release& release) {
    applied = InstalledHost::applied(release, host.applications(release));
    applied.state = State(release.place, environment).directory().string();
    const node::Target target =
        node.target([this](const std::string& name, const Terms& arguments) {
          return std::optional<Term>(answer(name, arguments));
        });
    port = target.address.port.value();
    epmd = std::make_unique<FakeEpmd>(port);
    environment["ERL_EPMD_PORT"] = std::to_string(epmd->port());
  }

  const InstalledHost& host;
  sys::Environment environment;
  Applied applied;
  std::string probed = "[{erts,\"13.1.5\"}]";  // what kProbeProgram returns, as a text
  std::string told = "{done,[]}";              // what any other program returns
  std::string program;                         // that was run last, but for that one
  std::map<std::string, Term> variables;       // and its variables
  uint16_t port = 0;
  std::unique_ptr<FakeEpmd> epmd;

 private:
  std::string text_;

 public:
  node::AnsweringNode node;  // the last: its thread, which uses the others, ends before they do

 private:
  Term answer(const std::string& name, const Terms& arguments) {
    const Term ok = Term::atom("ok");
    if (name == "application:get_env") return Term::tuple({ok, applied_term(applied)});
    if (name == "erl_scan:string") {
      text_ = arguments[0].to_utf8();
      return Term::tuple({ok, Term::list({Term::atom("token")}), Term(1)});
    }
    if (name == "erl_parse:parse_exprs")
      return Term::tuple({ok, Term::list({Term::atom("expression")})});
    if (name != "erl_eval:exprs") return Term::atom("undefined");
    const bool is_probe = text_ == node::kProbeProgram;
    if (!is_probe) {
      program = text_;
      for (const Term& variable : arguments[1].elements())
        variables[variable[0].atom_text()] = variable[1];
    }
    return Term::tuple({Term::atom("value"),
                        term::consult_text("told", (is_probe ? probed : told) + ".").front(),
                        Term()});
  }
};

}  // namespace relmk::enit
