// What a release's node boots from: a boot script of our own compiler (otp/boot_script.h), and
// expressions for the node to evaluate in it, so that no module of ours is loaded there.
#pragma once

#include "enit/applied.h"
#include "otp/boot/boot_script.h"

namespace relmk::enit {

struct StartOptions {
  NodeSettings::Retries retries;
  std::chrono::milliseconds delay{15000};
  bool syslog = false;
  // How long a node that runs already may take to answer, before this one is started.
  std::chrono::milliseconds patience{5000};
};

// The boot script of the applications as they are found: all modules and applications are loaded,
// kernel and stdlib are started, then the file of expressions is evaluated.
Term boot_script(const otp::ReleaseApplications& applications, const otp::BootTemplate& otp,
                 const fs::path& expressions);

// The names of what is started, in order: not those that are included in others, nor kernel and
// stdlib.
std::vector<Atom> started_applications(const otp::ReleaseApplications& applications);

// The expressions: they start the applications, each after those that it needs, so that one which
// fails doesn't end the VM, and when all run make them permanent. One that fails is tried again
// after `delay`; at last the node stops with 1. systemd (or who else set NOTIFY_SOCKET) is told,
// and who set kNotifySocket.
std::string start_expressions(const Applied& applied, const std::vector<Atom>& started,
                              const StartOptions& options);

// The variable that names the socket of whoever starts the node, in the form of NOTIFY_SOCKET. The
// node removes it before its applications are started: these may have words of their own for
// NOTIFY_SOCKET (ejabberd ends where that is an abstract one).
constexpr const char* kNotifySocket = "ENIT_NOTIFY_SOCKET";

// A fun of the node, as text: it makes running applications permanent.
//   (fun([Name]) -> ok)
std::string make_permanent_fun();

}  // namespace relmk::enit
