// The LSTM's kernels of all widths, on random layers, beside the definition written anew in 128-bit arithmetic: each
// rescaled number and each product is the exact one, rounded once with ties up, or twice as TFLite does.
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "graph/unpacked.h"
#include "instruction_sets.h"
#include "ops/integer/tables.h"
#include "random.h"
#include "rows/recurrent.h"

extern "C" {
#include "portable/activations/logistic_body.h"
#include "portable/recurrent/lstm.h"
}

namespace narrow {
namespace {

__extension__ typedef __int128 Wide;
using Values = std::vector<int64_t>;

constexpr int kLayers = 300;    // of each width
constexpr int kConstants = 14;  // arguments, the data among them, before the states

int64_t floor_shift(Wide v, int bits) {
  return static_cast<int64_t>(v >> bits);
}

int64_t sat16(int64_t v) {
  return std::clamp<int64_t>(v, -32768, 32767);
}

/// A layer of a width, all weights as plain numbers.
struct WidthLstm {
  int data_bits, weight_bits;
  nw_lstm_params p{};
  bool coupled = false, peepholes = false, projection = false;
  Values kernels[4], recurrents[4], bias, hidden_bias, peephole, project, project_bias, x;
  std::array<uint16_t, 256> table = squash_table();

  WidthLstm(int data, int weights, Random& r) : data_bits(data), weight_bits(weights) {
    coupled = r.chance(0.3);
    projection = r.chance(0.3);
    peepholes = !projection && r.chance(0.4);
    auto const small = [&r](int64_t most) { return static_cast<nw_i32>(r.between(1, most)); };
    p.batch = small(2);
    p.time = small(4);
    p.batch_step = p.time;
    p.time_step = 1;
    p.input_c = small(9);
    p.cells = small(7);
    p.output_c = projection ? small(6) : p.cells;
    p.cell_bits = static_cast<nw_i32>(r.between(0, 6));
    p.cell_clip = r.chance(0.5) ? -1 : static_cast<nw_i32>(r.between(0, 32767));
    p.half_up = r.chance(0.6) ? 1 : 0;
    int64_t const most = (int64_t{1} << (data_bits - 1)) - 1;
    if (data_bits == 8) {
      p.given_zero_point = static_cast<nw_i32>(r.between(-20, 20));
      p.hidden_zero_point = static_cast<nw_i32>(r.between(-20, 20));
    }
    p.projection_clip = projection && r.chance(0.3) ? static_cast<nw_i32>(most / 2) : 0;
    int const sum_shift = 12 - (data_bits - 1) - (weight_bits - 1);
    auto const factor = [&](nw_i32& multiplier, int& shift, int about) {
      multiplier = r.chance(0.3) ? 1 << 30 : static_cast<nw_i32>(r.between(1 << 30, INT32_MAX));
      shift = about + static_cast<int>(r.between(-1, 1));
    };
    auto const numbers = [&r](int64_t count, int64_t limit) {
      Values out;
      for (int64_t i = 0; i < count; ++i) out.push_back(r.between(-limit, limit));
      return out;
    };
    int64_t const weight = (int64_t{1} << (weight_bits - 1)) - 1, n = p.cells;
    for (int g = coupled ? 1 : 0; g < NW_LSTM_GATES; ++g) {
      factor(p.input_multiplier[g], p.input_shift[g], sum_shift);
      factor(p.hidden_multiplier[g], p.hidden_shift[g], sum_shift);
      factor(p.peephole_multiplier[g], p.peephole_shift[g], -17);
      kernels[g] = numbers(n * p.input_c, weight);
      recurrents[g] = numbers(n * p.output_c, weight);
    }
    factor(p.output_multiplier, p.output_shift, data_bits - 31);
    factor(p.projection_multiplier, p.projection_shift, 1 - weight_bits);
    int64_t const unit = int64_t{1} << (data_bits + weight_bits - 2);
    bias = numbers(4 * n, unit);
    hidden_bias = numbers(4 * n, unit);
    if (peepholes) peephole = numbers(4 * n, 32767);
    if (projection) {
      project = numbers(n * p.output_c, weight);
      project_bias = numbers(p.output_c, unit);
    }
    x = numbers(int64_t{p.batch} * p.time * p.input_c, most);
  }

