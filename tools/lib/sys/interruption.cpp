#include "sys/interruption.h"

#include <array>
#include <atomic>
#include <csignal>
#include <mutex>
#include <utility>

#include "sys/error.h"
#include "sys/output.h"

namespace relmk::sys {
namespace {

constexpr std::array kEndingSignals = {SIGINT, SIGTERM, SIGHUP};

// A handler reaches nothing else. The signal that came, or 0.
std::atomic<int> noted{0};

std::mutex mutex;
int living = 0;

void note(int signal) {
  noted = signal;
}

void replace_action(int signal, void (*from)(int), void (*to)(int)) {
  struct sigaction action {};
  if (::sigaction(signal, nullptr, &action) != 0 || action.sa_handler != from) return;
  action = {};
  action.sa_handler = to;
  action.sa_flags = SA_RESTART;
  ::sigaction(signal, &action, nullptr);
}

}  // namespace

Interruption::Interruption() {
  const std::lock_guard lock(mutex);
  if (living++ > 0) return;
  noted = 0;
  for (const int signal : kEndingSignals)
    replace_action(signal, SIG_DFL, note);
}

Interruption::~Interruption() {
  const std::lock_guard lock(mutex);
  if (--living > 0) return;
  for (const int signal : kEndingSignals)
    replace_action(signal, note, SIG_DFL);
  if (noted == 0) return;
  if (!last_words_.empty()) say(last_words_);
  std::raise(noted);
}

void Interruption::say_before_end(std::string line) {
  last_words_ = std::move(line);
}

void Interruption::check() {
  if (noted != 0) throw Error("interrupted");
}

int Interruption::signal() {
  return noted;
}

}  // namespace relmk::sys
