// Signals that end a process, taken as the wish to stop: what is half made is removed first.
#pragma once

#include <string>

namespace relmk::sys {

// As long as an object of this class lives, SIGINT, SIGTERM and SIGHUP (those that are not ignored)
// are only noted. When the last one goes, the process ends by the one that came.
class Interruption {
 public:
  Interruption();
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;
  ~Interruption();

  // A line for stderr, printed before a signal that has come ends the process: an error that is on
  // its way to main does not arrive there. That of the last one that goes counts.
  void say_before_end(std::string line);

  // Throws when a signal has come, so that the work at hand is given up. From any thread.
  static void check();
  // The signal that has come, or 0.
  static int signal();

 private:
  std::string last_words_;
};

}  // namespace relmk::sys
