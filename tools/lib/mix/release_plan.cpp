#include "mix/release_plan.h"

#include <algorithm>
#include <set>
#include <system_error>

#include "mix/boot_files.h"
#include "mix/kept_answer.h"
#include "mix/question.h"
#include "mix/start_script.h"
#include "otp/application/application_resource.h"
#include "otp/release/releases_file.h"
#include "plan/tree_plan.h"
#include "sys/error.h"
#include "sys/random_bytes.h"

namespace relmk::mix {
namespace {

using plan::Plan;
using plan::PlannedFile;
using Kind = plan::PlannedFile::Kind;

PlannedFile content(std::string bytes, unsigned mode = 0644) {
  return {Kind::Content, {}, std::move(bytes), mode};
}

bool is_a_directory(const fs::path& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

// A place that Elixir told relative to the project, as the user would name it.
Error placed(const Error& error, const fs::path& project) {
  fs::path file = error.file();
  if (!file.empty() && file.is_relative() && !project.empty()) file = project / file;
  Error moved(file.string(), error.position(), error.message());
  return error.hint().empty() ? moved : std::move(moved).with_hint(error.hint());
}

// Asks for the release `name`; `read` makes a value of the term that is answered.
template <typename Value>
Value ask(const Request& request, const std::string& name,
          Value (*read)(const Term&, const std::string&), const Basis& (*basis)(const Value&)) {
  Question question;
  question.project = fs::absolute(request.file).parent_path();
  question.mix_exs = request.file.filename().string();
  question.name = name;
  question.version = request.version.value_or("");
  question.limit = request.elixir_wait;
  if (!request.output_dir.empty())
    question.directory = fs::absolute(request.output_dir).lexically_normal();
  question.environment = request.environment;
  if (const auto kept = kept_answer(question)) return read(*kept, request.file.string());
  const auto asked = fs::file_time_type::clock::now();
  const Term term = ask_elixir(question);
  try {
    Value value = read(term, request.file.string());
    keep_answer(question, term, basis(value), asked);
    return value;
  } catch (const Error& error) {
    throw placed(error, request.file.parent_path());
  }
}

void require_project(const Request& request) {
  std::error_code ignored;
  if (!fs::is_regular_file(request.file, ignored))
    throw Error(request.file.string(), "cannot read: no such file");
}

// Where an application stands in the release.
std::string application_path(const otp::ApplicationResource& resource) {
  return plan::path_in_release("lib/" + resource.name.text() + "-" + resource.version);
}

class Planner {
 public:
  Planner(const Request& request, PlannedRelease& out)
      : request_(request),
        out_(out),
        release_(out.release),
        version_(plan::path_in_release("releases/" + release_.version)) {}

  void add_applications() {
    for (const Application& application : release_.applications) {
      const fs::path directory = application.directory;
      const fs::path file = directory / "ebin" / (application.name.text() + ".app");
      resources_.push_back(otp::read_application_resource(file.string()));
      otp::ApplicationResource& resource = resources_.back();
      resource.ebin = application.directory + "/ebin";
      check_modules(resource);
      if (application.is_otp && !release_.erts_source) continue;
      const std::string path = application_path(resource);
      out_.plan.add(path, {Kind::Directory, {}, {}, {}});
      add_ebin(path + "/ebin", directory / "ebin");
      for (const std::string& name : release_.copied_directories)
        if (is_a_directory(directory / name))
          plan::plan_tree(out_.plan, path + "/" + name, directory / name);
    }
  }

  void add_consolidated_protocols() {
    if (release_.consolidated) add_ebin(version_ + "/consolidated", *release_.consolidated);
  }

  // All of erts-VSN/bin, but `erl` is one that finds its own root (it comes among the texts).
  void add_erts() {
    if (!release_.erts_source) return;
    const std::string bin = "erts-" + release_.erts_version + "/bin";
    add_tree(bin, *release_.erts_source / "bin");
    out_.plan.remove(bin + "/erl");
    out_.plan.remove(bin + "/erl.ini");
  }

  void add_boot_files() {
    plan_boot_files(out_.plan, release_, resources_, request_.file.string());
    out_.plan.add("releases/start_erl.data",
                  content(otp::start_erl_data_text({release_.erts_version, release_.version})));
  }

  void add_texts() {
    for (const Text& text : release_.texts)
      out_.plan.add(plan::path_in_release(text.path), content(text.text, text.mode));
    if (release_.runtime_config)
      out_.plan.add(version_ + "/runtime.exs", {Kind::Copy, *release_.runtime_config, {}, {}});
  }

  // Made once and kept, unless the project says what it is.
  void add_cookie() {
    const fs::path file = out_.directory / "releases/COOKIE";
    std::error_code ignored;
    std::string cookie = release_.cookie.value_or("");
    if (!release_.cookie)
      cookie = fs::is_regular_file(file, ignored) ? sys::read_file(file) : random_cookie();
    out_.plan.add("releases/COOKIE", content(cookie, 0600));
  }

  void add_start_script() {
    out_.plan.add("bin", {Kind::Directory, {}, {}, {}});  // mix makes it, also where it stays empty
    if (!release_.has_unix_executables) return;
    for (StartScriptFile& file : start_script_files(release_))
      out_.plan.add(file.path, content(std::move(file.text), file.mode));
    const fs::path nodetool = request_.tools_dir / "nodetool";
    std::error_code ignored;
    if (fs::is_regular_file(nodetool, ignored))
      out_.plan.add("bin/nodetool", {Kind::Copy, nodetool, {}, 0755});
  }

  void add_overlays() {
    for (const fs::path& overlay : release_.overlays) {
      if (!is_a_directory(overlay))
        throw Error(request_.file.string(), "overlays: there is no directory " + overlay.string());
      add_tree("", overlay);
    }
  }

 private:
  static std::string random_cookie() {
    constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    std::string cookie;
    for (const unsigned char byte : sys::random_bytes<52>())  // 260 bits
      cookie += kAlphabet[byte % kAlphabet.size()];
    return cookie;
  }

  // systools makes no boot file for an application that lacks a module.
  void check_modules(const otp::ApplicationResource& resource) const {
    std::set<std::string> there;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(resource.ebin, error))
      there.insert(entry.path().filename().string());
    for (const Atom module : resource.modules) {
      if (there.count(module.text() + ".beam") != 0) continue;
      throw Error(resource.file, "module " + module.text() + " is not there: " + resource.ebin +
                                     "/" + module.text() + ".beam")
          .with_hint("compile the project anew: mix compile --force");
    }
  }

  // The files of a directory of beams.
  void add_ebin(const std::string& path, const fs::path& directory) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(directory, error)) {
      std::error_code ignored;
      if (!entry.is_regular_file(ignored)) continue;
      PlannedFile file{Kind::Copy, entry.path(), {}, {}};
      if (release_.strip && entry.path().extension() == ".beam") {
        file.kind = release_.strip->compress ? Kind::CompressedChunks : Kind::Chunks;
        for (const std::string& id : release_.strip->chunks)
          file.content += id;
        file.mode = 0644;
      }
      out_.plan.add(path + "/" + entry.path().filename().string(), std::move(file));
    }
  }

