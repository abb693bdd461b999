// Random float graphs, quantized by every integer scheme and run: their results stay near the float ones.
#include <algorithm>

#include "quantize/accuracy.h"
#include "quantize/random_graph.h"

namespace narrow {
namespace {

constexpr int kSamples = 16;

std::string text(const Model& m) {
  std::string s = "model of";
  for (const std::string& type : op_types(m)) s += " " + type;
  return s;
}

/// What outputs have to reach under a scheme, in dB: each of them, all but 3 %, and half of them. Measured, with a
/// margin of a few dB for other seeds; the median moves by less than 1 dB.
struct Bounds {
  const char* scheme;
  double all, most, half;
};
constexpr Bounds kBounds[] = {{"int8", 12, 34, 42.5}, {"int16x8", 20, 42, 53}, {"int16", 50, 74.5, 83.3},
                              {"q15", 55, 76, 86.2},  {"q7", 5, 28, 37},       {"float16", 40, 64, 74}};

TEST(RandomGraphs, ResultsStayNearTheFloatOnes) {
  Random r;
  SCOPED_TRACE(r.text());
  std::map<std::string, std::vector<double>> found;
  for (int i = 0; i < 1000; ++i) {
    Model const model = RandomGraph(r).model();
    if (model.main().ops.empty()) continue;
    Values inputs(1);
    inputs[0].resize(static_cast<size_t>(model.main().tensor(model.main().inputs[0]).elements()) * kSamples);
    for (float& v : inputs[0]) v = static_cast<float>(r.real(-2, 2));
    for (const Bounds& bounds : kBounds) {
      SCOPED_TRACE(std::string(bounds.scheme) + ", model " + std::to_string(i) + ": " + text(model));
      found[bounds.scheme].push_back(accuracy(model, inputs, kSamples, bounds.scheme));
      ASSERT_GT(found[bounds.scheme].back(), bounds.all);
    }
  }
  for (const Bounds& bounds : kBounds) {
    std::vector<double>& v = found[bounds.scheme];
    std::sort(v.begin(), v.end());
    EXPECT_GT(v[v.size() * 3 / 100], bounds.most) << bounds.scheme;
    EXPECT_GT(v[v.size() / 2], bounds.half) << bounds.scheme;
  }
}

}  // namespace
}  // namespace narrow
