// What a Mix project's own Elixir says of one of its releases (question.exs), as a value.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "otp/release/release_resource.h"
#include "sys/files.h"
#include "term/term.h"

namespace relmk::mix {

struct Application {
  Atom name{""};
  std::string directory;  // above ebin, as the code path has it
  bool is_otp = false;    // of Erlang/OTP: left out where ERTS is
};

// A boot file: its name, and the applications in the order of its .rel.
struct BootScriptChoice {
  std::string name;
  std::vector<std::pair<Atom, otp::StartType>> applications;
};

// What of BEAM files is kept.
struct StripChoice {
  std::vector<std::string>
      chunks;  // ids of four characters, in the order in which they are written
  bool compress = false;
};

struct Text {
  std::string path;  // in the release
  std::string text;
  unsigned mode = 0644;
};

// A file or a directory that the evaluation looked at. The answer holds as long as it is unchanged.
struct Read {
  enum class Kind { Existence, Content, Listing };
  fs::path path;
  Kind kind = Kind::Content;
};

// All on which an answer depends.
struct Basis {
  std::vector<Read> reads;
  std::vector<std::string> environment;  // variables that were asked for; `*`: all of them
  std::vector<std::string> programs;     // that were run
};

struct Answer {
  std::string name;
  std::string version;
  fs::path path;           // of the release
  fs::path tar_directory;  // where mix puts NAME-VSN.tar.gz
  fs::path otp_root;
  std::string erts_version;
  std::optional<fs::path> erts_source;  // erts-VSN of some OTP; absent: the release has none
  std::vector<Application> applications;
  std::vector<BootScriptChoice> boot_scripts;
  bool has_config_providers = false;
  bool reboots = false;              // the system starts anew with the providers' configuration
  bool makes_tar = false;            // steps has :tar
  std::optional<StripChoice> strip;  // absent: beams are copied
  std::optional<std::string> cookie;
  bool quiet = false;
  bool has_unix_executables = false;
  std::optional<fs::path> runtime_config;       // becomes releases/VSN/runtime.exs
  std::vector<fs::path> overlays;               // directories
  std::vector<std::string> copied_directories;  // of an application, beside ebin: priv, …
  std::optional<fs::path> consolidated;         // directory of protocols
  std::vector<Text> texts;

  Basis basis;
};

// `term` is what question.exs answers. Throws Error with file and line for what Elixir found wrong
// in the project, and where the term is no answer.
Answer answer_of_term(const Term& term, const std::string& mix_exs);

// The answer to the question for `*`: the project's releases, the default one first. Nothing need
// be compiled for it.
struct ReleaseList {
  struct Release {
    std::string name;
    std::string version;  // empty where it is that of an application which is not compiled
  };
  std::vector<Release> releases;
  Basis basis;
};
ReleaseList release_list_of_term(const Term& term, const std::string& mix_exs);

}  // namespace relmk::mix