  int64_t rescaled(Wide v, nw_i32 multiplier, int shift, bool sums) const {
    if (sums && data_bits == 16) {
      int64_t const upper = std::min((int64_t{multiplier} + 32768) >> 16, int64_t{32767});
      return floor_shift(v * upper + (Wide{1} << (14 - shift)), 15 - shift);
    }
    if (p.half_up) return floor_shift(v * multiplier + (Wide{1} << (30 - shift)), 31 - shift);
    Wide const high = (v * (Wide{1} << std::max(shift, 0)) * multiplier + (Wide{1} << 30)) >> 31;
    int const right = std::max(-shift, 0);
    Wide const half = right > 0 ? Wide{1} << (right - 1) : 0;
    return static_cast<int64_t>(high >= 0 ? (high + half) >> right : -((-high + half) >> right));
  }

  int64_t product(int64_t a, int64_t b, int right) const {
    if (p.half_up) return sat16(floor_shift(Wide{a} * b + (Wide{1} << (right - 1)), right));
    return sat16(rescaled(Wide{a} * b, 1 << 30, 1 - right, false));
  }

  int64_t tanh_of(int64_t v) const {
    int64_t const in_units = p.cell_bits >= 3 ? v * 3 << (p.cell_bits - 3)
                                              : floor_shift(Wide{v} * 3 + (1 << (2 - p.cell_bits)), 3 - p.cell_bits);
    return nw_table_tanh_16(table.data(), static_cast<nw_i32>(in_units));
  }

  static Wide dot(Wide sum, const Values& w, const int64_t* row, int64_t at, int64_t count) {
    for (int64_t i = 0; i < count; ++i) sum += Wide{w[static_cast<size_t>(at + i)]} * row[i];
    return sum;
  }

  /// One step of one sample.
  void step(const int64_t* row, Values& hidden, Values& cell) const {
    int64_t const n = p.cells, top = (int64_t{1} << (data_bits - 1)) - 1;
    auto const narrow_down = [&](int64_t v) { return std::clamp(v, -top - 1, top); };
    Values given(static_cast<size_t>(n));
    for (int64_t i = 0; i < n; ++i) {
      auto const c = static_cast<size_t>(i);
      auto const sum = [&](int g) {
        auto const at = static_cast<size_t>(g * n + i);
        int64_t const first = sat16(rescaled(dot(bias[at], kernels[g], row, i * p.input_c, p.input_c),
                                             p.input_multiplier[g], p.input_shift[g], true));
        int64_t const second =
            sat16(rescaled(dot(hidden_bias[at], recurrents[g], hidden.data(), i * p.output_c, p.output_c),
                           p.hidden_multiplier[g], p.hidden_shift[g], true));
        return sat16(first + second);
      };
      auto const gate = [&](int g) {
        int64_t v = sum(g);
        if (peepholes)
          v = sat16(v + rescaled(Wide{peephole[static_cast<size_t>(g * n + i)]} * cell[c], p.peephole_multiplier[g],
                                 p.peephole_shift[g], false));
        return int64_t{nw_table_logistic_16(table.data(), static_cast<nw_i32>(3 * v))};
      };
      int64_t const forget = gate(1), input = coupled ? 32767 - forget : gate(0);
      int64_t const candidate = nw_table_tanh_16(table.data(), static_cast<nw_i32>(3 * sum(2)));
      cell[c] = sat16(product(forget, cell[c], 15) + product(input, candidate, 15 + p.cell_bits));
      if (p.cell_clip >= 0) cell[c] = std::clamp<int64_t>(cell[c], -p.cell_clip, p.cell_clip);
      given[c] = narrow_down(rescaled(Wide{gate(3)} * tanh_of(cell[c]), p.output_multiplier, p.output_shift, false) +
                             p.given_zero_point);
    }
    hidden = given;
    if (!projection) return;
    hidden.assign(static_cast<size_t>(p.output_c), 0);
    for (int64_t o = 0; o < p.output_c; ++o) {
      int64_t v = narrow_down(rescaled(dot(project_bias[static_cast<size_t>(o)], project, given.data(), o * n, n),
                                       p.projection_multiplier, p.projection_shift, true) +
                              p.hidden_zero_point);
      if (p.projection_clip > 0) v = std::clamp<int64_t>(v, -p.projection_clip, p.projection_clip);
      hidden[static_cast<size_t>(o)] = v;
    }
  }

