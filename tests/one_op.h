// Models of one op for tests: made by hand, lowered and run like any other.
#pragma once

#include <gtest/gtest.h>

#include <cstring>
#include <memory>

#include "graph/unpacked.h"
#include "ops/build/graph_builder.h"
#include "program/runner.h"
#include "random.h"

namespace narrow {

inline const ProfileDef& profile(const char* name) {
  return *find_profile(name);
}

/// One op with its operands added in order; `result` comes last.
class OneOp {
 public:
  OneOp(const OpDef& def, Attributes attributes) { builder_.op(def, std::move(attributes), {}, {}); }

  /// A computed operand.
  template <class T>
  OneOp& input(const Shape& shape, const Quantization& q = {}) {
    return operand(builder_.input({.dtype = dtype_of<T>(), .shape = shape, .quantization = q}));
  }

  template <class T>
  OneOp& constant(const Shape& shape, const std::vector<T>& values, const Quantization& q = {}) {
    return operand(builder_.constant({.dtype = dtype_of<T>(), .shape = shape, .quantization = q}, values));
  }

  /// A constant of int4.
  OneOp& int4_constant(const Shape& shape, const std::vector<int8_t>& values, const Quantization& q) {
    constant(shape, values, q);
    Tensor& t = graph().tensor(graph().ops[0].inputs.back());
    t.four_bits = true;
    t = packed(t);
    return *this;
  }

  /// A constant of float16, by its bits.
  OneOp& float16_constant(const Shape& shape, const std::vector<uint16_t>& bits) {
    return operand(builder_.constant({.dtype = DType::float16, .shape = shape}, bits));
  }

  /// What the model says of the op's arithmetic.
  OneOp& says(const Arithmetic& arithmetic) {
    graph().ops[0].arithmetic = arithmetic;
    return *this;
  }

  /// The shapes that the op infers.
  Result<std::vector<Shape>> infer() const { return view().op.def->infer(view()); }

  /// Adds the result, of the inferred shape.
  template <class T>
  OneOp& result(const Quantization& q = {}) {
    auto shapes = infer();
    EXPECT_TRUE(shapes.has_value()) << shapes.error().what;
    int const index =
        builder_.tensor({.dtype = dtype_of<T>(), .shape = shapes ? shapes->front() : Shape(), .quantization = q});
    graph().ops[0].outputs = {index};
    builder_.outputs({index});
    return *this;
  }

  const Model& model() const { return builder_.model(); }
  const Shape& output_shape() const { return builder_.shape(builder_.graph().outputs[0]); }

  Result<Program> lower(const char* profile_name, int batch = 1, bool reference = false) const {
    return narrow::lower(std::make_shared<const Model>(model()),
                         {.profile = profile(profile_name), .max_batch = batch, .reference = reference});
  }

  /// The error that lowering ends in; empty where it does not.
  std::string refusal(const char* profile_name) const {
    auto program = lower(profile_name);
    return program ? "" : program.error().what;
  }

  /// Results over a batch; inputs hold it one sample behind the other.
  template <class T, class Out = T>
  std::vector<Out> run(const char* profile_name, const std::vector<std::vector<T>>& inputs, int batch = 1,
                       bool reference = false) const {
    auto program = lower(profile_name, batch, reference);
    EXPECT_TRUE(program.has_value()) << program.error().what;
    if (!program) return {};
    Runner runner(std::move(*program));
    for (size_t i = 0; i < inputs.size(); ++i)
      if (!inputs[i].empty()) std::memcpy(runner.input(i), inputs[i].data(), inputs[i].size() * sizeof(T));
    auto const done = runner.run(batch);
    EXPECT_TRUE(done.has_value()) << done.error().what;
    std::vector<Out> out(static_cast<size_t>(output_shape().elements() * batch));
    if (!out.empty()) std::memcpy(out.data(), runner.output(0), out.size() * sizeof(Out));
    return out;
  }

  /// The error that running one sample ends in: "what | where"; empty where it does not.
  template <class T>
  std::string failure(const std::vector<T>& input) const {
    auto program = lower("narrow");
    EXPECT_TRUE(program.has_value()) << program.error().what;
    if (!program) return {};
    Runner runner(std::move(*program));
    std::memcpy(runner.input(0), input.data(), input.size() * sizeof(T));
    auto const done = runner.run(1);
    if (done) return {};
    EXPECT_EQ(done.error().kind, ErrorKind::bad_data);
    return done.error().what + " | " + done.error().where;
  }

 private:
  OneOp& operand(int tensor) {
    graph().ops[0].inputs.push_back(tensor);
    return *this;
  }
  Graph& graph() { return builder_.graph(); }
  OpView view() const { return {builder_.graph(), builder_.graph().ops[0]}; }

  GraphBuilder builder_;
};

/// Every value of an integer type, from the smallest.
template <class T>
std::vector<T> every() {
  std::vector<T> out;
  for (int v = std::numeric_limits<T>::min(); v <= std::numeric_limits<T>::max(); ++v) out.push_back(static_cast<T>(v));
  return out;
}

/// Rounding as the mathematics has it, for references: v / 2^bits.
inline int64_t floor_div_pow2(int64_t v, int bits) {
  int64_t const d = int64_t{1} << bits;
  return v / d - (v % d < 0);
}
inline int64_t nearest_ties_up(int64_t v, int bits) {
  return bits == 0 ? v : floor_div_pow2(v + (int64_t{1} << (bits - 1)), bits);
}
inline int64_t nearest_ties_away(int64_t v, int bits) {
  return v < 0 ? -nearest_ties_up(-v, bits) : nearest_ties_up(v, bits);
}

/// A factor as 31 bits and a power of two, and its product with v under two roundings.
struct FixedFactor {
  int64_t value = 0;
  int exponent = 0;
  explicit FixedFactor(double factor) {
    if (factor == 0) return;
    value = static_cast<int64_t>(std::floor(std::frexp(factor, &exponent) * 2147483648.0 + 0.5));
    if (value == int64_t{1} << 31) {
      value /= 2;
      ++exponent;
    }
    if (exponent < -31) value = exponent = 0;
  }
  int64_t times(int64_t v) const {
    if (exponent > 0) v <<= exponent;
    return nearest_ties_away(nearest_ties_up(v * value, 31), exponent > 0 ? 0 : -exponent);
  }
};

}  // namespace narrow
