// FakeQuant nodes, whose ranges become the quantization.
#include <algorithm>
#include <cmath>

#include "ops/build/fake_quant_range.h"
#include "read/graphdef/ops/folded.h"

namespace narrow::graphdef {
namespace {

Result<std::vector<Value>> with_range(Node& node, FakeQuantRange range) {
  int64_t const bits = node.integer("num_bits", 8);
  if (bits < 2 || bits > 16) return fail(ErrorKind::bad_file, "num_bits is " + std::to_string(bits));
  range.num_bits = static_cast<int>(bits);
  range.narrow_range = node.flag("narrow_range", false);
  for (size_t i = 0; i < range.min.size(); ++i)
    if (!std::isfinite(range.min[i]) || !std::isfinite(range.max[i]) || range.min[i] > range.max[i])
      return fail(ErrorKind::bad_file, "the range " + std::to_string(range.min[i]) + " to " +
                                           std::to_string(range.max[i]) + " of FakeQuant is none");
  NARROW_TRY(Value const x, node.value(0));
  if (x.known() && x.constant->dtype == DType::float32) {
    NARROW_TRY(Constant constant, rounded_to_range(*x.constant));
    const Shape& shape = constant.shape;
    if (range.per_channel() && (shape.rank() == 0 || static_cast<size_t>(shape.back()) != range.min.size()))
      return fail(ErrorKind::bad_file,
                  std::to_string(range.min.size()) + " ranges for values of shape " + shape.text());
    constant.range = std::move(range);
    return one(std::move(constant));
  }
  auto all_same = [](const std::vector<float>& v) {
    return std::all_of(v.begin(), v.end(), [&](float f) { return f == v[0]; });
  };
  if (!all_same(range.min) || !all_same(range.max))
    return fail(ErrorKind::unsupported, "ranges of FakeQuant by channel on computed values", "",
                "train with one range for each activation");
  NARROW_TRY(int const t, node.place(x));
  return one(node.add(kFakeQuant, attributes_of(range, 0), {t}));
}

Result<std::vector<Value>> read_args(Node& node) {
  return with_range(node, {{node.real("min", -6)}, {node.real("max", 6)}});
}

Result<std::vector<Value>> read_vars(Node& node) {
  NARROW_TRY(std::vector<float> min, node.reals(1));
  NARROW_TRY(std::vector<float> max, node.reals(2));
  if (min.empty() || min.size() != max.size())
    return fail(ErrorKind::bad_file,
                "there are " + std::to_string(min.size()) + " minima and " + std::to_string(max.size()) + " maxima");
  return with_range(node, {std::move(min), std::move(max)});
}

constexpr NodeRule kQuantizationRules[] = {
    {"FakeQuantWithMinMaxArgs", read_args},
    {"FakeQuantWithMinMaxVars", read_vars},
    {"FakeQuantWithMinMaxVarsPerChannel", read_vars},
};

}  // namespace

std::span<const NodeRule> quantization_rules() {
  return kQuantizationRules;
}

}  // namespace narrow::graphdef
