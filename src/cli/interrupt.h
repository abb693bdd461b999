// Interrupts: SIGINT, SIGTERM and SIGHUP end the process with 130, 143 and 129, without leaving files behind that are
// not whole.
#pragma once

#include <atomic>

namespace narrow {

/// From here on these signals end the process at once; those of writes that fail do not.
void end_on_interrupt();

/// From here on the first signal only sets the flag returned, for work that has something to save; the second ends the
/// process at once.
const std::atomic<bool>* defer_interrupts();

/// The signal that came, or 0.
int interrupting_signal();

}  // namespace narrow
