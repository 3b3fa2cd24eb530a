// take-over.so: makes relmk's targets take the place of those that a project's Makefile has by the
// same names. A loadable object of GNU make ("Loading Dynamic Objects" in its manual).
//
// Make cannot forget a rule that it has read, nor one that it will read. So, while make reads
// relmk.mk, this replaces make by another one: the same program, arguments and environment, but of
// each makefile a copy in memory, without those rules. Where there is no such rule, make goes on.
// mk/take-over.mk loads this and says which targets are meant.

#include <fcntl.h>
#include <getopt.h>
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

// The arguments that make was given, in two parts.
struct Arguments {
  std::vector<std::string> makefiles;  // -f
  std::vector<std::string> others;     // all but those and -C, which has been obeyed
};

// The options of make that take a value; `::` where it may be absent.
constexpr char short_options[] = "-bmBdeE:f:hiI:j::kl::no:O::pqrRsStvwW:C:";

Arguments read_arguments() {
  const std::string line = contents("/proc/self/cmdline").value_or("");
  std::vector<std::string> all;
  for (size_t i = 0; i < line.size(); i += all.back().size() + 1)
    all.push_back(line.c_str() + i);
  Arguments arguments;
  if (!all.empty()) arguments.others.push_back(all.front());
  bool only_goals = false;
  for (size_t i = 1; i < all.size(); i++) {
    const std::string& word = all[i];
    const bool has_next = i + 1 < all.size();
    if (only_goals || word.size() < 2 || word.front() != '-') {
      arguments.others.push_back(word);
    } else if (word == "--") {
      only_goals = true;
      arguments.others.push_back(word);
    } else if (word[1] == '-') {
      const size_t equals = word.find('=');
      const std::string name = word.substr(2, equals == std::string::npos ? equals : equals - 2);
      const auto is = [&](const char* full, size_t least) {
        return name.size() >= least && std::string(full).rfind(name, 0) == 0;
      };
      const bool file = is("file", 2) || is("makefile", 1);
      if (!file && !is("directory", 2)) {
        arguments.others.push_back(word);
        // The value of any other option follows as it stands.
        continue;
      }
      std::string value;
      if (equals != std::string::npos)
        value = word.substr(equals + 1);
      else if (has_next)
        value = all[++i];
      if (file) arguments.makefiles.push_back(value);
    } else {
      std::string kept = "-";
      for (size_t j = 1; j < word.size(); j++) {
        const char letter = word[j];
        const char* option = std::strchr(short_options + 1, letter);
        const bool takes = option != nullptr && option[1] == ':';
        const bool may_lack = takes && option[2] == ':';
        if (letter == 'f' || letter == 'C') {
          std::string value = word.substr(j + 1);
          if (value.empty() && has_next) value = all[++i];
          if (letter == 'f') arguments.makefiles.push_back(value);
          break;
        }
        kept += letter;
        if (!takes) continue;
        kept += word.substr(j + 1);
        if (j + 1 == word.size() && !may_lack && has_next) {
          arguments.others.push_back(kept);
          kept = all[++i];
          arguments.others.push_back(kept);
          kept = "-";
        }
        break;
      }
      if (kept != "-") arguments.others.push_back(kept);
    }
  }
  return arguments;
}

// Whatever follows `-f`; else what make looks for.
std::vector<std::string> makefiles_of(const Arguments& arguments) {
  if (!arguments.makefiles.empty()) return arguments.makefiles;
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
         "$(eval MAKEFILE_LIST := " + makefiles + ")";
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
  Arguments arguments = read_arguments();
  const std::vector<std::string> makefiles = makefiles_of(arguments);
  std::set<std::string> taken;
  std::vector<std::string> texts;
  for (const std::string& file : makefiles) {
    const std::optional<std::string> text = contents(file);
    if (file == "-" || !text) return 1;
    texts.push_back(without_rules(*text, rules, taken));
  }
  if (taken.empty()) return 1;

  std::vector<std::string> command = {arguments.others.front()};
  std::string names;
  for (size_t i = 0; i < texts.size(); i++) {
    names += (names.empty() ? "" : " ") + makefiles[i];
    const std::string copy = in_memory(make::with_prelude(texts[i], prelude(names, taken)));
    if (copy.empty()) return 1;
    command.insert(command.end(), {"-f", copy});
  }
  command.insert(command.end(), arguments.others.begin() + 1, arguments.others.end());

  keep_job_server();
  std::vector<char*> argv;
  for (std::string& word : command)
    argv.push_back(word.data());
  argv.push_back(nullptr);
  execv("/proc/self/exe", argv.data());
  return 1;
}
