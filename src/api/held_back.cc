#include "api/held_back.h"

#include <numeric>

namespace narrow {
namespace {

constexpr int64_t kLeastToSplit = 8;

}  // namespace

SplitSamples split_samples(int64_t samples, const SplitRule& rule) {
  SplitSamples out;
  for (int64_t k = 0; k < samples; ++k) (k % rule.share == rule.share - 1 ? out.held_back : out.others).push_back(k);
  if (samples < kLeastToSplit) {
    out.others.resize(static_cast<size_t>(samples));
    std::iota(out.others.begin(), out.others.end(), 0);
    out.held_back = out.others;
  }
  if (auto const n = static_cast<int64_t>(out.held_back.size()); n > rule.most) {
    for (int64_t k = 0; k < rule.most; ++k)
      out.held_back[static_cast<size_t>(k)] = out.held_back[static_cast<size_t>(k * n / rule.most)];
    out.held_back.resize(rule.most);
  }
  return out;
}

std::vector<int64_t> evenly(int64_t count, int64_t of) {
  std::vector<int64_t> out;
  for (int64_t k = 0; k < count; ++k) out.push_back(k * of / count);
  return out;
}

DataSource picked(const Graph& graph, std::shared_ptr<const Samples> all, std::vector<int64_t> numbers) {
  DataSource out;
  out.reader.samples = static_cast<int64_t>(numbers.size());
  std::vector<int64_t> bytes;
  for (int t : graph.inputs) {
    const Tensor& tensor = graph.tensor(t);
    out.reader.dtypes.push_back(tensor.dtype);
    bytes.push_back(storage_bytes(tensor.dtype, tensor.elements()).value_or(0));
  }
  out.reader.fingerprint = all->fingerprint();
  out.reader.read = [all, bytes, numbers = std::move(numbers)](int64_t first, int count, size_t input,
                                                               std::span<std::byte> to) -> Status {
    for (int64_t i = 0; i < count; ++i)
      NARROW_CHECK(all->read(numbers[static_cast<size_t>(first + i)], 1, input, to.data() + i * bytes[input]));
    return {};
  };
  return out;
}

}  // namespace narrow
