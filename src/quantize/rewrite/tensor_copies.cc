#include "quantize/rewrite/tensor_copies.h"

#include <algorithm>

#include "graph/edit.h"
#include "ops/conversions/conversion.h"

namespace narrow {
namespace {

void take(Tensor& t, const QuantParams& params) {
  if (t.from_shapes) t = computed_like(t);  // its values are those of a float
  t.dtype = params.dtype;
  t.quantization = params.quantization();
}

bool same_constant(const Tensor& a, const Tensor& b) {
  return a.dtype == b.dtype && a.quantization == b.quantization && a.data.size() == b.data.size() &&
         std::equal(a.data.data(), a.data.data() + a.data.size(), b.data.data());
}

}  // namespace

TensorCopies::TensorCopies(const Graph& source, int number, const ActivationParams& params,
                           std::optional<Arithmetic> requantize, Graph& out)
    : source_(source), number_(number), params_(params), requantize_(requantize), out_(out) {
  for (size_t t = 0; t < source.tensors.size(); ++t)
    if (auto const own = canonical(static_cast<int>(t))) take(out.tensors[t], *own);
}

int TensorCopies::with_params(int t, const QuantParams& params) {
  if (canonical(t) == params) return t;
  auto& copies = quantized_[t];
  for (const auto& [of, copy] : copies)
    if (of == params) return copy;
  const Tensor& from = source_.tensor(t);
  int copy = 0;
  if (from.constant) {
    copy = add_tensor(out_, quantize_constant(from, params));
  } else {
    Tensor to = computed_like(from);
    to.name += std::string("/") + to_string(params.dtype);
    take(to, params);
    copy = add_tensor(out_, std::move(to));
    out_.ops.push_back(conversion(out_, t, copy));
    if (canonical(t)) out_.ops.back().arithmetic = requantize_;
  }
  copies.push_back({params, copy});
  return copy;
}

int TensorCopies::as_float(int t) {
  if (t == kNoTensor || source_.tensor(t).dtype != DType::float32 || !canonical(t)) return t;
  auto [at, added] = floats_.try_emplace(t, 0);
  if (added) {
    Tensor to = computed_like(source_.tensor(t));
    to.name += "/float32";
    at->second = add_tensor(out_, std::move(to));
    out_.ops.push_back(conversion(out_, t, at->second));
  }
  return at->second;
}

int TensorCopies::constant(int t, Tensor stored, bool& is_another) {
  std::vector<int>& known = constants_[t];
  auto const at =
      std::find_if(known.begin(), known.end(), [&](int k) { return same_constant(out_.tensor(k), stored); });
  is_another = at == known.end() && !known.empty();
  if (at != known.end()) return *at;
  known.push_back(add_tensor(out_, std::move(stored)));
  return known.back();
}

}  // namespace narrow
