#include "enit/specification.h"

#include <algorithm>

#include "otp/application/print_line.h"
#include "sys/utf8.h"
#include "term/consult.h"

namespace relmk::enit {
namespace {

class Reader {
 public:
  Reader(const ReleasePlace& release, Faults& faults)
      : release_(release), file_(release.specification().string()), faults_(faults) {
    out_.name = release.name;
    out_.version = "undefined";
    out_.applications.file = file_;
  }

  Specification read() {
    try {
      take(term::consult_file(file_));
    } catch (const Error& error) {
      faults_.add(error);
    }
    return std::move(out_);
  }

 private:
  void take(const Terms& terms) {
    const Term* found = nullptr;
    for (const Term& term : terms) {
      if (!term.is_tagged("release", 3) || !term[2].is_proper_list() || found != nullptr) {
        throw Error(file_, term.position(), "expected one {release, Name, [Property]}.");
      }
      found = &term;
    }
    if (found == nullptr) throw Error(file_, {1, 1}, "expected {release, Name, [Property]}.");
    for (const Term& property : (*found)[2].elements())
      take_property(property, *found);
  }

  void take_property(const Term& property, const Term& release) {
    if (!property.is_tuple(2) || !property[0].is_atom()) {
      const Position at = property.position() ? property.position() : release[2].position();
      faults_.add(Error(file_, at, "expected {Key, Value}, not " + otp::print_line(property)));
    } else if (property[0].is_atom("vsn")) {
      if (const auto version = text_of(property[1])) {
        out_.version = *version;
      } else {
        faults_.add(Error(file_, property.position(), "vsn: expected a string"));
      }
    } else if (property[0].is_atom("applications")) {
      out_.applications = named_applications(file_, property, faults_);
    } else if (property[0].is_atom("lib_dirs")) {
      take_directories(property);
    }
  }

  void take_directories(const Term& property) {
    const Term& value = property[1];
    if (value.is_string() && !value.is_nil()) {
      out_.lib_dirs.push_back(release_.directory / value.to_utf8());
      return;
    }
    const bool is_list = value.is_proper_list();
    for (size_t i = 0; is_list && i < value.elements().size(); ++i) {
      if (const auto directory = text_of(value[i]); directory && !directory->empty()) {
        out_.lib_dirs.push_back(release_.directory / *directory);
      } else {
        faults_.add(Error(file_, property.position(), "lib_dirs: expected a list of strings"));
      }
    }
    if (!is_list) {
      faults_.add(Error(file_, property.position(), "lib_dirs: expected a list of strings"));
    }
  }

  const ReleasePlace& release_;
  const std::string file_;
  Faults& faults_;
  Specification out_;
};

}  // namespace

std::optional<std::string> text_of(const Term& value) {
  if (value.is_atom()) return value.atom_text();
  if (value.is_binary()) return value.bytes();
  if (value.is_string()) return value.to_utf8();
  return std::nullopt;
}

NamedApplications named_applications(const std::string& file, const Term& property,
                                     Faults& faults) {
  NamedApplications named{{}, file, property.position()};
  if (!property[1].is_proper_list()) {
    faults.add(Error(file, property.position(), "applications: expected a list of names"));
    return named;
  }
  for (const Term& name : property[1].elements()) {
    if (!name.is_atom()) {
      const Position at = name.position() ? name.position() : property.position();
      faults.add(Error(file, at, "applications: expected a name, not " + otp::print_line(name)));
    } else if (std::find(named.names.begin(), named.names.end(), name.as_atom()) ==
               named.names.end()) {
      named.names.push_back(name.as_atom());
    }
  }
  return named;
}

Specification read_specification(const ReleasePlace& release, Faults& faults) {
  return Reader(release, faults).read();
}

}  // namespace relmk::enit
