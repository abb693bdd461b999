// Layer: one call of a Keras layer as the functions of layers/ see it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "read/keras/reading.h"
#include "read/keras/rules.h"

namespace narrow::keras {

class Layer {
 public:
  Layer(Reading& reading, const KerasLayer& file, const LayerRule& rule, std::vector<int> inputs, std::string name,
        const KerasCall* call = nullptr)
      : reading_(reading), file_(file), rule_(rule), inputs_(std::move(inputs)), name_(std::move(name)), call_(call) {}

  Reading& reading() { return reading_; }
  GraphBuilder& builder() { return reading_.builder; }
  const KerasLayer& file() const { return file_; }
  const LayerRule& rule() const { return rule_; }
  /// What the ops of the layer are named after.
  const std::string& name() const { return name_; }

  // Settings; one that the file leaves out or has as null is Keras' default, which the caller gives. bad_file where it
  // is of another type, or a number that is not finite or out of range.
  const nlohmann::json* setting(const char* name) const;  // null where left out
  Result<int> integer(const char* name, int otherwise) const;
  Result<float> real(const char* name, float otherwise) const;
  Result<bool> flag(const char* name, bool otherwise) const;
  Result<std::string> text(const char* name, const char* otherwise) const;
  /// A list of integers, or a single one.
  Result<std::vector<int>> integers(const char* name) const;
  /// As many integers as the layer has spatial dimensions, of at least `least`; one stands for all.
  Result<std::vector<int>> per_dimension(const char* name, int otherwise, int least = 1) const;
  /// What is cut off or padded before and after each spatial dimension.
  Result<std::vector<std::pair<int, int>>> around(const char* name, int otherwise) const;
  /// Refuses a setting by name.
  tl::unexpected<Error> refused(const char* name, const std::string& remedy = {}) const;
  /// Refuses a flag that is set.
  Status refuse_if_set(const char* name) const;

  // Arguments of the call, by position or else by name, and else the setting of that name; null where there is none.
  const nlohmann::json* argument(size_t position, const char* name) const;
  /// The integers of an argument that is a list of them or one; empty where it is left out.
  Result<std::vector<int>> integers_of(size_t position, const char* name) const;
  /// The tensor that an argument is, or the one of `inputs` that it stands for; kNoTensor where it is left out.
  /// Numbers, in lists too, become a constant of that type.
  Result<int> operand(size_t position, const char* name, DType dtype = DType::float32);
  /// The tensors of an argument that is a list of them.
  Result<std::vector<int>> operands(size_t position, const char* name);

  const std::vector<int>& inputs() const { return inputs_; }
  /// The only input; bad_file where there are others.
  Result<int> input() const;
  /// The only input, of that many dimensions.
  Result<int> input_of_rank(int rank) const;
  /// Whether it is a call of a function of Keras 3, whose arguments have other names than TensorFlow's.
  bool is_keras_3_call() const { return file_.class_name.starts_with("ops."); }
  const Shape& shape(int tensor) const { return reading_.builder.shape(tensor); }
  bool is_free(int tensor, int axis) const;
  /// Whether a dimension other than that of samples is free.
  bool is_free_inside(int tensor) const;

  /// bad_file unless the layer has that many arrays of weights.
  Status has_weights(size_t count) const;
  /// Array i, which must have that shape; -1 stands for any dimension.
  Result<const KerasArray*> weight(size_t i, const std::vector<int32_t>& shape) const;
  /// An array as a constant with its dimensions in another order (empty: as they are) and, beyond that, in a shape of
  /// as many elements. Each is placed once however often the layer is called.
  /// Where the array has a range the constant is followed by the ops that say so.
  Result<int> place(const KerasArray& array, const std::vector<int>& order, const Shape& shape);
  Result<int> place(const KerasArray& array) { return place(array, {}, array.shape); }
  /// Another constant.
  int constant(const char* part, const Shape& shape, const std::vector<float>& values);
  int scalar(const char* part, float value) { return constant(part, Shape(), {value}); }
  int indices(const char* part, const Shape& shape, const std::vector<int32_t>& values);
  int indices(const char* part, const std::vector<int32_t>& values) {
    return indices(part, Shape::of({static_cast<int32_t>(values.size())}), values);
  }

  /// Adds an op and its only result, of the type of the first operand (or `dtype`), whose free dimensions are those
  /// that follow from its operands.
  Result<int> add(const OpDef& def, Attributes attributes, std::vector<int> inputs, std::optional<DType> dtype = {});
  /// The data in a shape that begins with its samples; `dims` are the others, one of which may be -1 for all that is
  /// left. unsupported where free dimensions leave more than one open.
  Result<int> reshaped(int x, std::vector<int32_t> dims);
  /// Whether the layer's data have channels before their spatial dimensions.
  bool channels_first() const;
  /// Data with dimension `axis` moved to the end, and back; a layer with channels first computes between the two.
  Result<int> to_channels_last(int x, int axis = 1);
  Result<int> to_channels_first(int x, int axis = 1);
  Result<int> transposed(int x, const std::vector<int32_t>& order);
  /// Data [samples, steps, channels] as [samples, 1, steps, channels], and back.
  Result<int> widened(int x);
  Result<int> narrowed(int x);
  /// `x` rounded to the grid of a range.
  Result<int> rounded(int x, const FakeQuantRange& range);
  /// `x` after the activation function that the layer has as a setting, and rounded before and behind it where training
  /// with quantization did.
  Result<int> activated(int x, const char* setting = "activation");

 private:
  Reading& reading_;
  const KerasLayer& file_;
  const LayerRule& rule_;
  std::vector<int> inputs_;
  std::string name_;
  const KerasCall* call_;  // null: the layer is called with nothing but its inputs
};

/// What messages call a layer: "layer 'conv' (Conv2D)".
std::string label(const KerasLayer& layer);

}  // namespace narrow::keras
