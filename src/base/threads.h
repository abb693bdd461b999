// Threads that share one piece of work.
#pragma once

#include <functional>

namespace narrow {

/// Calls `work(0)` ... `work(n - 1)`, each on a thread of its own, the first on this one, and waits for all. Where the
/// system gives no more threads, there are fewer calls: workers take what there is to do from a common queue. An
/// exception that leaves a call is thrown here, once all have ended. The cancel flag in force here is so in all calls.
void run_on_threads(int n, const std::function<void(int worker)>& work);

}  // namespace narrow
