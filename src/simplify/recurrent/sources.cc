#include "simplify/recurrent/sources.h"

#include <algorithm>

#include "ops/layout/layout.h"

namespace narrow {
namespace {

/// The elements of a sequence with its steps first, backwards, or both.
Numbers in_order(const Wanted& wanted, bool time_first, bool backwards) {
  auto const rows = static_cast<size_t>(wanted.rows), time = static_cast<size_t>(wanted.time),
             size = static_cast<size_t>(wanted.size);
  Numbers out(wanted.numbers.size());
  for (size_t r = 0; r < rows; ++r)
    for (size_t t = 0; t < time; ++t) {
      size_t const step = backwards ? time - 1 - t : t;
      size_t const to = (time_first ? t * rows + r : r * time + t) * size;
      std::copy_n(wanted.numbers.begin() + static_cast<std::ptrdiff_t>((r * time + step) * size), size,
                  out.begin() + static_cast<std::ptrdiff_t>(to));
    }
  return out;
}

Numbers step_numbers(const Wanted& wanted, int step) {
  auto const time = static_cast<size_t>(wanted.time), size = static_cast<size_t>(wanted.size);
  Numbers out;
  for (size_t r = 0; r < static_cast<size_t>(wanted.rows); ++r) {
    auto const first =
        wanted.numbers.begin() + static_cast<std::ptrdiff_t>((r * time + static_cast<size_t>(step)) * size);
    out.insert(out.end(), first, first + wanted.size);
  }
  return out;
}

}  // namespace

Sources::Sources(const TracedModel& traced, GraphBuilder& builder, const std::set<int>& left_out)
    : traced_(traced), builder_(builder) {
  const Graph& graph = traced.model.main();
  for (size_t t = 0; t < graph.tensors.size(); ++t) {
    auto const& numbers = traced.trace.tensors[t].numbers;
    if (!numbers || numbers->empty() || graph.tensors[t].variable) continue;
    auto const unfit = [&](int32_t n) { return left_out.contains(traced.trace.expressions.element(n).of); };
    if (left_out.empty() || std::none_of(numbers->begin(), numbers->end(), unfit))
      tensors_.emplace(*numbers, static_cast<int>(t));
  }
}

void Sources::add(int tensor, const Wanted& holds) {
  tensors_.emplace(holds.numbers, tensor);
  added_.push_back({tensor, holds});
}

std::vector<int32_t> Sources::dims_of(int time, int size, bool time_first) const {
  int32_t const batch = traced_.free_batch ? -1 : traced_.trace.expressions.rows();
  if (time == 0) return {batch, size};
  return time_first ? std::vector<int32_t>{time, batch, size} : std::vector<int32_t>{batch, time, size};
}

std::optional<int> Sources::op(const OpDef& def, Attributes attributes, std::vector<int> operands) {
  auto added = builder_.infer_op(def, std::move(attributes), std::move(operands));
  return added ? std::optional(*added) : std::nullopt;
}

int Sources::reshaped(int tensor, const std::vector<int32_t>& shape) {
  Shape const& now = builder_.shape(tensor);
  bool same = now.rank() == static_cast<int>(shape.size());
  for (int d = 0; same && d < now.rank(); ++d)
    same = now[d] == shape[static_cast<size_t>(d)] || shape[static_cast<size_t>(d)] == -1;
  // One dimension is free at most, and the elements are as many: equal shapes up to that one are equal.
  if (same) return tensor;
  return op(kReshape, ReshapeAttributes{.new_shape = shape}, {tensor, builder_.indices(shape)}).value_or(tensor);
}

std::optional<int> Sources::exactly(const Numbers& numbers, const std::vector<int32_t>& shape) {
  auto const found = tensors_.find(numbers);
  if (found == tensors_.end()) return std::nullopt;
  return reshaped(found->second, shape);
}

std::optional<int> Sources::reordered(const Wanted& w) {
  if (w.time == 0) return exactly(w.numbers, dims_of(0, w.size, false));
  for (bool backwards : {false, true}) {
    auto found = exactly(in_order(w, false, backwards), dims_of(w.time, w.size, false));
    if (!found) {
      auto const first = exactly(in_order(w, true, backwards), dims_of(w.time, w.size, true));
      if (first) found = op(kTranspose, {}, {*first, builder_.indices({1, 0, 2})});
    }
    if (found && backwards) found = op(kReverseV2, {}, {*found, builder_.indices({1})});
    if (found) return found;
  }
  return std::nullopt;
}

std::optional<int> Sources::packed(const Wanted& w) {
  std::vector<int> steps;
  for (int t = 0; t < w.time; ++t) {
    auto const step = exactly(step_numbers(w, t), dims_of(0, w.size, false));
    if (!step) return std::nullopt;
    steps.push_back(*step);
  }
  if (steps.empty()) return std::nullopt;
  return op(kPack, PackAttributes{.count = w.time, .axis = 1}, std::move(steps));
}

std::optional<int> Sources::find(const Wanted& wanted) {
  auto const found = reordered(wanted);
  return found ? found : packed(wanted);
}

std::optional<int> Sources::step_of(const Added& from, const Numbers& numbers) {
  for (int t = 0; t < from.holds.time; ++t) {
    if (step_numbers(from.holds, t) != numbers) continue;
    std::vector<int> const operands{from.tensor, builder_.indices({0, t, 0}), builder_.indices({0, t + 1, 0}),
                                    builder_.indices({1, 1, 1})};
    return op(kStridedSlice, StridedSliceAttributes{.begin_mask = 5, .end_mask = 5, .shrink_axis_mask = 2}, operands);
  }
  return std::nullopt;
}

std::optional<int> Sources::made_like(int like) {
  auto const& numbers = traced_.trace.tensors[static_cast<size_t>(like)].numbers;
  if (!numbers) return std::nullopt;
  const Tensor& tensor = traced_.model.main().tensor(like);
  std::vector<int32_t> shape(tensor.shape.dims().begin(), tensor.shape.dims().end());
  if (std::count(tensor.shape_signature.begin(), tensor.shape_signature.end(), -1) == 1) shape = tensor.shape_signature;
  for (const Added& from : added_)
    if (*numbers == from.holds.numbers) return reshaped(from.tensor, shape);
  for (const Added& from : added_) {
    if (from.holds.time == 0) continue;
    if (numbers->size() == from.holds.numbers.size()) {
      for (bool time_first : {false, true})
        for (bool backwards : {false, true}) {
          if (in_order(from.holds, time_first, backwards) != *numbers) continue;
          std::optional<int> made = from.tensor;
          if (backwards) made = op(kReverseV2, {}, {*made, builder_.indices({1})});
          if (made && time_first) made = op(kTranspose, {}, {*made, builder_.indices({1, 0, 2})});
          return made ? std::optional(reshaped(*made, shape)) : std::nullopt;
        }
    } else if (auto const step = step_of(from, *numbers)) {
      return reshaped(*step, shape);
    }
  }
  return std::nullopt;
}

}  // namespace narrow
