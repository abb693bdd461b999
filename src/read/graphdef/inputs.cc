#include "read/graphdef/inputs.h"

#include <algorithm>
#include <bit>
#include <cctype>

namespace narrow::graphdef {
namespace {

/// What the options say of an input of that name, or null.
const InputShape* given_shape(const LoadOptions& options, const std::string& name) {
  for (const InputShape& s : options.shape)
    if (s.input == name || s.input == name + ":0") return &s;
  return nullptr;
}

int64_t integer_of(const tf_format::NodeDef& def, const char* name, int64_t otherwise) {
  auto const at = def.attr().find(name);
  return at != def.attr().end() && at->second.has_i() ? at->second.i() : otherwise;
}

}  // namespace

OpenShape open_shape(const tf_format::TensorShapeProto& shape) {
  if (shape.unknown_rank()) return std::nullopt;
  std::vector<int64_t> dims;
  for (const auto& d : shape.dim()) dims.push_back(d.size());
  return dims;
}

Result<int> add_input(Reading& reading, const std::string& name, DType dtype, const OpenShape& shape) {
  std::vector<int32_t> dims, signature;
  if (const InputShape* const given = given_shape(reading.options, name)) {
    dims = signature = given->dims;
    if (shape && shape->size() != dims.size())
      return refuse("shape", "input '" + name + "' has " + std::to_string(shape->size()) + " dimensions, not " +
                                 std::to_string(dims.size()));
  } else if (shape) {
    for (int64_t const d : *shape) {
      if (d < -1 || d > reading.limits.tensor_elements)
        return fail(ErrorKind::bad_file, "input '" + name + "' has a dimension of " + std::to_string(d));
      dims.push_back(d == -1 ? 1 : static_cast<int32_t>(d));
      signature.push_back(static_cast<int32_t>(d));
    }
  } else {
    return fail(ErrorKind::unsupported, "the file does not say what shape input '" + name + "' has", "",
                "`shape` gives its dimensions");
  }
  NARROW_TRY(Shape const sized, Shape::make(dims, reading.limits));
  int const t = reading.builder.input({.dtype = dtype, .shape = sized, .name = reading.names.take(name)});
  if (std::find(signature.begin(), signature.end(), -1) != signature.end())
    reading.builder.at(t).shape_signature = std::move(signature);
  return t;
}

Result<int> add_input(Node& node) {
  NARROW_TRY(DType const dtype, node.dtype("dtype", DType::float32));
  const auto* const stored = node.attribute("dtype");
  if (auto const type = stored ? dtype_of_number(stored->type()) : dtype; type && *type != dtype)
    node.reading().notes.push_back("input '" + node.name() +
                                   "' is float32: narrow computes the file's 16-bit floats so");
  const auto* const shape = node.attribute("shape");
  OpenShape const open = shape && shape->has_shape() ? open_shape(shape->shape()) : std::nullopt;
  return add_input(node.reading(), node.name(), dtype, open);
}

Result<std::optional<Value>> training_switch(Node& node) {
  const auto* const shape = node.attribute("shape");
  bool const scalar = !shape || (shape->has_shape() && shape->shape().dim_size() == 0);
  NARROW_TRY(DType const dtype, node.dtype("dtype", DType::float32));
  if (!scalar) return std::optional<Value>();
  std::string name = node.name();  // is_training, phase_train, isTraining, train_mode and the like
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
  auto has = [&](std::string_view word) { return name.find(word) != std::string::npos; };
  if (dtype == DType::boolean && (has("train") || has("learning_phase"))) {
    node.reading().notes.push_back("input '" + node.name() + "' is taken as false: the network is that of inference");
    return std::optional(of_constant(integer_constant(DType::boolean, {}, {0})));
  }
  if (dtype == DType::float32 && (has("keep_prob") || has("dropout"))) {
    node.reading().notes.push_back("input '" + node.name() + "' is taken as 1: dropout keeps everything");
    std::vector<float> const unit{1.0f};
    return std::optional(
        of_constant({DType::float32, {}, SharedBytes::copy_of(std::span<const float>(unit)), {}, {}, node.name()}));
  }
  return std::optional<Value>();
}

namespace {

/// What the nodes of a front end say together; -1 where none says it.
struct FrontEnd {
  int64_t samples = -1, channels = -1;  // of the sound
  int64_t window = -1, stride = -1;     // of the frames
  int64_t coefficients = -1;            // of the features

  int64_t frames() const {
    return window > 0 && stride > 0 && samples >= window ? 1 + (samples - window) / stride : -1;
  }
  /// The Fourier transform takes the next power of two; there are magnitudes of half of it.
  int64_t bins() const {
    return window > 0 && window < 1 << 20 ? 1 + static_cast<int64_t>(std::bit_ceil(static_cast<uint64_t>(window))) / 2
                                          : -1;
  }
};

struct FrontEndNode {
  std::string_view type;
  void (*take)(const tf_format::NodeDef&, FrontEnd&);
  std::vector<int64_t> (*shape)(const FrontEnd&);
};

constexpr FrontEndNode kFrontEnd[] = {
    {"DecodeWav",
     [](const tf_format::NodeDef& def, FrontEnd& all) {
       all.samples = integer_of(def, "desired_samples", -1);
       all.channels = integer_of(def, "desired_channels", -1);
     },
     [](const FrontEnd& all) {
       return std::vector<int64_t>{all.samples, all.channels};
     }},
    {"AudioSpectrogram",
     [](const tf_format::NodeDef& def, FrontEnd& all) {
       all.window = integer_of(def, "window_size", -1);
       all.stride = integer_of(def, "stride", -1);
     },
     [](const FrontEnd& all) {
       return std::vector<int64_t>{all.channels, all.frames(), all.bins()};
     }},
    {"Mfcc",
     [](const tf_format::NodeDef& def, FrontEnd& all) {
       all.coefficients = integer_of(def, "dct_coefficient_count", 13);
     },
     [](const FrontEnd& all) {
       return std::vector<int64_t>{all.channels, all.frames(), all.coefficients};
     }},
};

const FrontEndNode* front_end_node(std::string_view type) {
  for (const FrontEndNode& node : kFrontEnd)
    if (node.type == type) return &node;
  return nullptr;
}

}  // namespace

bool is_audio_front_end(std::string_view type) {
  return front_end_node(type) != nullptr;
}

OpenShape front_end_shape(const Body& body, int n) {
  FrontEnd all;
  const FrontEndNode* const last = front_end_node(body.node(n).def->op());
  // Each reads the one before as its first operand.
  for (size_t depth = 0; n >= 0 && body.node(n).def && depth < std::size(kFrontEnd); ++depth) {
    const FrontEndNode* const node = front_end_node(body.node(n).def->op());
    if (!node) break;
    node->take(*body.node(n).def, all);
    n = body.node(n).inputs.empty() ? -1 : body.node(n).inputs[0].node;
  }
  return last ? OpenShape(last->shape(all)) : std::nullopt;
}

}  // namespace narrow::graphdef
