// Attention.
#include <cmath>

#include "ops/activations/activations.h"
#include "ops/arithmetic/arithmetic.h"
#include "ops/layers/layers.h"
#include "ops/layout/layout.h"
#include "read/keras/layer.h"

namespace narrow::keras {
namespace {

/// How a MultiHeadAttention layer splits its data.
struct Heads {
  int count = 1;
  int key = 1;    // elements of a head's queries and keys
  int value = 1;  // of its values
  bool biased = true;
};

/// Data [samples, steps, in] times weights [in, heads, size], from the array `at` on, as [samples, heads, steps, size].
Result<int> projected(Layer& layer, int x, size_t at, int size, const Heads& heads) {
  int const in = layer.shape(x).back(), steps = layer.shape(x)[1];
  NARROW_TRY(const KerasArray* const kernel, layer.weight(at, {in, heads.count, size}));
  NARROW_TRY(Shape const form, Shape::make(std::vector<int32_t>{heads.count * size, in}));
  NARROW_TRY(int const w, layer.place(*kernel, {1, 2, 0}, form));
  std::vector<int> operands{x, w};
  if (heads.biased) {
    NARROW_TRY(const KerasArray* const bias, layer.weight(at + 1, {heads.count, size}));
    NARROW_TRY(int const b, layer.place(*bias, {}, Shape::of({heads.count * size})));
    operands.push_back(b);
  }
  NARROW_TRY(int const all, layer.add(kFullyConnected, FullyConnectedAttributes{.keep_num_dims = true}, operands));
  NARROW_TRY(int const split, layer.reshaped(all, {steps, heads.count, size}));
  return layer.transposed(split, {0, 2, 1, 3});
}

/// The argument, or `otherwise` where it is left out.
Result<int> attended(Layer& layer, size_t position, const char* name, int otherwise) {
  NARROW_TRY(int const t, layer.operand(position, name));
  int const x = t == kNoTensor ? otherwise : t;
  if (x == kNoTensor || layer.shape(x).rank() != 3)
    return fail(ErrorKind::unsupported, "narrow needs data of 3 dimensions as the " + std::string(name));
  return x;
}

Result<int> build_attention(Layer& layer) {
  for (const char* const name : {"query_mask", "value_mask", "key_mask", "attention_mask"})
    if (layer.argument(9, name))
      return fail(ErrorKind::unsupported, "narrow has no form of the argument " + std::string(name));
  for (const char* const name : {"use_causal_mask", "return_attention_scores", "training"})
    if (const auto* const set = layer.argument(9, name); set && *set != false)
      return fail(ErrorKind::unsupported, "narrow has no form of the argument " + std::string(name));
  if (layer.setting("output_shape")) return layer.refused("output_shape");
  NARROW_CHECK(layer.refuse_if_set("use_gate"));
  if (layer.setting("sliding_window")) return layer.refused("sliding_window");
  NARROW_TRY(int const query, attended(layer, 0, "query", kNoTensor));
  NARROW_TRY(int const value, attended(layer, 1, "value", kNoTensor));
  NARROW_TRY(int const key, attended(layer, 2, "key", value));
  NARROW_TRY(std::vector<int> const axes, layer.integers("attention_axes"));
  if (!axes.empty() && axes != std::vector<int>{1}) return layer.refused("attention_axes");
  Heads heads;
  NARROW_TRY(heads.count, layer.integer("num_heads", -1));
  NARROW_TRY(heads.key, layer.integer("key_dim", -1));
  NARROW_TRY(heads.value, layer.integer("value_dim", heads.key));
  NARROW_TRY(heads.biased, layer.flag("use_bias", true));
  for (int const v : {heads.count, heads.key, heads.value})
    if (v < 1 || v > 1 << 14) return fail(ErrorKind::bad_file, "its heads have no usable number or size");
  size_t const each = heads.biased ? 2 : 1;
  NARROW_CHECK(layer.has_weights(4 * each));
  NARROW_TRY(int const q, projected(layer, query, 0, heads.key, heads));
  NARROW_TRY(int const k, projected(layer, key, each, heads.key, heads));
  NARROW_TRY(int const v, projected(layer, value, 2 * each, heads.value, heads));
  float const scale = 1.0f / std::sqrt(static_cast<float>(heads.key));
  NARROW_TRY(int const scaled, layer.add(kMul, MulAttributes{}, {q, layer.scalar("scale", scale)}));
  NARROW_TRY(int const scores, layer.add(kBatchMatmul, BatchMatmulAttributes{.adjoint_b = true}, {scaled, k}));
  NARROW_TRY(int const weights, layer.add(kSoftmax, SoftmaxAttributes{}, {scores}));
  NARROW_TRY(int const mixed, layer.add(kBatchMatmul, BatchMatmulAttributes{}, {weights, v}));
  NARROW_TRY(int const turned, layer.transposed(mixed, {0, 2, 1, 3}));
  NARROW_TRY(int const joined, layer.reshaped(turned, {layer.shape(query)[1], heads.count * heads.value}));
  int const out = layer.shape(query).back();
  NARROW_TRY(const KerasArray* const kernel, layer.weight(3 * each, {heads.count, heads.value, out}));
  NARROW_TRY(Shape const form, Shape::make(std::vector<int32_t>{out, heads.count * heads.value}));
  NARROW_TRY(int const w, layer.place(*kernel, {2, 0, 1}, form));
  std::vector<int> operands{joined, w};
  if (heads.biased) {
    NARROW_TRY(const KerasArray* const bias, layer.weight(3 * each + 1, {out}));
    NARROW_TRY(int const b, layer.place(*bias));
    operands.push_back(b);
  }
  return layer.add(kFullyConnected, FullyConnectedAttributes{.keep_num_dims = true}, operands);
}

constexpr LayerRule kAttentionLayers[] = {
    {.class_name = "MultiHeadAttention", .build = build_attention, .reads_arguments = true},
};

}  // namespace

std::span<const LayerRule> attention_layers() {
  return kAttentionLayers;
}

}  // namespace narrow::keras