  Values defined() const {
    Values out;
    for (int b = 0; b < p.batch; ++b) {
      Values hidden(static_cast<size_t>(p.output_c), p.hidden_zero_point), cell(static_cast<size_t>(p.cells), 0);
      for (int t = 0; t < p.time; ++t) {
        step(&x[static_cast<size_t>((b * p.time + t) * p.input_c)], hidden, cell);
        out.insert(out.end(), hidden.begin(), hidden.end());
      }
    }
    return out;
  }

  /// By the function in C, or by the host's variant.
  template <class Data, class Sum>
  Values computed(const Kernel& kernel, bool by_variant) {
    std::vector<std::vector<std::byte>> kept;
    std::vector<void*> pointers;
    auto const add_as = [&]<class Int>(const Values& values, Int) {
      std::vector<Int> const narrowed(values.begin(), values.end());
      auto const* const from = reinterpret_cast<const std::byte*>(narrowed.data());
      kept.emplace_back(from, from + narrowed.size() * sizeof(Int));
      pointers.push_back(values.empty() ? nullptr : kept.back().data());
    };
    auto const add_weights = [&](const Values& values) {
      if (weight_bits == 16) return add_as(values, int16_t{});
      add_as(values, int8_t{});
      if (weight_bits != 4 || values.empty()) return;
      SharedBytes const packed = in_nibbles(SharedBytes::copy_of(std::span<const std::byte>(kept.back())));
      kept.back().assign(packed.bytes().begin(), packed.bytes().end());
      pointers.back() = kept.back().data();
    };
    kept.reserve(20);
    add_as(x, Data{});
    for (const Values& w : kernels) add_weights(w);
    for (const Values& w : recurrents) add_weights(w);
    add_as(bias, Sum{});
    add_as(hidden_bias, Sum{});
    add_as(peephole, int16_t{});
    add_weights(project);
    add_as(project_bias, Sum{});
    std::vector<Data> out(static_cast<size_t>(p.batch * p.time * p.output_c));
    std::vector<int16_t> memory(static_cast<size_t>(6 * p.cells + p.output_c));
    pointers.insert(pointers.end(), {nullptr, nullptr, out.data(), memory.data()});
    p.table = table.data();
    if (!by_variant) {
      kernel.run({&p, pointers.data(), nullptr, nullptr, 1});
      return {out.begin(), out.end()};
    }
    std::vector<const void*> const constants(pointers.begin(), pointers.begin() + kConstants);
    std::vector<int64_t> bytes;
    for (const void* at : constants) {
      auto const of = std::find_if(kept.begin(), kept.end(), [at](const auto& k) { return k.data() == at; });
      bytes.push_back(at ? static_cast<int64_t>(of->size()) : 0);
    }
    const KernelVariant& variant = kernel.variants[0];
    Packed const packed = variant.pack({&p, constants, bytes});
    EXPECT_EQ(packed.declined, "");
    if (!packed.declined.empty()) return {};
    std::vector<std::byte> scratch(packed.scratch_bytes + 64);
    auto const misplaced = reinterpret_cast<uintptr_t>(scratch.data()) % 64;
    variant.run({&p, pointers.data(), scratch.data() + (64 - misplaced) % 64, packed.state.get(), 1});
    return {out.begin(), out.end()};
  }
};

template <class Data, class Sum>
void expect_defined(const Kernel& kernel, int data_bits, int weight_bits) {
  Random r;
  SCOPED_TRACE(r.text());
  for (int i = 0; i < kLayers; ++i) {
    WidthLstm layer(data_bits, weight_bits, r);
    Values const wanted = layer.defined();
    ASSERT_EQ((layer.computed<Data, Sum>(kernel, false)), wanted) << kernel.name << ", layer " << i;
    on_every_instruction_set(
        [&] { ASSERT_EQ((layer.computed<Data, Sum>(kernel, true)), wanted) << kernel.name << ", layer " << i; });
  }
}

TEST(LstmWidths, AreAsDefined) {
  expect_defined<int8_t, int32_t>(kLstmI8, 8, 8);
  expect_defined<int8_t, int32_t>(kLstmA8W4, 8, 4);
  expect_defined<int16_t, int64_t>(kLstmI16, 16, 8);
  expect_defined<int16_t, int64_t>(kLstmA16W4, 16, 4);
  expect_defined<int16_t, int64_t>(kLstmA16W16, 16, 16);
}

}  // namespace
}  // namespace narrow
