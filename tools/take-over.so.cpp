// take-over.so: makes relmk's targets take the place of those that a project's Makefile has by the
// same names. A loadable object of GNU make ("Loading Dynamic Objects" in its manual).
//
// Make cannot forget a rule that it has read, nor one that it will read. So, while make reads
// relmk.mk, this replaces make by another one: the same program, arguments and environment, but of
// each makefile a copy in memory, without those rules. Where there is no such rule, make goes on.
// mk/take-over.mk loads this and says which targets are meant.

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
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
}

namespace {

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

make::CommandLine own_command_line() {
  const std::string words = contents("/proc/self/cmdline").value_or("");
  std::vector<std::string> argv;
  for (size_t i = 0; i < words.size(); i += argv.back().size() + 1)
    argv.push_back(words.c_str() + i);
  return make::read_command_line(argv);
}

// Whatever follows `-f`; else what make looks for.
std::vector<std::string> makefiles_of(const make::CommandLine& line) {
  if (!line.makefiles.empty()) return line.makefiles;
  for (const char* name : {"GNUmakefile", "makefile", "Makefile"}) {
    if (access(name, R_OK) == 0) return {name};
  }
  return {};
}

// A file in memory that lives as long as make does and the makes it restarts itself as. Its path.
std::string in_memory(const std::string& text) {
  const int fd = memfd_create("Makefile", 0);
  if (fd < 0) return {};
  for (size_t done = 0; done < text.size();) {
    const ssize_t written = write(fd, text.data() + done, text.size() - done);
    if (written <= 0) return {};
    done += static_cast<size_t>(written);
  }
  return "/proc/self/fd/" + std::to_string(fd);
}

// What is read before a makefile of that name, with those before it.
std::string prelude(const std::string& makefiles, const std::set<std::string>& taken) {
  std::string text = "$(eval relmk_taken_over := ";
  for (const std::string& target : taken)
    text += target + " ";
  return text + ")$(eval include " + expanded("$(RELMK_DIR)") + "/mk/taken-over.mk)" +
         expanded("$(relmk_prelude)") + "$(eval relmk_makefiles := " + makefiles +
         ")$(eval MAKEFILE_LIST := " + makefiles + ")";
}

// The makefile with its rules for our targets taken out, those of files that it includes by name
// too.
std::string without_rules(const std::string& text, const make::TakenRules& rules,
                          std::set<std::string>& taken) {
  make::MakefileText own = make::without_rules(text, rules);
  taken.insert(own.targets.begin(), own.targets.end());
  const std::string relmk = expanded("$(RELMK_DIR)") + "/mk/";
  for (const std::string& name : make::included_names(own.text)) {
    const std::string file = expanded(name);
    if (file.empty() || file.rfind(relmk, 0) == 0) continue;
    const std::optional<std::string> included = contents(file);
    if (!included) continue;
    make::MakefileText other = make::without_rules(*included, rules);
    if (other.targets.empty()) continue;
    taken.insert(other.targets.begin(), other.targets.end());
    const std::string path = in_memory(other.text);
    if (!path.empty()) own.text = make::with_included(own.text, name, path);
  }
  return own.text;
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

}  // namespace

// Make calls this. 1: go on; make takes 0 for an error.
int relmk_take_over_setup() {
  const make::TakenRules rules = {words_of("$(relmk_own_targets)"),
                                  words_of("$(relmk_own_variables)")};
  const make::CommandLine line = own_command_line();
  const std::vector<std::string> makefiles = makefiles_of(line);
  std::set<std::string> taken;
  std::vector<std::string> texts;
  for (const std::string& file : makefiles) {
    const std::optional<std::string> text = contents(file);
    if (file == "-" || !text) return 1;
    texts.push_back(without_rules(*text, rules, taken));
  }
  if (taken.empty() && expanded("$(relmk_prelude)").empty()) return 1;

  std::vector<std::string> command = {line.others.front()};
  std::string names;
  for (size_t i = 0; i < texts.size(); i++) {
    names += (names.empty() ? "" : " ") + makefiles[i];
    const std::string copy = in_memory(make::with_prelude(texts[i], prelude(names, taken)));
    if (copy.empty()) return 1;
    command.insert(command.end(), {"-f", copy});
  }
  // After -C make says where it is, unless it is told not to.
  if (line.changes_directory && !line.is_quiet &&
      expanded("$(findstring s,$(firstword -$(MAKEFLAGS)))").empty()) {
    command.push_back("-w");
  }
  command.insert(command.end(), line.others.begin() + 1, line.others.end());

  keep_job_server();
  std::vector<char*> argv;
  for (std::string& word : command)
    argv.push_back(word.data());
  argv.push_back(nullptr);
  execv("/proc/self/exe", argv.data());
  return 1;
}
