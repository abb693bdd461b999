// as_float(): the float model that an integer model stands for, to quantize it anew in another form.
#pragma once

#include <map>

#include "base/result.h"
#include "graph/model.h"
#include "quantize/params.h"

namespace narrow {

/// A float model, and the ranges that the integers of its activations covered.
struct FloatModel {
  Model model;
  std::map<TensorRef, Range> ranges;
};

/// Replaces integers with scales by the real numbers that they stand for, and removes QUANTIZE and DEQUANTIZE. What the
/// integers have lost stays lost. unsupported names an op that reads the integers themselves, which no float op can do.
Result<FloatModel> as_float(const Model& model);

}  // namespace narrow
