#include "base/cancel.h"

namespace narrow {
namespace {

thread_local const std::atomic<bool>* looked_at = nullptr;

}  // namespace

CancelScope::CancelScope(const std::atomic<bool>* flag) : outer_(looked_at) {
  if (flag) looked_at = flag;
}

CancelScope::~CancelScope() {
  looked_at = outer_;
}

const std::atomic<bool>* cancel_flag() {
  return looked_at;
}

Status check_cancelled() {
  if (looked_at && looked_at->load(std::memory_order_relaxed)) return fail(ErrorKind::cancelled, "interrupted");
  return {};
}

}  // namespace narrow
