#include "beam/xref.h"

#include "beam/modules.h"
#include "catch.h"
#include "scratch.h"

namespace beam_xref_test {

using namespace relmk;
using namespace relmk::beam;
using namespace std::string_literals;

namespace {

// Modules on disk, which go with the value.
struct Modules {
  Scratch scratch;

  // Module m in directory 1, whose g/2 calls a:b/1.
  fs::path caller() const {
    // func_info m '-g/2-fun-0-' 0; call_ext 1 0; int_code_end
    const std::string code = "\0\0\0\x10\0\0\0\0\0\0\0\xb7\0\0\0\1\0\0\0\1\2\x12\x22\0\7\x10\0\3"s;
    return write("1", "m",
                 chunk_bytes("AtU8", "\0\0\0\4\1m\x0b-g/2-fun-0-\1a\1b"s) +
                     chunk_bytes("Code", code) +
                     chunk_bytes("ImpT", "\0\0\0\1\0\0\0\3\0\0\0\4\0\0\0\1"s) +
                     chunk_bytes("ExpT", big_endian(0)));
  }
  // Module a in a directory, which exports b of this arity.
  fs::path callee(const std::string& directory, size_t arity) const {
    return write(directory, "a",
                 chunk_bytes("AtU8", "\0\0\0\2\1a\1b"s) + chunk_bytes("Code", "") +
                     chunk_bytes("ImpT", big_endian(0)) +
                     chunk_bytes("ExpT",
                                 big_endian(1) + big_endian(2) + big_endian(arity) + big_endian(1)))
        .parent_path();
  }

 private:
  fs::path write(const std::string& directory, const std::string& module,
                 const std::string& chunks) const {
    const fs::path file = scratch.path / directory / (module + ".beam");
    sys::make_directories(file.parent_path());
    sys::write_file(file, beam_bytes(chunks));
    return file;
  }
};

}  // namespace

TEST_CASE("xref: a call to a module that is nowhere is undefined") {
  const Modules modules;
  const XrefScope scope{{modules.caller()}, {}, {}};
  const std::vector<Call> calls = undefined_calls(scope);
  REQUIRE(calls.size() == 1);
  CHECK(calls[0].caller.text() == "m:g/2");
  CHECK(calls[0].callee.text() == "a:b/1");
  const std::vector<FunctionName> functions = undefined_functions(scope);
  REQUIRE(functions.size() == 1);
  CHECK(functions[0].text() == "a:b/1");
}

TEST_CASE("xref: a module that exports the function defines it, with that arity alone") {
  const Modules modules;
  const fs::path caller = modules.caller();
  CHECK(undefined_calls({{caller}, {modules.callee("right", 1)}, {}}).empty());
  CHECK(undefined_functions({{caller}, {modules.callee("right", 1)}, {}}).empty());
  CHECK(undefined_calls({{caller}, {modules.callee("wrong", 2)}, {}}).size() == 1);
}

TEST_CASE("xref: of one module the first file counts") {
  const Modules modules;
  const fs::path caller = modules.caller();
  const fs::path right = modules.callee("right", 1), wrong = modules.callee("wrong", 2);
  CHECK(undefined_calls({{caller}, {right, wrong}, {}}).empty());
  CHECK(undefined_calls({{caller}, {wrong, right}, {}}).size() == 1);
}

TEST_CASE("xref: a preloaded module has every function, unless a directory holds it") {
  const Modules modules;
  const fs::path caller = modules.caller();
  CHECK(undefined_calls({{caller}, {}, {Atom("a")}}).empty());
  CHECK(undefined_calls({{caller}, {modules.callee("wrong", 2)}, {Atom("a")}}).size() == 1);
}

TEST_CASE("xref: modules of OTP call nothing that is not there") {
  const fs::path lists = otp_module_file("stdlib-*/ebin/lists.beam");
  const fs::path kernel = otp_module_file("kernel-*/ebin/kernel.beam");
  XrefScope scope{{lists}, {lists.parent_path(), kernel.parent_path()}, {Atom("erlang")}};
  CHECK(undefined_calls(scope).empty());
  scope.preloaded.clear();
  CHECK_FALSE(undefined_calls(scope).empty());
}

TEST_CASE("xref: a malformed file is named") {
  const Scratch scratch;
  const fs::path file = scratch.path / "m.beam";
  sys::write_file(file, "no beam");
  CHECK_THROWS_WITH(undefined_calls({{file}, {}, {}}), file.string() + ": error: not a BEAM file");
}

}  // namespace beam_xref_test
