// What the element-wise ops of two operands share: broadcasting, walking, batches, and arithmetic on plain numbers.
#pragma once

#include <limits>
#include <span>

#include "ops/def/attributes.h"
#include "ops/def/op_def.h"

extern "C" {
#include "portable/arithmetic/broadcast.h"
#include "portable/arithmetic/plain.h"
}

namespace narrow {

/// One dimension that two arrays are walked along together; an array that repeats has one element there.
struct WalkedDim {
  int32_t extent = 1;
  bool a_repeats = false;
  bool b_repeats = false;
};

/// The walk over `dims`, outermost first: dimensions of one element are left out, neighbours that repeat alike are
/// merged. unsupported where more than NW_BROADCAST_RANK are left. No extent may be 0.
Result<nw_broadcast> walk_over(std::span<const WalkedDim> dims);

/// Shape of the result of operands 0 and 1.
Result<std::vector<Shape>> infer_broadcast(const OpView& op);

/// Whether operands 0 and 1 have different shapes of more than four dimensions, which some ops have a version for.
bool broadcasts_far(const OpView& op);

/// Operands 0 and 1 as they are walked to fill result 0, which has elements; a and b are advanced by so many elements
/// from one sample of a batch to the next: none for constants.
struct Operands {
  nw_broadcast walk{};
  bool same_shape = false;
  int64_t a_advance = 0;
  int64_t b_advance = 0;
  int64_t out_advance = 0;
};
Result<Operands> operands_of(const OpView& op);

/// Elements from one sample of `tensor` to the next.
inline int64_t advance(const Tensor& tensor) {
  return tensor.constant ? 0 : tensor.elements();
}

/// A host-only step that calls compute(a, b, out) once a sample; nothing is called where the result is empty.
template <class T, class Out = T, class F>
Step binary_step(const Operands& o, F compute, const char* kernel) {
  return Step{.run =
                  [o, compute](const StepArgs& s) {
                    auto const* a = static_cast<const T*>(s.in[0]);
                    auto const* b = static_cast<const T*>(s.in[1]);
                    auto* out = static_cast<Out*>(s.out[0]);
                    if (o.out_advance == 0) return;
                    for (int64_t i = 0; i < s.batch; ++i)
                      compute(a + i * o.a_advance, b + i * o.b_advance, out + i * o.out_advance);
                  },
              .batched = true,
              .host_only = true,
              .kernel = kernel};
}

/// out = f(a, b) for each element of the result.
template <class T, class Out, class F>
void walk(const nw_broadcast& w, const T* a, const T* b, Out* out, F f) {
  constexpr int kLast = NW_BROADCAST_RANK - 1;
  int64_t const n = w.extent[kLast];
  nw_broadcast_cursor at = nw_broadcast_begin();
  do {
    const T* x = a + at.a;
    const T* y = b + at.b;
    if (w.a_stride[kLast] != 0 && w.b_stride[kLast] != 0) {
      for (int64_t i = 0; i < n; ++i) out[i] = f(x[i], y[i]);
    } else if (w.a_stride[kLast] != 0) {
      for (int64_t i = 0; i < n; ++i) out[i] = f(x[i], *y);
    } else {
      for (int64_t i = 0; i < n; ++i) out[i] = f(*x, y[i]);
    }
    out += n;
  } while (nw_broadcast_next(&w, &at));
}

/// The element type that operands and result share; unsupported where they differ.
Result<DType> shared_dtype(const OpView& op);

/// A bound of an activation as an integer: infinities become the type's ends.
template <class T>
T integer_bound(float bound) {
  if (bound == -std::numeric_limits<float>::infinity()) return std::numeric_limits<T>::min();
  if (bound == std::numeric_limits<float>::infinity()) return std::numeric_limits<T>::max();
  return static_cast<T>(bound);
}

/// The kernels of an op on numbers without a scale; null where only the host computes it. Parameters: nw_plain_params.
struct PlainKernels {
  const Kernel* i32 = nullptr;
  const Kernel* i64 = nullptr;
};

/// The step for numbers without a scale: float32, and int32 and int64, which saturate where they would overflow.
/// `f` takes two floats, and two int64 (saturating). unsupported names any other type.
template <class F>
Result<Step> lower_plain(const OpView& op, Activation activation, F f, PlainKernels kernels = {}) {
  NARROW_TRY(Operands const o, operands_of(op));
  NARROW_TRY(Interval const bounds, fused_interval(activation));
  auto integers = [&]<class T>(T lo, T hi, const char* kernel) {
    const Kernel* const row = sizeof(T) == 4 ? kernels.i32 : kernels.i64;
    if (row && o.out_advance > 0)
      return call_step(kernel_call(*row, nw_plain_params{o.walk, lo, hi}, {operand(0), operand(1), result()}));
    auto each = [f, lo, hi](T x, T y) {
      int64_t const v = f(int64_t{x}, int64_t{y});
      return static_cast<T>(std::clamp(v, int64_t{lo}, int64_t{hi}));
    };
    return binary_step<T>(
        o, [o, each](const T* a, const T* b, T* out) { walk(o.walk, a, b, out, each); }, kernel);
  };
  switch (op.output().dtype) {
    case DType::float32: {
      auto each = [f, bounds](float x, float y) { return bounds.clamp(f(x, y)); };
      return binary_step<float>(
          o, [o, each](const float* a, const float* b, float* out) { walk(o.walk, a, b, out, each); },
          "float, plain loops");
    }
    case DType::int32:
      return integers(integer_bound<int32_t>(bounds.lo), integer_bound<int32_t>(bounds.hi), "int32, plain loops");
    case DType::int64:
      return integers(integer_bound<int64_t>(bounds.lo), integer_bound<int64_t>(bounds.hi), "int64, plain loops");
    default:
      return fail(ErrorKind::unsupported, std::string("nothing computes on ") + to_string(op.output().dtype));
  }
}

}  // namespace narrow
