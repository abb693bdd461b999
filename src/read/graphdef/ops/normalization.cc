// Batch normalization and its like.
#include <algorithm>

#include "ops/build/batch_norm.h"
#include "ops/reductions/reductions.h"
#include "read/graphdef/ops/folded.h"

namespace narrow::graphdef {
namespace {

Result<std::vector<Value>> read_batch_norm(Node& node) {
  if (node.flag("is_training", true))
    return fail(ErrorKind::unsupported, "the batch normalization is that of training, by the mean of each batch", "",
                "export the model for inference");
  NARROW_TRY(int x, node.tensor(0));
  NARROW_TRY(std::vector<float> const gamma, node.reals(1));
  NARROW_TRY(std::vector<float> const beta, node.reals(2));
  NARROW_TRY(std::vector<float> const mean, node.reals(3));
  NARROW_TRY(std::vector<float> const variance, node.reals(4));
  if (node.channels_first()) {
    NARROW_TRY(x, node.to_channels_last(x));
  }
  std::string const name = node.reading().names.take(node.name());
  GraphBuilder& builder = node.builder();
  std::vector<int32_t> const free = builder.at(x).shape_signature;
  size_t const first = builder.graph().ops.size();
  NARROW_TRY(
      int y,
      add_batch_norm(
          builder, x,
          {.gamma = gamma, .beta = beta, .mean = mean, .variance = variance, .epsilon = node.real("epsilon", 0.0001f)},
          name));
  for (size_t i = first; i < builder.graph().ops.size(); ++i)
    for (int const t : builder.graph().ops[i].outputs) builder.at(t).shape_signature = free;
  if (node.channels_first()) {
    NARROW_TRY(y, node.to_channels_first(y));
  }
  return std::vector<Value>{of_tensor(y)};
}

Result<std::vector<Value>> read_lrn(Node& node) {
  NARROW_TRY(int const x, node.tensor(0));
  return one(node.add(kLocalResponseNormalization,
                      LocalResponseNormalizationAttributes{
                          .radius = static_cast<int>(std::clamp<int64_t>(node.integer("depth_radius", 5), 0, 1 << 20)),
                          .bias = node.real("bias", 1),
                          .alpha = node.real("alpha", 1),
                          .beta = node.real("beta", 0.5f)},
                      {x}));
}

constexpr const char* kBatchNormResults[] = {
    "y", "batch_mean", "batch_variance", "reserve_space_1", "reserve_space_2", "reserve_space_3"};

constexpr NodeRule kNormalizationRules[] = {
    {"FusedBatchNorm", read_batch_norm, nullptr, nullptr, kBatchNormResults},
    {"FusedBatchNormV2", read_batch_norm, nullptr, nullptr, kBatchNormResults},
    {"FusedBatchNormV3", read_batch_norm, nullptr, nullptr, kBatchNormResults},
    {"LRN", read_lrn},
};

}  // namespace

std::span<const NodeRule> normalization_rules() {
  return kNormalizationRules;
}

}  // namespace narrow::graphdef
