// StreamMaker: writes the streaming network op by op.
//
// A tensor along time has `window` positions in the given network and `positions` new ones in each run here. Run r,
// counted from 0, gives those from r * positions - late on: a layer that looks back gives a position once the last one
// that it reads has come.
#pragma once

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "stream/history.h"
#include "stream/stream.h"

namespace narrow {

/// How a tensor goes along time.
struct Along {
  int axis = 0;
  int32_t positions = 1;
  int32_t late = 0;  // negative: so many positions of padding lie before the first that is computed
  int32_t window = 1;
  const char* rooted = nullptr;  // why no window but the first holds the same, which depends on where the stream begins
  std::vector<std::byte> fill;   // an element of that padding, where `late` is negative
};

/// Of positions in which padding before the first frame has a part.
inline constexpr const char* kPadded =
    "is padded before its first frame, with which no later window would begin; without padding along the axis it can "
    "take frames one by one";

/// The shape with other positions along an axis.
Result<Shape> with_positions(const Shape& shape, int axis, int32_t positions);

class StreamMaker {
 public:
  /// `frames` that a run takes. The model is simplified, with one graph.
  StreamMaker(const Model& model, int axis, int32_t frames);

  Result<Streamed> run();

  /// What `frames` must be a multiple of, as far as `run` came.
  int32_t least_frames() const { return least_; }

 private:
  struct Rule {
    const OpDef* def;
    Status (StreamMaker::*add)(const Op&);
  };
  static const Rule kRules[];

  Status begin();
  Status add(size_t index);
  Status finish_outputs();

  // The rules, for an op with an operand along time; each adds the op and says how its results go along time.
  Status sliding(const Op& op);
  Status pointwise(const Op& op);
  Status backwards(const Op& op);  // refuses the op
  Status joined(const Op& op);
  Status split(const Op& op);
  Status along_others(const Op& op);  // computes each position by itself: SOFTMAX, FULLY_CONNECTED, means across
  Status shaped(const Op& op);
  Status reshaped(const Op& op, int x);
  Status reshaped_again(const Op& op, bool& done);
  Status transposed(const Op& op);
  Status padded(const Op& op);
  Status reduced(const Op& op);
  Status sliced(const Op& op);
  Status recurrent(const Op& op);
  Status of_whole_window(const Op& op);

  const Tensor& given(int tensor) const { return from_.tensor(tensor); }
  bool is_read(int tensor) const;
  const std::optional<Along>& along(int tensor) const { return along_[static_cast<size_t>(tensor)]; }
  /// The operand that goes along time; unsupported where it is not the first one alone.
  Result<int> moving(const Op& op) const;
  /// The tensor here that stands for one of the given network; constants are copied when they are asked for.
  int here(int tensor);
  /// The positions of a tensor, held back until they are `late` late.
  Result<int> held_back(int tensor, int32_t late);
  /// All positions of the window.
  Result<int> whole(int tensor);
  /// An element that stands for zero.
  std::vector<std::byte> zero_element(int tensor) const;
  const std::vector<std::byte>& fill_of(int tensor);

  /// Adds `op` with other operands and attributes, and results of the given shapes that go along time as `a` says.
  Status put(const Op& op, std::vector<int> inputs, Attributes attributes, const std::optional<Along>& a);
  /// The operands, of which those along time are held back until all are as late as the latest.
  Result<std::vector<int>> together(const Op& op, Along& a);
  /// The variable tensor that a recurrent layer keeps for one of its states.
  Result<int> layer_state(const Op& op, const StateShape& state);
  Result<int> pad_across(const Op& op, int data, int axis, int32_t before, int32_t after);

  const Graph& from_;
  const Model& model_;
  int axis_;
  int32_t frames_, least_ = 1;
  GraphBuilder b_{2};
  History history_{b_};
  std::vector<std::optional<Along>> along_;  // by tensor of the given graph
  std::vector<int> here_;                    // likewise; kNoTensor: not yet
  std::map<int, const Op*> flat_;            // RESHAPEs not added yet, by result: one behind may bring the axis back
  std::map<int, int> whole_;                 // tensors here that hold a window, by given tensor
  std::vector<std::byte> zero_;
  Streamed out_;
  int64_t layer_state_bytes_ = 0;    // of recurrent layers
  std::optional<int64_t> lookback_;  // frames from the beginning of a window to the end of the run that gives it
};

}  // namespace narrow
