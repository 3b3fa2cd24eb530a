// The terminal of commands: standard output, and lines of standard input.
#pragma once

#include <string>

#include "node/console/terminal.h"
#include "node/session/rpc.h"

namespace relmk::node {

class StandardStreams : public Terminal {
 public:
  // Throws Error where standard output can't be written to.
  void write(Rpc& rpc, std::string_view text) override;
  Line read_line(Rpc& rpc, const ReadRequest& request) override;
  bool is_terminal() const override;
  std::optional<int> columns() const override;
  std::optional<int> rows() const override;

 private:
  std::string input_;
  bool at_end_ = false;
};

}  // namespace relmk::node
