// Matrix products and look-ups of rows.
#include "ops/arithmetic/arithmetic.h"
#include "ops/conversions/conversions.h"
#include "ops/indexing/indexing.h"
#include "ops/layers/layers.h"
#include "read/keras/layer.h"

namespace narrow::keras {
namespace {

Result<int> build_dense(Layer& layer) {
  NARROW_TRY(int const x, layer.input());
  NARROW_TRY(int const units, layer.integer("units", -1));
  NARROW_TRY(bool const biased, layer.flag("use_bias", true));
  int const rank = layer.shape(x).rank();
  if (rank < 2) return fail(ErrorKind::bad_file, "its data has the shape " + layer.shape(x).text());
  if (units < 1) return fail(ErrorKind::bad_file, "it has " + std::to_string(units) + " units");
  NARROW_CHECK(layer.has_weights(biased ? 2 : 1));
  NARROW_TRY(const KerasArray* const kernel, layer.weight(0, {layer.shape(x).back(), units}));
  NARROW_TRY(int const w, layer.place(*kernel, {1, 0}, Shape::of({units, kernel->shape[0]})));
  std::vector<int> operands{x, w};
  if (biased) {
    NARROW_TRY(const KerasArray* const bias, layer.weight(1, {units}));
    NARROW_TRY(int const b, layer.place(*bias));
    operands.push_back(b);
  }
  NARROW_TRY(int const y,
             layer.add(kFullyConnected, FullyConnectedAttributes{.keep_num_dims = rank > 2}, std::move(operands)));
  return layer.activated(y);
}

Result<int> build_embedding(Layer& layer) {
  NARROW_TRY(int x, layer.input());
  NARROW_TRY(int const rows, layer.integer("input_dim", -1));
  NARROW_TRY(int const columns, layer.integer("output_dim", -1));
  NARROW_CHECK(layer.refuse_if_set("mask_zero"));
  NARROW_CHECK(layer.has_weights(1));
  NARROW_TRY(const KerasArray* const table, layer.weight(0, {rows, columns}));
  DType const given = layer.builder().at(x).dtype;
  if (given != DType::int32 && given != DType::int64) {
    NARROW_TRY(x, layer.add(kCast, CastAttributes{given, DType::int32}, {x}, DType::int32));
  }
  NARROW_TRY(int const placed, layer.place(*table));
  return layer.add(kGather, GatherAttributes{}, {placed, x}, DType::float32);
}

constexpr LayerRule kDenseLayers[] = {
    {"Dense", build_dense},
    {"Embedding", build_embedding},
};

/// Layers that only change what training sees.
Result<int> build_identity(Layer& layer) {
  return layer.input();
}

constexpr LayerRule kIdentityLayers[] = {
    {"ActivityRegularization", build_identity},
    {"AlphaDropout", build_identity},
    {"Dropout", build_identity},
    {"GaussianDropout", build_identity},
    {"GaussianNoise", build_identity},
    {"Identity", build_identity},
    {"SpatialDropout1D", build_identity},
    {"SpatialDropout2D", build_identity},
    {"SpatialDropout3D", build_identity},
};

}  // namespace

std::span<const LayerRule> dense_layers() {
  return kDenseLayers;
}
std::span<const LayerRule> identity_layers() {
  return kIdentityLayers;
}

}  // namespace narrow::keras
