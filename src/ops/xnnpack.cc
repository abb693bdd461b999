#include "ops/xnnpack.h"

#include <new>
#include <stdexcept>

namespace narrow::xnn {

Status start() {
  static const xnn_status status = xnn_initialize(nullptr);
  if (status != xnn_status_success)
    return fail(ErrorKind::unsupported, "the float library does not run on this processor (status " +
                                            std::to_string(static_cast<int>(status)) + ")");
  return {};
}

Result<Operator> own(xnn_status status, xnn_operator_t op, const char* what) {
  if (status == xnn_status_out_of_memory) throw std::bad_alloc();
  if (status != xnn_status_success)
    return fail(ErrorKind::unsupported, std::string("the float library refuses this ") + what + " (status " +
                                            std::to_string(static_cast<int>(status)) + ")");
  return Operator(op, [](xnn_operator_t o) { xnn_delete_operator(o); });
}

void run(const Operator& op, xnn_status setup) {
  xnn_status const status = setup == xnn_status_success ? xnn_run_operator(op.get(), nullptr) : setup;
  if (status == xnn_status_out_of_memory) throw std::bad_alloc();
  if (status != xnn_status_success) throw std::logic_error("the float library refuses a shape it was not asked about");
}

}  // namespace narrow::xnn
