// Where what a node's processes print goes, and where what they read comes from.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace relmk::node {

class Rpc;

class Terminal {
 public:
  struct ReadRequest {
    std::string prompt;          // UTF-8
    bool echo = true;            // false: what is typed is not shown
    bool is_expression = false;  // for a shell: worth a history, and completion
    bool is_more = false;        // another line of an expression; `prompt` is that of the first
  };
  struct Line {
    std::string text;   // UTF-8, with its newline if it has one
    bool end = false;   // of the input; text is empty
    bool left = false;  // with end: by the user, who drops an expression that is not complete
    bool interrupted = false;  // by the user; text is empty
  };

  virtual ~Terminal() = default;
  // UTF-8, unless the group leader was told of another encoding. While the terminal takes its time,
  // `rpc` is served.
  virtual void write(Rpc& rpc, std::string_view text) = 0;
  virtual Line read_line(Rpc& rpc, const ReadRequest& request) = 0;
  // False for files and pipes.
  virtual bool is_terminal() const { return false; }
  virtual std::optional<int> columns() const { return std::nullopt; }
  virtual std::optional<int> rows() const { return std::nullopt; }
};

}  // namespace relmk::node
