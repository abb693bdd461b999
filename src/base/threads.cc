#include "base/threads.h"

#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#include "base/cancel.h"

namespace narrow {

void run_on_threads(int n, const std::function<void(int)>& work) {
  std::mutex mutex;
  std::exception_ptr thrown;
  const std::atomic<bool>* const cancel = cancel_flag();
  auto guarded = [&](int worker) {
    try {
      CancelScope const scope(cancel);
      work(worker);
    } catch (...) {
      std::lock_guard const lock(mutex);
      if (!thrown) thrown = std::current_exception();
    }
  };
  std::vector<std::thread> others;
  others.reserve(static_cast<size_t>(n));
  try {
    for (int i = 1; i < n; ++i) others.emplace_back(guarded, i);
  } catch (const std::system_error&) {
    // Fewer then.
  } catch (const std::bad_alloc&) {
  }
  guarded(0);
  for (std::thread& t : others) t.join();
  if (thrown) std::rethrow_exception(thrown);
}

}  // namespace narrow
