#include "mutate.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <vector>

namespace narrow {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN(), kInfinity = std::numeric_limits<float>::infinity();
constexpr int32_t kLowest = std::numeric_limits<int32_t>::min(), kHighest = std::numeric_limits<int32_t>::max();

/// Mostly numbers that mean something, now and then one that should not.
int32_t number(Decisions& decide) {
  constexpr int32_t kOdd[] = {-1,      -2,      -3,      -128,    127,      255,     256,
                              1 << 15, 1 << 16, 1 << 24, 1 << 30, kHighest, kLowest, 1000};
  return decide.once_in(4) ? decide.of(kOdd) : static_cast<int32_t>(decide.below(6));
}

/// The index of a tensor of the graph, mostly.
int32_t tensor_index(const format::SubGraphT& g, Decisions& decide) {
  return g.tensors.empty() || decide.once_in(16) ? number(decide)
                                                 : static_cast<int32_t>(decide.below(g.tensors.size()));
}

void change_list(std::vector<int32_t>& list, Decisions& decide, auto another) {
  switch (list.empty() ? 0 : decide.below(5)) {
    case 0:
      list.insert(list.begin() + static_cast<ptrdiff_t>(decide.below(list.size() + 1)), another());
      return;
    case 1:
      list.erase(list.begin() + static_cast<ptrdiff_t>(decide.below(list.size())));
      return;
    case 2:
      std::swap(decide.of(list), decide.of(list));
      return;
    default:
      decide.of(list) = another();
  }
}

void change_shape(format::TensorT& t, Decisions& decide) {
  change_list(decide.once_in(8) ? t.shape_signature : t.shape, decide, [&] { return number(decide); });
  if (decide.once_in(8)) t.has_rank = !t.has_rank;
}

void change_type(format::TensorT& t, Decisions& decide) {
  using format::TensorType;
  constexpr TensorType kTypes[] = {TensorType::FLOAT32, TensorType::INT8,   TensorType::INT16,   TensorType::INT32,
                                   TensorType::UINT8,   TensorType::INT64,  TensorType::BOOL,    TensorType::FLOAT16,
                                   TensorType::INT4,    TensorType::STRING, TensorType::FLOAT64, TensorType::RESOURCE};
  t.type = decide.of(kTypes);
}

void change_quantization(format::TensorT& t, Decisions& decide) {
  if (!t.quantization || decide.once_in(8)) {
    t.quantization = std::make_unique<format::QuantizationParametersT>();
    t.quantization->scale = {0.5F};
    t.quantization->zero_point = {0};
  }
  format::QuantizationParametersT& q = *t.quantization;
  constexpr float kScales[] = {0.0F, 1.0F,    1e-38F, 1e38F, -1.0F, kNan, kInfinity, 1e-45F,
                               0.1F, 3.7e-3F, 2.0F,   256.F, 1e-6F, 1e6F, 0.25F,     0.5F};
  switch (decide.below(6)) {
    case 0:
      if (!q.scale.empty()) decide.of(q.scale) = decide.of(kScales);
      return;
    case 1:
      if (!q.zero_point.empty()) decide.of(q.zero_point) = number(decide);
      return;
    case 2:
      q.quantized_dimension = number(decide);
      return;
    case 3:
      q.scale.assign(1 + decide.below(4), decide.of(kScales));
      q.zero_point.assign(q.scale.size(), decide.once_in(2) ? 0 : number(decide));
      return;
    case 4:
      q.scale.assign(t.shape.empty() ? 1 : static_cast<size_t>(std::clamp(t.shape.back(), 1, 64)), 0.25F);
      q.zero_point.assign(q.scale.size(), 0);
      q.quantized_dimension = static_cast<int32_t>(t.shape.empty() ? 0 : t.shape.size() - 1);
      return;
    default:
      t.quantization.reset();
  }
}

/// Makes a constant of a tensor, or none, or changes the values of one.
void change_values(format::ModelT& model, format::TensorT& t, Decisions& decide) {
  if (t.buffer >= model.buffers.size() || decide.once_in(8)) {
    t.buffer = static_cast<uint32_t>(decide.below(model.buffers.size() + 1));
    return;
  }
  auto& data = model.buffers[t.buffer]->data;
  if (data.empty() || t.buffer == 0) {
    size_t elements = 4;
    for (int32_t d : t.shape) elements *= static_cast<size_t>(std::clamp(d, 1, 8));
    auto values = std::make_unique<format::BufferT>();
    values->data.resize(std::min<size_t>(elements, 4096));
    for (uint8_t& v : values->data) v = static_cast<uint8_t>(decide.below(4));
    model.buffers.push_back(std::move(values));
    t.buffer = static_cast<uint32_t>(model.buffers.size() - 1);
    return;
  }
  if (decide.once_in(8)) {
    data.resize(decide.below(data.size() + 8));
    return;
  }
  // Words: axes, sizes and the like are 32 bits wide.
  if (data.size() >= 4 && !decide.once_in(4)) {
    int32_t const value = number(decide);
    std::memcpy(data.data() + decide.below(data.size() / 4) * 4, &value, 4);
  } else {
    decide.of(data) = static_cast<uint8_t>(number(decide));
  }
}

void change_tensor(format::ModelT& model, format::SubGraphT& g, Decisions& decide) {
  if (g.tensors.empty()) return;
  format::TensorT& t = *decide.of(g.tensors);
  switch (decide.below(12)) {
    case 0:
    case 1:
    case 2:
      return change_shape(t, decide);
    case 3:
    case 4:
      return change_type(t, decide);
    case 5:
    case 6:
    case 7:
      return change_quantization(t, decide);
    case 8:
    case 9:
      return change_values(model, t, decide);
    case 10:
      t.is_variable = !t.is_variable;
      return;
    default: {
      const format::TensorT& other = *decide.of(g.tensors);
      if (decide.once_in(2)) t.shape = other.shape;
      t.type = other.type;
      t.quantization =
          other.quantization ? std::make_unique<format::QuantizationParametersT>(*other.quantization) : nullptr;
    }
  }
}

/// The float network becomes an integer one, or the other way round: one type and one scale for all of that type.
void change_all_types(format::SubGraphT& g, Decisions& decide) {
  if (g.tensors.empty()) return;
  auto const from = decide.of(g.tensors)->type;
  using format::TensorType;
  constexpr TensorType kTypes[] = {TensorType::FLOAT32, TensorType::INT8, TensorType::INT16, TensorType::INT32,
                                   TensorType::UINT8};
  auto const to = decide.of(kTypes);
  for (auto& t : g.tensors) {
    if (t->type != from) continue;
    t->type = to;
    t->quantization = std::make_unique<format::QuantizationParametersT>();
    t->quantization->scale = {0.25F};
    t->quantization->zero_point = {0};
  }
}

void change_op(format::ModelT& model, format::SubGraphT& g, Decisions& decide) {
  if (g.operators.empty()) return;
  format::OperatorT& op = *decide.of(g.operators);
  auto another = [&] { return tensor_index(g, decide); };
  switch (decide.below(6)) {
    case 0:
      return change_list(op.outputs, decide, another);
    case 1:
      if (model.operator_codes.empty()) return;
      // The kind of another op, mostly with its options.
      op.opcode_index = static_cast<uint32_t>(decide.below(model.operator_codes.size()));
      return;
    case 2:
      model.operator_codes[op.opcode_index % model.operator_codes.size()]->version = number(decide);
      return;
    default:
      return change_list(op.inputs, decide, another);
  }
}

std::unique_ptr<format::OperatorT> copy_of(const format::OperatorT& op) {
  return std::make_unique<format::OperatorT>(op);
}

/// A second op of the same kind behind an op, reading what the first computes.
void chain_op(format::SubGraphT& g, size_t at, Decisions& decide) {
  auto op = copy_of(*g.operators[at]);
  for (int32_t& result : op->outputs) {
    if (result < 0 || static_cast<size_t>(result) >= g.tensors.size()) continue;
    auto t = std::make_unique<format::TensorT>(*g.tensors[static_cast<size_t>(result)]);
    t->name += "'";
    g.tensors.push_back(std::move(t));
    if (!op->inputs.empty()) decide.of(op->inputs) = result;
    result = static_cast<int32_t>(g.tensors.size()) - 1;
    if (decide.once_in(2)) g.outputs.push_back(result);
  }
  g.operators.insert(g.operators.begin() + static_cast<ptrdiff_t>(at) + 1, std::move(op));
}

void change_ops(format::SubGraphT& g, Decisions& decide) {
  if (g.operators.empty()) return;
  size_t const at = decide.below(g.operators.size());
  switch (decide.below(4)) {
    case 0:
      g.operators.erase(g.operators.begin() + static_cast<ptrdiff_t>(at));
      return;
    case 1:
      std::swap(g.operators[at], decide.of(g.operators));
      return;
    default:
      chain_op(g, at, decide);
  }
}

void change_graph(format::SubGraphT& g, Decisions& decide) {
  change_list(decide.once_in(2) ? g.inputs : g.outputs, decide, [&] { return tensor_index(g, decide); });
}

/// Which graphs there are, and in what order.
void change_graphs(format::ModelT& model, Decisions& decide) {
  if (decide.once_in(3) && model.subgraphs.size() > 1) {
    std::swap(decide.of(model.subgraphs), decide.of(model.subgraphs));
  } else if (decide.once_in(2)) {
    model.subgraphs.push_back(std::make_unique<format::SubGraphT>(*decide.of(model.subgraphs)));
  } else {
    model.subgraphs.pop_back();
  }
}

/// Sets a field of an options table in place. Its width is what lies between it and the next one.
void change_field(uint8_t* table, Decisions& decide) {
  auto const* fields = reinterpret_cast<const flatbuffers::Table*>(table)->GetVTable();
  auto slot = [&](size_t i) { return flatbuffers::ReadScalar<flatbuffers::voffset_t>(fields + 2 * i); };
  size_t const count = slot(0) / 2U;
  if (count <= 2) return;
  size_t const at = slot(2 + decide.below(count - 2));
  if (at == 0) return;
  size_t end = slot(1);
  for (size_t i = 2; i < count; ++i)
    if (slot(i) > at) end = std::min<size_t>(end, slot(i));
  int32_t const value = number(decide);
  std::memcpy(table + at, &value, std::min<size_t>(end - at, sizeof value));
}

}  // namespace

