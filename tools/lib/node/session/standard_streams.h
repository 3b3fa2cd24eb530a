// The terminal of commands: standard output, and lines of standard input.
#pragma once

#include <string>

#include "node/console/terminal.h"
#include "node/session/rpc.h"

namespace relmk::node {

class StandardStreams : public Terminal {
 public:
  // `rpc` is served while a line is waited for.
  explicit StandardStreams(Rpc& rpc) : rpc_(rpc) {}

  // Throws Error where it cannot.
  void write(std::string_view text) override;
  Line read_line(const ReadRequest& request) override;
  bool is_terminal() const override;
  std::optional<int> columns() const override;
  std::optional<int> rows() const override;

 private:
  Rpc& rpc_;
  std::string input_;
  bool at_end_ = false;
};

}  // namespace relmk::node
