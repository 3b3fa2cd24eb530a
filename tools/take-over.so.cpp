// take-over.so: makes relmk's targets take the place of those that a project's Makefile has by the
// same names. A loadable object of GNU make ("Loading Dynamic Objects" in its manual).
//
// Make cannot forget a rule that it has read, nor one that it will read. So, while make reads
// relmk.mk, this replaces make by another one: the same program, arguments and environment, but
// this is loaded before it starts, and opens of each makefile that has such rules a copy in memory,
// without them. Names and lines stay those of the file. Where there is no such rule, make goes on.
// mk/take-over.mk loads this and says which targets are meant.

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

extern "C" {
#include <gnumake.h>  // says nothing of C++
}

#include "make/command_line.h"
#include "make/taken_rules.h"

using namespace relmk;

extern "C" {
int plugin_is_GPL_compatible;
int relmk_take_over_setup();
int relmk_copies_setup();
// Make's, in the place of the C library's. The header gives them other names in C++.
FILE* relmk_fopen(const char* path, const char* mode) __asm__("fopen");
FILE* relmk_fopen64(const char* path, const char* mode) __asm__("fopen64");
}

namespace {

// In the environment of the next make, which takes it out again.
constexpr const char* kPreload = "LD_PRELOAD";
constexpr const char* kMark = "RELMK_TAKES_OVER";

// Whether this was loaded before make started.
bool is_preloaded = false;

// The makefiles of which a copy is opened: descriptors by the names that make opens. Made at the
// first use, which may be before this file's own variables are.
std::map<std::string, int>& copies() {
  static std::map<std::string, int> all;
  return all;
}

std::string expanded(const std::string& expression) {
  char* text = gmk_expand(expression.c_str());
  std::string result = text == nullptr ? "" : text;
  gmk_free(text);
  return result;
}

std::vector<std::string> words_of(const std::string& expression) {
  std::istringstream stream(expanded(expression));
  return {std::istream_iterator<std::string>(stream), {}};
}

std::optional<std::string> contents(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return std::nullopt;
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

std::vector<std::string> own_arguments() {
  const std::string words = contents("/proc/self/cmdline").value_or("");
  std::vector<std::string> argv;
  for (size_t i = 0; i < words.size(); i += argv.back().size() + 1)
    argv.push_back(words.c_str() + i);
  return argv;
}

// Whatever follows `-f`; else what make looks for.
std::vector<std::string> makefiles_of(const make::CommandLine& line) {
  if (!line.makefiles.empty()) return line.makefiles;
  for (const char* name : {"GNUmakefile", "makefile", "Makefile"}) {
    if (access(name, R_OK) == 0) return {name};
  }
  return {};
}

// A file in memory that lives as long as make does and the makes it restarts itself as. Its
// descriptor; -1 where there is none to be had.
int in_memory(const std::string& text) {
  const int fd = memfd_create("Makefile", 0);
  for (size_t done = 0; fd >= 0 && done < text.size();) {
    const ssize_t written = write(fd, text.data() + done, text.size() - done);
    if (written <= 0) return -1;
    done += static_cast<size_t>(written);
  }
  return fd;
}

std::string path_of(int descriptor) {
  return "/proc/self/fd/" + std::to_string(descriptor);
}

// The makefiles and those that they include by name, without the rules for our targets.
class Taking {
 public:
  Taking() : rules_{words_of("$(relmk_own_targets)"), words_of("$(relmk_own_variables)")} {}

  // False where it cannot be read.
  bool take(const std::string& file) {
    if (!seen_.insert(file).second) return true;
    const std::optional<std::string> text = contents(file);
    if (file == "-" || !text) return false;
    make::MakefileText own = make::without_rules(*text, rules_);
    // What erlang.mk includes by itself is no project's.
    const bool is_erlang_mk = std::filesystem::path(file).filename() == "erlang.mk";
    for (const std::string& name :
         is_erlang_mk ? std::vector<std::string>() : make::included_names(own.text)) {
      std::istringstream names(expanded(name));
      for (std::string included; names >> included;)
        if (included.rfind(relmk_, 0) != 0) take(included);
    }
    if (own.targets.empty()) return true;
    targets.insert(own.targets.begin(), own.targets.end());
    texts[file] = std::move(own.text);
    return true;
  }

  std::set<std::string> targets;             // those that had a rule
  std::map<std::string, std::string> texts;  // of the files that had one, without it

 private:
  const make::TakenRules rules_;
  const std::string relmk_ = expanded("$(RELMK_DIR)") + "/mk/";
  std::set<std::string> seen_;
};

// What the next make reads first: what is left of the rules that were taken out, and which copies
// there are.
std::string prelude(const Taking& taking, const std::vector<std::string>& makefiles) {
  std::string text = "relmk_taken_over :=";
  for (const std::string& target : taking.targets)
    text += " " + target;
  text += "\ninclude " + expanded("$(RELMK_DIR)") + "/mk/taken-over.mk\n" +
          expanded("$(relmk_prelude)") + "\nrelmk_makefiles :=";
  for (const std::string& file : makefiles)
    text += " " + file;
  std::string index;
  for (const auto& [file, copy] : taking.texts)
    index += std::to_string(in_memory(copy)) + " " + file + "\n";
  const std::string self = expanded("$(relmk_take_over)");
  // Why there is a rule for it: see mk/take-over.mk.
  return text + "\nrelmk_copies := " + path_of(in_memory(index)) + "\n" + self +
         ": ;\n.DEFAULT_GOAL :=\nload " + self + "(relmk_copies_setup)\nMAKEFILE_LIST :=\n";
}

// Takes what the make before has put into the environment out of it: what make runs has no need of
// it.
__attribute__((constructor)) void look_whether_preloaded() {
  const char* path = std::getenv(kMark);
  const char* value = std::getenv(kPreload);
  if (path == nullptr || value == nullptr) return;
  const std::string loaded = value;
  if (loaded.rfind(path, 0) != 0) return;
  is_preloaded = true;
  const size_t colon = loaded.find(':');
  // In its place, since main is given the environment as it was before.
  if (colon != std::string::npos)
    std::strcpy(const_cast<char*>(value), loaded.c_str() + colon + 1);
  else
    unsetenv(kPreload);
  unsetenv(kMark);
}

FILE* open_copy(const char* function, const char* path, const char* mode) {
  const auto next =
      reinterpret_cast<FILE* (*)(const char*, const char*)>(dlsym(RTLD_NEXT, function));
  const auto copy = copies().find(path);
  if (copy == copies().end() || *mode != 'r') return next(path, mode);
  return next(path_of(copy->second).c_str(), mode);
}

// The pipe of make's job server is closed to programs that it runs; the next make is one of them.
void keep_job_server() {
  const char* flags = std::getenv("MAKEFLAGS");
  if (flags == nullptr) return;
  for (const char* option : {"--jobserver-auth=", "--jobserver-fds="}) {
    const char* at = std::strstr(flags, option);
    int fds[2];
    if (at != nullptr && std::sscanf(at + std::strlen(option), "%d,%d", &fds[0], &fds[1]) == 2) {
      for (const int fd : fds)
        fcntl(fd, F_SETFD, 0);
    }
  }
}

// Becomes make anew.
void become_make(std::vector<std::string> command) {
  keep_job_server();
  std::vector<char*> argv;
  for (std::string& word : command)
    argv.push_back(word.data());
  argv.push_back(nullptr);
  execv("/proc/self/exe", argv.data());
}

}  // namespace

FILE* relmk_fopen(const char* path, const char* mode) {
  return open_copy("fopen", path, mode);
}

FILE* relmk_fopen64(const char* path, const char* mode) {
  return open_copy("fopen64", path, mode);
}

// Make calls these. 1: go on; make takes 0 for an error.

int relmk_take_over_setup() {
  const make::CommandLine line = make::read_command_line(own_arguments());
  const std::vector<std::string> makefiles = makefiles_of(line);
  Taking taking;
  for (const std::string& file : makefiles)
    if (!taking.take(file)) return 1;
  if (taking.targets.empty() && expanded("$(relmk_prelude)").empty()) return 1;

  const int first = in_memory(prelude(taking, makefiles));
  if (first < 0) return 1;
  std::vector<std::string> command = {line.others.front(), "-f", path_of(first)};
  for (const std::string& file : makefiles)
    command.insert(command.end(), {"-f", file});
  // After -C make says where it is, unless it is told not to.
  if (line.changes_directory && !line.is_quiet &&
      expanded("$(findstring s,$(firstword -$(MAKEFLAGS)))").empty()) {
    command.push_back("-w");
  }
  command.insert(command.end(), line.others.begin() + 1, line.others.end());

  const std::string path = expanded("$(abspath $(relmk_take_over))");
  const char* others = std::getenv(kPreload);
  setenv(kMark, path.c_str(), 1);
  setenv(kPreload, (path + (others != nullptr ? ":" + std::string(others) : "")).c_str(), 1);
  become_make(std::move(command));
  return 1;
}

int relmk_copies_setup() {
  if (!is_preloaded) {
    // Make has restarted itself, since it has remade a makefile: all begins anew.
    std::vector<std::string> command = own_arguments();
    if (std::getenv(kMark) == nullptr && command.size() > 3) {
      command.erase(command.begin() + 1, command.begin() + 3);
      become_make(std::move(command));
    }
    std::fprintf(stderr, "error: make cannot load %s before it starts\n",
                 expanded("$(relmk_take_over)").c_str());
    return 0;
  }
  std::istringstream index(contents(expanded("$(relmk_copies)")).value_or(""));
  int copy = -1;
  for (std::string file; index >> copy && index.get() && std::getline(index, file);)
    copies()[file] = copy;
  return 1;
}