  // A directory as File.cp_r copies it: links stay links.
  void add_tree(const std::string& path, const fs::path& directory) {
    if (!path.empty()) out_.plan.add(path, {Kind::Directory, {}, {}, {}});
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(directory, error)) {
      const std::string name = entry.path().filename().string();
      const std::string below = path.empty() ? name : path + "/" + name;
      std::error_code ignored;
      if (entry.is_symlink(ignored)) {
        out_.plan.add(below, {Kind::Link, fs::read_symlink(entry.path()), {}, {}});
      } else if (entry.is_directory(ignored)) {
        add_tree(below, entry.path());
      } else if (entry.is_regular_file(ignored)) {
        out_.plan.add(below, {Kind::Copy, entry.path(), {}, {}});
      }
    }
    if (error) throw Error(directory.string(), "cannot read directory: " + error.message());
  }

  const Request& request_;
  PlannedRelease& out_;
  const Answer& release_;
  const std::string version_;  // releases/VSN
  std::vector<otp::ApplicationResource> resources_;
};

}  // namespace

bool is_mix_project(const fs::path& file) {
  return file.extension() == ".exs";
}

Answer read_release(const Request& request) {
  require_project(request);
  return ask<Answer>(request, request.name.value_or(""), answer_of_term,
                     [](const Answer& answer) -> const Basis& { return answer.basis; });
}

PlannedRelease plan_release(const Request& request) {
  PlannedRelease out;
  out.release = read_release(request);
  out.directory = out.release.path;
  Planner planner(request, out);
  planner.add_applications();
  planner.add_consolidated_protocols();
  planner.add_erts();
  planner.add_boot_files();
  planner.add_cookie();
  planner.add_start_script();
  planner.add_texts();
  planner.add_overlays();
  return out;
}

std::vector<ReleaseList::Release> list_releases(const Request& request) {
  require_project(request);
  return ask<ReleaseList>(request, "*", release_list_of_term,
                          [](const ReleaseList& all) -> const Basis& { return all.basis; })
      .releases;
}

fs::path tar_path(const PlannedRelease& release) {
  return release.release.tar_directory /
         (release.release.name + "-" + release.release.version + ".tar.gz");
}

}  // namespace relmk::mix
