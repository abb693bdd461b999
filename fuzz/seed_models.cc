#include "seed_models.h"

#include <cstdio>

#include "../tests/small_file.h"
#include "draw_attributes.h"
#include "graph_seeds.h"
#include "mutate.h"
#include "narrow/narrow.h"
#include "op_seeds.h"
#include "ops/def/op_def.h"
#include "program/program.h"
#include "read/read.h"
#include "tflite/codec.h"
#include "tflite/write.h"

namespace narrow {
namespace {

constexpr size_t kAttempts = 3000, kEnough = 6;  // a seed op

std::string text_of(const Bytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

[[noreturn]] void give_up(const std::string& what, const Error& error) {
  std::fprintf(stderr, "%s: %s (%s)\n", what.c_str(), error.what.c_str(), error.where.c_str());
  std::exit(5);
}

/// The example's network, as it is and by each of the schemes.
void add_example(std::vector<std::string>& to, const std::vector<std::string>& schemes) {
  std::string const folder = NARROW_SOURCE_FOLDER "/examples/digits/";
  auto const model = load(folder + "float.tflite");
  if (!model) give_up("the example", model.error());
  for (const std::string& scheme : schemes) {
    if (scheme.empty()) {
      to.push_back(text_of(*write_tflite(**model)));
      continue;
    }
    QuantizeRequest request;
    request.quality = Quality::fast;
    request.scheme = parse<Scheme>(scheme).value();
    request.threads = 1;
    request.data.samples = 16;
    if (scheme.starts_with("int")) request.data.path = folder + "train_x.npy";
    auto const quantized = quantize(*model, request);
    if (!quantized) give_up("the example", quantized.error());
    to.push_back(text_of(*write_tflite(*quantized->model)));
  }
}

/// MediaPipe's custom op, with SAME padding and strides of 2.
void add_transpose_conv_bias(SmallFile& file) {
  using format::TensorType;
  format::SubGraphT& g = file.graph();
  int const weights =
      SmallFile::add_tensor(g, "filter", {1, 2, 2, 2}, TensorType::FLOAT32, file.buffer(std::vector<float>(8, 0.25F)));
  int const bias = SmallFile::add_tensor(g, "shift", {1}, TensorType::FLOAT32, file.buffer(std::vector<float>{0.5F}));
  int const result = SmallFile::add_tensor(g, "segment", {1, 8, 8, 1});
  file.add_op(g, format::BuiltinOperator::CUSTOM, {kX, weights, bias}, {result}, "Convolution2DTransposeBias")
      .custom_options = {1, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0};
  g.outputs.push_back(result);
}

void add_small_files(std::vector<std::string>& to) {
  SmallFile branches;
  branches.graph().operators.erase(branches.graph().operators.begin() + kCustomOp);
  branches.graph().outputs = {kMean, kDense, kBranch};
  branches.model.signature_defs.clear();
  to.push_back(text_of(branches.bytes()));
  SmallFile straight;
  straight.graph().operators.resize(kCustomOp);
  straight.graph().outputs = {kMean, kDense};
  straight.model.signature_defs.clear();
  to.push_back(text_of(straight.bytes()));
  add_transpose_conv_bias(straight);
  to.push_back(text_of(straight.bytes()));
  SmallFile all;
  to.push_back(text_of(all.bytes()));
  all.add_passthrough_parts();
  to.push_back(text_of(all.bytes()));
}

void add_models(std::vector<std::string>& to, const std::vector<Model>& models) {
  for (const Model& model : models) {
    auto const bytes = write_tflite(model);
    if (!bytes) give_up("a seed made by hand", bytes.error());
    if (auto const again = read_model(SharedBytes(*bytes), "seed"); !again)
      give_up("a seed made by hand", again.error());
    to.push_back(text_of(*bytes));
  }
}

std::vector<int32_t> random_shape(Decisions& decide) {
  constexpr size_t kRanks[] = {0, 1, 1, 2, 2, 3, 4, 4, 4, 5};
  std::vector<int32_t> out(decide.of(kRanks));
  for (int32_t& d : out) d = 1 + static_cast<int32_t>(decide.below(4));
  return out;
}

/// One tensor of a file: type, shape, scale and, for a constant, values.
int add_operand(SmallFile& file, format::TensorType type, std::vector<int32_t> shape, bool constant,
                Decisions& decide) {
  using format::TensorType;
  size_t elements = 1;
  for (int32_t d : shape) elements *= static_cast<size_t>(d);
  uint32_t values = 0;
  if (constant && type == TensorType::INT32) {
    std::vector<int32_t> v(elements);
    for (int32_t& x : v) x = static_cast<int32_t>(decide.below(4));
    values = file.buffer(v);
  } else if (constant) {
    size_t const bytes = type == TensorType::FLOAT32 ? 4 : type == TensorType::INT16 ? 2 : 1;
    std::vector<uint8_t> v(elements * bytes);
    for (uint8_t& x : v) x = static_cast<uint8_t>(bytes == 1 && type != TensorType::BOOL ? decide.below(128) : 0);
    values = file.buffer(v);
  }
  int const index = SmallFile::add_tensor(file.graph(), "t" + std::to_string(file.graph().tensors.size()),
                                          std::move(shape), type, values);
  if (type == TensorType::INT8 || type == TensorType::INT16) {
    format::TensorT& t = file.tensor(static_cast<size_t>(index));
    t.quantization = std::make_unique<format::QuantizationParametersT>();
    t.quantization->scale = {0.25F};
    t.quantization->zero_point = {0};
  }
  if (!constant) file.graph().inputs.push_back(index);
  return index;
}

/// A file with one op of that kind, its operands tried at random.
Bytes attempt(const OpDef& def, const Codec& codec, Decisions& decide) {
  using format::TensorType;
  constexpr TensorType kTypes[] = {TensorType::FLOAT32, TensorType::FLOAT32, TensorType::INT8,
                                   TensorType::INT16,   TensorType::INT32,   TensorType::BOOL};
  SmallFile file;
  file.model.subgraphs.resize(1);
  file.model.operator_codes.clear();
  file.model.signature_defs.clear();
  file.graph() = format::SubGraphT();
  auto const type = decide.of(kTypes);
  auto const shape = random_shape(decide);
  auto const most = static_cast<size_t>(std::min(def.arity.max_inputs, def.arity.min_inputs + 3));
  auto const least = static_cast<size_t>(def.arity.min_inputs);
  size_t const operands = least + decide.below(most - least + 1);
  std::vector<int> in, out;
  for (size_t i = 0; i < operands; ++i) {
    bool const other = i > 0 && decide.once_in(2);
    in.push_back(add_operand(file, other ? (decide.once_in(4) ? decide.of(kTypes) : TensorType::INT32) : type,
                             decide.once_in(2) ? random_shape(decide) : shape, i > 0 && decide.once_in(2), decide));
  }
  auto const result = decide.once_in(4) ? decide.of(kTypes) : type;
  for (int i = 0; i < def.arity.outputs; ++i) {
    out.push_back(add_operand(file, result, {}, false, decide));
    file.tensor(static_cast<size_t>(out.back())).has_rank = false;
    file.graph().inputs.pop_back();
  }
  file.graph().outputs = out;
  format::OperatorT& op = file.add_op(file.graph(), codec.code, in, out);
  flatbuffers::FlatBufferBuilder empty;
  empty.Finish(format::CreateOperator(empty));
  auto const attributes = codec.read(*flatbuffers::GetRoot<format::Operator>(empty.GetBufferPointer()));
  if (attributes) op.builtin_options = codec.write(drawn(*attributes, decide));
  return pack(file.model, decide.below(3), decide);
}

bool is_computable(const Bytes& bytes) {
  auto model = read_model(SharedBytes(bytes), "seed");
  if (!model) return false;
  return lower(std::make_shared<const Model>(std::move(*model)), {.profile = all_profiles().front()}).has_value();
}

bool has_op(const std::vector<Model>& models, const OpDef* def) {
  for (const Model& model : models)
    for (const Graph& graph : model.graphs)
      for (const Op& op : graph.ops)
        if (op.def == def) return true;
  return false;
}

void add_ops(std::vector<std::string>& to, const std::vector<Model>& by_hand) {
  std::string without;
  uint64_t seed = 0;
  for (const OpDef* def : all_ops()) {
    const Codec* const codec = find_codec(std::string_view(def->name));
    size_t const most = has_op(by_hand, def) ? kAttempts / 10 : kAttempts;
    size_t found = 0;
    for (size_t i = 0; codec && i < most && found < kEnough; ++i) {
      Decisions decide(++seed);
      Bytes const bytes = attempt(*def, *codec, decide);
      if (!is_computable(bytes)) continue;
      to.push_back(text_of(bytes));
      ++found;
    }
    if (found == 0 && !has_op(by_hand, def)) without += std::string(" ") + def->name;
  }
  if (!without.empty()) std::fprintf(stderr, "no seed has an op of:%s\n", without.c_str());
}

}  // namespace

const std::vector<std::string>& seed_models() {
  static const std::vector<std::string> kSeeds = [] {
    std::vector<std::string> seeds;
    std::vector<Model> by_hand = graph_seeds();
    for (Model& model : op_seeds()) by_hand.push_back(std::move(model));
    add_small_files(seeds);
    add_example(seeds, {"int8", "", "int16x8", "dynamic", "float16"});
    add_models(seeds, by_hand);
    add_ops(seeds, by_hand);
    return seeds;
  }();
  return kSeeds;
}

}  // namespace narrow
