// Forms: whose kernel of an op a profile follows, by the width of the data.
#pragma once

#include "base/result.h"
#include "narrow/dtype.h"
#include "ops/def/profile.h"

namespace narrow {

/// Whose kernel a runtime takes.
enum class Form : uint8_t {
  fixed,      // TFLM's, and LiteRT's reference kernel where that computes alike
  reference,  // LiteRT's reference kernel where it computes differently
  optimized,  // LiteRT's builtin optimized kernels, where they compute differently
  delegate,   // XNNPACK where it takes the op, LiteRT's builtin optimized kernels elsewhere
  broken,     // the runtime's own kernel misreads its operands; refused
  absent,     // the runtime has no kernel; refused
};

/// The forms of an op for data of each width. Ops that all runtimes compute alike need none.
struct Forms {
  Form int8 = Form::fixed;
  Form int16 = Form::fixed;

  constexpr Form of(DType dtype) const { return dtype == DType::int16 ? int16 : int8; }
};

/// Of the ops that TFLM has no integer kernel for, and of those that LiteRT has none for.
inline constexpr ByProfile<Forms> kFormsNotInTflm{.tflm = {Form::absent, Form::absent}};
inline constexpr ByProfile<Forms> kFormsNotInLiteRt{.litert = {Form::absent, Form::absent},
                                                    .xnnpack = {Form::absent, Form::absent}};

/// In which type a runtime computes a ratio of scales before it becomes a multiplier.
enum class Ratio : uint8_t { float32, float64 };

/// Of MUL, and of RELU, LEAKY_RELU, PRELU and ABS.
inline constexpr ByProfile<Ratio> kRatio{
    .narrow = Ratio::float64, .tflm = Ratio::float64, .litert = Ratio::float32, .xnnpack = Ratio::float32};

/// The form for data of `dtype`; unsupported where the runtime has no kernel or misreads its operands.
Result<Form> form_for(const Forms& forms, DType dtype);

}  // namespace narrow
