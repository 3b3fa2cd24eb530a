// What is wrong with a release: `enit check` tells all of it, every other command the first.
#pragma once

#include <vector>

#include "sys/error.h"

namespace relmk::enit {

class Faults {
 public:
  void add(Error fault) { all_.push_back(std::move(fault)); }
  const std::vector<Error>& all() const { return all_; }
  bool none() const { return all_.empty(); }
  // Throws the first one, where there is one.
  void raise() const {
    if (!all_.empty()) throw all_.front();
  }

 private:
  std::vector<Error> all_;
};

}  // namespace relmk::enit
