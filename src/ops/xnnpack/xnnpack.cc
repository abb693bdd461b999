#include "ops/xnnpack/xnnpack.h"

#include <new>
#include <stdexcept>

namespace narrow::xnn {

Status start() {
  static const xnn_status status = xnn_initialize(nullptr);
  if (status != xnn_status_success)
    return fail(ErrorKind::unsupported,
                "the float library does not start (status " + std::to_string(static_cast<int>(status)) + ")", {},
                "it reads what the processor can do from /proc and /sys, which takes a free file descriptor");
  return {};
}

Result<Operator> own(xnn_status status, xnn_operator_t op, const char* what) {
  if (status == xnn_status_out_of_memory) throw std::bad_alloc();
  if (status != xnn_status_success)
    return fail(ErrorKind::unsupported, std::string("the float library refuses this ") + what + " (status " +
                                            std::to_string(static_cast<int>(status)) + ")");
  return Operator(op, [](xnn_operator_t o) { xnn_delete_operator(o); });
}

namespace {

void check(xnn_status status) {
  if (status == xnn_status_out_of_memory) throw std::bad_alloc();
  if (status != xnn_status_success) throw std::logic_error("the float library refuses a shape it was not asked about");
}

}  // namespace

// Until 2023 the library bound shapes and buffers in one call, and since then in two.
#ifdef NARROW_XNNPACK_RESHAPES

void run_convolution(const Operator& op, const Images& data, const float* x, float* y) {
  size_t workspace = 0, alignment = 0;
  check(xnn_reshape_convolution2d_nhwc_f32(op.get(), static_cast<size_t>(data.count), static_cast<size_t>(data.height),
                                           static_cast<size_t>(data.width), &workspace, &alignment, nullptr, nullptr,
                                           nullptr));
  // Only operators made with a flag that is not used here want a workspace.
  check(workspace == 0 ? xnn_status_success : xnn_status_invalid_state);
  check(xnn_setup_convolution2d_nhwc_f32(op.get(), nullptr, x, y));
  check(xnn_run_operator(op.get(), nullptr));
}

void run_deconvolution(const Operator& op, const Images& data, uint32_t added_h, uint32_t added_w, const float* x,
                       float* y) {
  check(xnn_reshape_deconvolution2d_nhwc_f32(op.get(), static_cast<size_t>(data.count),
                                             static_cast<size_t>(data.height), static_cast<size_t>(data.width), added_h,
                                             added_w, nullptr, nullptr, nullptr));
  check(xnn_setup_deconvolution2d_nhwc_f32(op.get(), x, y));
  check(xnn_run_operator(op.get(), nullptr));
}

void run_fully_connected(const Operator& op, int64_t rows, const float* x, float* y) {
  check(xnn_reshape_fully_connected_nc_f32(op.get(), static_cast<size_t>(rows), nullptr));
  check(xnn_setup_fully_connected_nc_f32(op.get(), x, y));
  check(xnn_run_operator(op.get(), nullptr));
}

#else

void run_convolution(const Operator& op, const Images& data, const float* x, float* y) {
  check(xnn_setup_convolution2d_nhwc_f32(op.get(), static_cast<size_t>(data.count), static_cast<size_t>(data.height),
                                         static_cast<size_t>(data.width), x, y, nullptr));
  check(xnn_run_operator(op.get(), nullptr));
}

void run_deconvolution(const Operator& op, const Images& data, uint32_t added_h, uint32_t added_w, const float* x,
                       float* y) {
  check(xnn_setup_deconvolution2d_nhwc_f32(op.get(), static_cast<size_t>(data.count), static_cast<size_t>(data.height),
                                           static_cast<size_t>(data.width), added_h, added_w, x, y, nullptr));
  check(xnn_run_operator(op.get(), nullptr));
}

void run_fully_connected(const Operator& op, int64_t rows, const float* x, float* y) {
  check(xnn_setup_fully_connected_nc_f32(op.get(), static_cast<size_t>(rows), x, y, nullptr));
  check(xnn_run_operator(op.get(), nullptr));
}

#endif

}  // namespace narrow::xnn
