// convert: a model of any format as it would be quantized, but not quantized.
#pragma once

#include <narrow/model.h>
#include <narrow/visibility.h>

#include <cstdint>
#include <string>
#include <vector>

namespace narrow {

/// The model with the same outputs and fewer ops: constants computed, batch normalization folded into layers,
/// activations fused, what nobody reads left out. Float models stay float and integer models keep their integers.
/// Writing the result makes a .tflite file of a model of another format. Errors: unsupported, limit_exceeded.
NARROW_API Result<ModelPtr> convert(const Model& model);

/// An input that callers give what an output was in the run before, by the names of the tensors or in signatures.
struct StatePair {
  std::string input;
  std::string output;
};

/// The converted model without these inputs and outputs of its first graph: it keeps their values from one run to the
/// next itself, in variables that begin with real zeros. Errors: bad_option for names that are not there, and where no
/// input or output is left; unsupported for pairs of different types, shapes or scales, and with free dimensions.
NARROW_API Result<ModelPtr> convert_to_stateful(const Model& model, const std::vector<StatePair>& states);

/// How a network over a window of frames is to take them one by one.
struct StreamRequest {
  int axis = 1;        // of the input, along which frames follow each other in time; negative counts from the end
  int64_t frames = 0;  // that a run takes, a multiple of the network's strides; 0: as few as these allow
};

/// A network that takes the next frames in each run, and keeps in variables what it needs of those before. Runs are
/// counted from 0, and frames from the first one of run 0.
struct StreamResult {
  ModelPtr model;
  int64_t frames = 1;       // that a run takes
  int64_t window = 1;       // that the given network takes
  int64_t first_run = 0;    // the first whose outputs are those of the given network
  int64_t offset = 0;       // run r >= first_run: for the window from frame (r - first_run) * frames + offset on
  int64_t late = -1;        // of outputs that go along time, with n positions in each run: run r gives the given
                            // network's from r * n - late on. -1: outputs are those of a window
  int64_t state_bytes = 0;  // of all variables
};

/// The converted model with one frame, or a few, where it had a window of them, and outputs that are the same, of
/// integers bit for bit. Convolutions and pools along the axis, ops on single values and ops across the axis keep what
/// they look back at; means, flattening and dense layers over the whole window follow at the end. Errors: unsupported
/// for padding along the axis, unless all of it lies before the first frame and the outputs go along time too, and for
/// ops that need all frames at once, each by name; bad_option for an axis or a number of frames that does not fit.
NARROW_API Result<StreamResult> convert_to_stream(const Model& model, const StreamRequest& request);

}  // namespace narrow
