// A network over a window of time becomes one that takes the next frames in each run and keeps what it needs of those
// before in variables.
#pragma once

#include "base/result.h"
#include "graph/model.h"

namespace narrow {

struct StreamOptions {
  int axis = 1;        // of the input: along it frames follow each other in time; negative counts from the end
  int64_t frames = 0;  // that a run takes; 0: as few as the strides allow
};

struct Streamed {
  Model model;
  int64_t frames = 1;  // that a run takes
  int64_t window = 1;  // that the given network takes
  /// The first run, counted from 0, whose outputs are those of the given network: those of run r for the window that
  /// begins with frame (r - first) * frames + offset. Where outputs go along time: the first whose positions all exist.
  int64_t first = 0;
  int64_t offset = 0;
  /// Of outputs that go along time: run r gives, of n positions in each run, those from r * n - late on. -1: there are
  /// none.
  int64_t late = -1;
  int64_t state_bytes = 0;
};

/// The model, which is simplified, with one input and one graph, such that outputs are those of the whole window, of
/// integers bit for bit. Layers along the axis see the frames before through variables, so nothing is computed twice.
/// Errors: unsupported for ops that need all frames at once, for padding behind frames that are yet to come and, where
/// the outputs are those of a window, for any along the axis; bad_option for an axis or frames that do not fit.
Result<Streamed> stream(const Model& model, const StreamOptions& options);

}  // namespace narrow