void mutate(format::ModelT& model, Decisions& decide) {
  if (model.subgraphs.empty()) return;
  format::SubGraphT& g = *(decide.once_in(2) ? model.subgraphs.front() : decide.of(model.subgraphs));
  size_t const kind = decide.below(16);
  if (kind < 6) return change_tensor(model, g, decide);
  if (kind < 10) return change_op(model, g, decide);
  if (kind < 12) return change_ops(g, decide);
  if (kind < 13) return change_graph(g, decide);
  if (kind < 15) return change_all_types(g, decide);
  change_graphs(model, decide);
}

Bytes pack(const format::ModelT& model, size_t changes, Decisions& decide) {
  flatbuffers::FlatBufferBuilder builder;
  builder.ForceDefaults(true);  // so that every field of an op's options is there to be changed
  format::FinishModelBuffer(builder, format::Model::Pack(builder, &model));
  std::vector<uint8_t*> options;
  auto const* root = format::GetModel(builder.GetBufferPointer());
  if (root->subgraphs())
    for (auto const* g : *root->subgraphs())
      if (g->operators())
        for (auto const* op : *g->operators())
          if (op->builtin_options())
            options.push_back(const_cast<uint8_t*>(static_cast<const uint8_t*>(op->builtin_options())));
  for (; changes > 0 && !options.empty(); --changes) change_field(decide.of(options), decide);
  auto const* p = reinterpret_cast<const std::byte*>(builder.GetBufferPointer());
  return Bytes(p, p + builder.GetSize());
}

}  // namespace narrow
