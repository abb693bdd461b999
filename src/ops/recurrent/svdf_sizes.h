// The operands of SVDF, whatever it computes with.
#pragma once

#include "ops/recurrent/operands.h"

namespace narrow {

inline constexpr size_t kSvdfFeatures = 1, kSvdfTime = 2, kSvdfBias = 3, kSvdfState = 4;

struct SvdfSizes {
  int batch = 1, in = 1, units = 1, rank = 1, memory = 1;
  int filters() const { return units * rank; }
};

/// Those of an op; bad_file where operands do not fit together.
Result<SvdfSizes> sizes_svdf(const OpView& op);

/// The step of an op of integers: int8 data, vectors over features and results, int16 vectors over time and state with
/// zero point 0, int32 bias. The state is a variable, or a constant of zeros, with which each sample begins then.
/// unsupported for other types, for activations that are no clamps, and where sums could leave 32 bits.
Result<Step> lower_integer_svdf(const OpView& op, const SvdfSizes& sizes, const ProfileDef& profile);

}  // namespace narrow
