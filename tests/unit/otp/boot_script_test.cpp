// That the bytes are systools' is what tests/otp/make-script.sh shows; here are the parts that no
// installation at hand shows.
#include "otp/boot/boot_script.h"

#include "applications.h"
#include "catch.h"
#include "sys/error.h"
#include "term/external.h"
#include "term/print.h"

namespace otp_boot_script_test {

using namespace relmk;
using namespace relmk::otp;

namespace {

// A boot file of some other OTP: another key, and a process more.
Term other_boot() {
  return term::consult_text("boot", R"({script,{"OTP","99"},
    [{preLoaded,[erlang]},{progress,preloaded},{path,["x"]},{primLoad,[new_mandatory]},
     {kernel_load_completed},{new_instruction},{progress,kernel_load_completed},
     {path,["x"]},{primLoad,[a]},{progress,modules_loaded},{path,["x"]},
     {kernelProcess,new,{new,start,[]}},
     {kernelProcess,application_controller,{application_controller,start,[{application,kernel,[]}]}},
     {progress,init_kernel_started},
     {apply,{application,load,[{application,stdlib,[{vsn,"9"},{novel,default},{maxT,infinity}]}]}},
     {progress,applications_loaded},
     {apply,{application,start_boot,[kernel,permanent]}},
     {apply,{c,erlangrc,[]}},{progress,started}]}.)")
      .front();
}

}  // namespace

TEST_CASE("boot script: what the OTP's boot file has is kept, without a table of versions") {
  const BootTemplate otp = boot_template("start_clean.boot", term::encode_external(other_boot()));
  CHECK_FALSE(otp.latin1_atoms);
  const ReleaseApplications applications =
      test_release({test_application("a", "{modules,[b,a,new_mandatory]},{novel,1}")});
  const Term expected = term::consult_text("boot", R"({script,{"r","1"},
    [{preLoaded,[erlang]},{progress,preloaded},
     {path,["$ROOT/lib/kernel-1/ebin","$ROOT/lib/stdlib-1/ebin"]},{primLoad,[new_mandatory]},
     {kernel_load_completed},{new_instruction},{progress,kernel_load_completed},
     {path,["$ROOT/lib/kernel-1/ebin"]},{primLoad,[]},
     {path,["$ROOT/lib/stdlib-1/ebin"]},{primLoad,[]},
     {path,["$ROOT/lib/a-1/ebin"]},{primLoad,[a,b]},{progress,modules_loaded},
     {path,["$ROOT/lib/kernel-1/ebin","$ROOT/lib/stdlib-1/ebin","$ROOT/lib/a-1/ebin"]},
     {kernelProcess,new,{new,start,[]}},
     {kernelProcess,application_controller,{application_controller,start,
       [{application,kernel,[{vsn,"1"},{novel,default},{maxT,infinity}]}]}},
     {progress,init_kernel_started},
     {apply,{application,load,[{application,stdlib,[{vsn,"1"},{novel,default},{maxT,infinity}]}]}},
     {apply,{application,load,[{application,a,[{vsn,"1"},{novel,1},{maxT,infinity}]}]}},
     {progress,applications_loaded},
     {apply,{application,start_boot,[kernel,permanent]}},
     {apply,{application,start_boot,[stdlib,permanent]}},
     {apply,{application,start_boot,[a,permanent]}},
     {progress,started}]}.)")
                            .front();
  BootScriptOptions options;
  options.no_dot_erlang = true;
  CHECK(term::print_plain(boot_script(applications, otp, options)) == term::print_plain(expected));
}

TEST_CASE("boot script: atoms are encoded as in the OTP's boot file") {
  term::ExternalOptions latin1;
  latin1.latin1_atoms = true;
  const BootTemplate otp =
      boot_template("start_clean.boot", term::encode_external(other_boot(), latin1));
  CHECK(otp.latin1_atoms);
  CHECK(boot_bytes(Term::atom("a"), otp) == std::string("\x83"
                                                        "d\0\1a",
                                                        5));
}

TEST_CASE("boot script: what is no boot file is told") {
  CHECK_THROWS_WITH(boot_template("x.boot", "no"), Catch::Matchers::StartsWith("x.boot: error: "));
  CHECK_THROWS_AS(boot_template("x.boot", term::encode_external(Term(1))), Error);
  CHECK_THROWS_WITH(
      boot_template("x.boot", term::encode_external(
                                  term::consult_text("", "{script,{\"\",\"\"},[]}.").front())),
      "x.boot: error: not a boot file of an Erlang/OTP installation: "
      "no {progress,kernel_load_completed}");
}

}  // namespace otp_boot_script_test
