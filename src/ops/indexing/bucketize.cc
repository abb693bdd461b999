#include <algorithm>

#include "graph/attribute_type.h"
#include "ops/arithmetic/unary.h"
#include "ops/indexing/indexing.h"

namespace narrow {
namespace {

Result<std::vector<Shape>> infer_bucketize(const OpView& op) {
  const std::vector<float>& boundaries = op.attributes<BucketizeAttributes>().boundaries;
  if (!std::is_sorted(boundaries.begin(), boundaries.end()))
    return fail(ErrorKind::bad_file, "the boundaries are not in rising order");
  return infer_unary(op);
}

/// Integers are compared as floats, as LiteRT does.
template <class T>
Step find(const OpView& op) {
  auto run = [count = count_of(op), boundaries = op.attributes<BucketizeAttributes>().boundaries](const T* in,
                                                                                                  int32_t* out) {
    for (int32_t i = 0; i < count; ++i) {
      auto const at = std::upper_bound(boundaries.begin(), boundaries.end(), static_cast<float>(in[i]));
      out[i] = static_cast<int32_t>(at - boundaries.begin());
    }
  };
  return unary_step<T, int32_t>(op, run, "plain loops", true);
}

Result<Step> lower_bucketize(const OpView& op, const LowerContext&) {
  DType const x = op.input(0).dtype, y = op.output().dtype;
  if (y == DType::int32 && x == DType::float32) return find<float>(op);
  if (y == DType::int32 && x == DType::int32) return find<int32_t>(op);
  if (y == DType::int32 && x == DType::int64) return find<int64_t>(op);
  return fail(ErrorKind::unsupported,
              std::string("nothing sorts ") + to_string(x) + " into buckets numbered in " + to_string(y));
}

}  // namespace

constexpr AttributeField kBucketizeFields[] = {
    field<&BucketizeAttributes::boundaries>("boundaries"),
};
const AttributeType BucketizeAttributes::kType = attribute_type<BucketizeAttributes>("Bucketize", kBucketizeFields);

const OpDef kBucketize{.name = "BUCKETIZE",
                       .attributes = &BucketizeAttributes::kType,
                       .arity = {},
                       .quant = {.output8 = ScaleRule::none, .output16 = ScaleRule::none},
                       .infer = infer_bucketize,
                       .lower = lower_bucketize};

}  // namespace narrow
