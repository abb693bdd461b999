#include "cli/interrupt.h"

#include <unistd.h>

#include <csignal>
#include <initializer_list>

#include "base/unfinished.h"

namespace narrow {
namespace {

std::atomic<bool> deferred{false};
std::atomic<bool> asked{false};
std::atomic<int> last_signal{0};
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free);

// Only what POSIX allows in a handler.
void handle(int signal) {
  last_signal = signal;
  if (deferred && !asked.exchange(true)) return;
  remove_unfinished();
  constexpr char kMessage[] = "\nnarrow: error: interrupted\n";
  [[maybe_unused]] auto const written = write(STDERR_FILENO, kMessage, sizeof kMessage - 1);
  _exit(128 + signal);
}

}  // namespace

void end_on_interrupt() {
  struct sigaction action {};
  action.sa_handler = handle;
  sigfillset(&action.sa_mask);
  for (int signal : {SIGINT, SIGTERM, SIGHUP}) {
    // A shell that starts a job in the background may have told it to ignore SIGINT, nohup to ignore SIGHUP.
    struct sigaction before {};
    if (sigaction(signal, nullptr, &before) == 0 && before.sa_handler == SIG_IGN) continue;
    sigaction(signal, &action, nullptr);
  }
  // A file beyond `ulimit -f` and a pipe that nobody reads any more are errors of the call that writes.
  for (int signal : {SIGXFSZ, SIGPIPE}) std::signal(signal, SIG_IGN);
}

const std::atomic<bool>* defer_interrupts() {
  deferred = true;
  return &asked;
}

int interrupting_signal() {
  return last_signal;
}

}  // namespace narrow
