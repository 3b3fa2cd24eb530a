#include "start/vm_args.h"

#include <sys/stat.h>

#include "catch.h"
#include "scratch.h"
#include "warnings.h"

namespace start_vm_args_test {

using namespace relmk;
using namespace relmk::start;

namespace {

// The arguments in angle brackets.
std::string split(std::string_view text) {
  std::string out;
  for (const VmArgument& argument : split_vm_args("vm.args", text))
    out += "<" + argument.text + ">";
  return out;
}

VmArgs read(std::string_view text) {
  return read_vm_args("vm.args", text, ".");
}

std::string cookie(std::string_view text) {
  const VmArgs args = read(text);
  return args.cookie() == nullptr ? "(none)" : args.cookie()->text;
}

// A release's root, and the error that its vm.args gives: `CODE MESSAGE`.
struct Files {
  Scratch scratch;
  void add(const std::string& name, std::string_view text) {
    sys::write_file(scratch.path / name, text);
  }
  std::string error(std::string_view text) const {
    try {
      read_vm_args("vm.args", text, scratch.path).name_or_throw();
    } catch (const VmArgsError& error) {
      return std::to_string(error.code()) + " " + error.message();
    }
    return "";
  }
};

}  // namespace

TEST_CASE("vm_args: words, quotes, backslashes and comments are erlexec's") {
  CHECK(split("") == "");
  CHECK(split("-a b\tc\n\n  -d\r\n") == "<-a><b><c><-d>");
  CHECK(split("# c\n-a # b\n#-d\n") == "<-a>");
  CHECK(split("-a b#c\n-d") == "<-a><b><-d>");
  CHECK(split("-a \"b # 'c'\" 'd \"e\"'") == "<-a><b # 'c'><d \"e\">");
  CHECK(split("-a b\"c d\"'e f'g") == "<-a><bc de fg>");
  CHECK(split("-a b\\ c \\# \\\" \"\\\"") == "<-a><b c><#><\"><\\>");
  CHECK(split("-a \"\" ''") == "<-a><><>");
  CHECK(split("-a \"b\nc") == "<-a><b\nc>");
  CHECK(split("-a b\\") == "<-a><b>");
  CHECK(split(std::string_view("-a\0-b", 5)) == "<-a>");
}

TEST_CASE("vm_args: an argument knows its place") {
  const auto arguments = split_vm_args("vm.args", "# \xC3\xA9\n-a \"\xC3\xA9\" b\n");
  REQUIRE(arguments.size() == 3);
  CHECK(arguments[0].at == Position{2, 1});
  CHECK(arguments[1].at == Position{2, 4});
  CHECK(arguments[2].at == Position{2, 8});
}

TEST_CASE("vm_args: a cookie arrives whole") {
  CHECK(cookie("-setcookie abc") == "abc");
  CHECK(cookie("-setcookie abc # comment") == "abc");
  CHECK(cookie("-setcookie a#b#c\n") == "a#b#c");
  CHECK(cookie("-setcookie #abc\n") == "#abc");
  CHECK(cookie("-setcookie \"a b#c\"\n") == "a b#c");
  CHECK(cookie("-setcookie 'a\"b'\n") == "a\"b");
  CHECK(cookie("-setcookie a\"b\n-sname n\n") == "a\"b");
  CHECK(cookie("-setcookie a'b\\\\c\n") == "a'b\\c");
}

TEST_CASE("vm_args: the VM's cookie is that of the only -setcookie with one value") {
  CHECK(cookie("-sname n") == "(none)");
  CHECK(cookie("-setcookie a\n-setcookie b\n") == "(none)");
  CHECK(cookie("-setcookie n@h a\n-setcookie b\n") == "b");
  CHECK(cookie("-setcookie\n-setcookie b\n") == "(none)");
  CHECK(cookie("-setcookie\n# comment\n") == "(none)");
}

TEST_CASE("vm_args: names") {
  const auto name = read("-name 'a@b.c' # comment\n").name();
  REQUIRE(name);
  CHECK(name->long_name);
  CHECK(name->name == "a@b.c");
  CHECK(name->at == Position{1, 7});
  CHECK_FALSE(read("-sname a").name()->long_name);
  CHECK_FALSE(read("-heart").name());
}

TEST_CASE("vm_args: flags, parameters and variables") {
  const VmArgs args = read(
      "-kernel inet_dist_listen_min 11500 inet_dist_listen_max 11999\n+K true\n-heart\n"
      "-kernel inet_dist_use_interface \"{127,0,0,1}\"\n-proto_dist inet_tls\n"
      "-ssl_dist_optfile \"/a b\"\n-env A -b -start_epmd false -extra -proto_dist x\n");
  CHECK(args.find("-heart") != nullptr);
  CHECK(args.find("-hidden") == nullptr);
  CHECK(args.value("-heart") == std::nullopt);
  CHECK(args.value("+K") == "true");
  CHECK(args.value("-proto_dist") == "inet_tls");
  CHECK(args.value("-ssl_dist_optfile") == "/a b");
  CHECK(args.value("-start_epmd") == "false");
  CHECK(args.parameter("kernel", "inet_dist_listen_max") == "11999");
  CHECK(args.parameter("kernel", "inet_dist_use_interface") == "{127,0,0,1}");
  CHECK(args.parameter("kernel", "11999") == std::nullopt);
  CHECK(args.environment() == std::map<std::string, std::string>{{"A", "-b"}});
}

TEST_CASE("vm_args: included files are read in place, from the release's root") {
  Files files;
  files.add("more.args", "-args_file deep.args -b # c\n-extra x");
  files.add("deep.args", "-sname n");
  const VmArgs args = read_vm_args("vm.args", "-a 1\n-args_file more.args\n-c", files.scratch.path);
  CHECK(vm_args_text(args.flags()) == "-a 1\n-sname n\n-b\n-c\n-extra x\n");
  CHECK(args.name()->file == "deep.args");
}

TEST_CASE("vm_args: relx's checks, words and codes") {
  Files files;
  files.add("name.args", "-name b\n");
  files.add("circle.args", "-args_file back.args\n");
  files.add("back.args", "-args_file circle.args\n");
  files.add("self.args", "-args_file vm.args\n");
  CHECK(files.error("-heart\n") ==
        "1 need to have exactly one of either -name or -sname parameters but none found");
  CHECK(files.error("-sname a\n-args_file name.args\n") ==
        "2 \"-name b\" parameter found in name.args but already specified as \"-sname a\"");
  CHECK(files.error("-args_file none.args\n") == "3 none.args not found");
  CHECK(files.error("-args_file circle.args\n") ==
        "5 circular reference to circle.args encountered in back.args");
  CHECK(files.error("-args_file self.args\n") ==
        "5 circular reference to vm.args encountered in self.args");
  CHECK(files.error("-args_file name.args\n-args_file name.args\n") ==
        "5 circular reference to name.args encountered in vm.args");
  CHECK(files.error("-args_file .\n") == "3 . not readable");
}

TEST_CASE("vm_args: a flag without its value is an error with its place") {
  CHECK_THROWS_WITH(read("-heart\n -name"), "vm.args:2:2: error: -name lacks its value");
  CHECK_THROWS_WITH(read("-env A"), "vm.args:1:1: error: -env lacks its value");
  CHECK_THROWS_WITH(read("-args_file"), "vm.args:1:1: error: -args_file lacks its value");
}

TEST_CASE("vm_args: text of flags is read back as the same arguments") {
  const VmArgs args = read("-a \"b \n\t'#\\\" \"\" -setcookie 'a \"b'\n");
  const std::string text = vm_args_text(args.flags());
  CHECK(text == "-a b\\ \\\n\\\t\\'\\#\\\\ \"\"\n-setcookie a\\ \\\"b\n");
  CHECK(vm_args_text(read(text).flags()) == text);
}

TEST_CASE("vm_args: a template is looked through without its variables and included files") {
  const auto error = [](std::string_view text) -> std::string {
    try {
      validate_vm_args("vm.args.src", text);
    } catch (const Error& thrown) {
      return thrown.text();
    }
    return "";
  };
  CHECK(error("-name ${NODE:-a b#c\"}\n-setcookie ${COOKIE}\n${MORE}\n+K true\n") == "");
  CHECK(error("-args_file /nowhere\n-heart\n") == "");
  CHECK(error("-setcookie a'b\n") == "");
  CHECK(error("-sname ${A}\n-name ${B}\n") ==
        "vm.args.src:2:1: error: a second node name: the start script takes only one");
  CHECK(error("-heart\n-name") == "vm.args.src:2:1: error: -name lacks its value");
  const Warnings warnings;
  CHECK(error("-sname a\n-x don't\n-heart\n") == "");
  CHECK(warnings.count() == 1);
}

TEST_CASE("vm_args: a name's flag without a value does not take the next flag for one") {
  CHECK_THROWS_WITH(read("-sname\n-setcookie SECRET\n"),
                    "vm.args:1:1: error: -sname lacks its value");
  CHECK_THROWS_WITH(read("-sname -setcookie SECRET\n"),
                    "vm.args:1:1: error: -sname lacks its value");
  CHECK_THROWS_WITH(read("+P 1\n-name +K true\n"), "vm.args:2:1: error: -name lacks its value");
  CHECK(read("-env A -b\n-sname a").environment().at("A") == "-b");
}

TEST_CASE("vm_args: no message shows what stands behind an unclosed quote") {
  const Files files;
  CHECK(files.error("-name a@b.c\n-sname \"n\n-setcookie S3CRT") ==
        "2 \"-sname n…\" parameter found in vm.args but already specified as \"-name a@b.c\"");
  CHECK(files.error("-args_file \"n\n-setcookie S3CRT") == "3 n… not found");
  CHECK(shown_word("a b") == "a…");
  CHECK(shown_word("ab") == "ab");
}

TEST_CASE("vm_args: a word is written so that it is read as one") {
  for (const char* word : {"", "a'b", "a \"b\"", "#", "\\"})
    CHECK(split("x " + vm_args_word(word)) == std::string("<x><") + word + ">");
}

TEST_CASE("vm_args: arguments of a command") {
  const Scratch scratch;
  sys::write_file(scratch.path / "f", "-sname a\n");
  const CommandArguments found = read_command_arguments(
      {"x", "-args_file", "f", "-setcookie", "n", "c", "-k", "v"}, scratch.path);
  CHECK(found.words == std::vector<std::string>{"x", "-k", "v"});
  CHECK(VmArgs(found.flags).name()->name == "a");
  CHECK_THROWS_AS(read_command_arguments({"-args_file", "none"}, scratch.path), VmArgsError);
}

TEST_CASE("vm_args: -detached is no argument of a VM, unless it is meant for its applications") {
  const CommandArguments found =
      read_command_arguments({"-detached", "-k", "v", "-extra", "-detached"}, "/");
  CHECK(found.words == std::vector<std::string>{"-k", "v", "-extra", "-detached"});
  CHECK(found.flags.front().name.text == kDetached);
}

TEST_CASE("vm.args: more than 1 MiB is refused, with the limit") {
  const std::string text((size_t{1} << 20) + 1, 'a');
  CHECK_THROWS_WITH(split_vm_args("vm.args", text),
                    "vm.args: error: arguments for the VM of more than 1 MiB");
  CHECK(split_vm_args("vm.args", text.substr(1)).size() == 1);
}

}  // namespace start_vm_args_test
