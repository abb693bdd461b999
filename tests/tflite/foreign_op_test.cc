#include "tflite/foreign_op.h"

#include <gtest/gtest.h>

#include "ops/check/validate.h"
#include "ops/layers/layers.h"
#include "program/runner.h"
#include "random.h"
#include "same_model.h"
#include "simplify/plain_forms.h"
#include "small_file.h"
#include "tflite/read.h"
#include "tflite/write.h"
#include "verify/runtime.h"
#include "verify/verify.h"

namespace narrow {
namespace {

/// MediaPipe's Convolution2DTransposeBias over one image.
struct TransposeConvBias {
  int padding = 1;  // 1 SAME, 2 VALID
  int stride_h = 2, stride_w = 2;
  std::vector<int32_t> data{1, 3, 4, 2}, weights{3, 2, 2, 2};

  static int cut(int in, int filter, int stride) { return std::max(0, filter - (in - 1) % stride - 1); }
  int cut(size_t axis) const {
    return padding == 1 ? cut(data[axis], weights[axis], axis == 1 ? stride_h : stride_w) : 0;
  }
  int length(size_t axis) const {
    return (axis == 1 ? stride_h : stride_w) * (data[axis] - 1) + weights[axis] - cut(axis);
  }
  std::vector<int32_t> result() const { return {data[0], length(1), length(2), weights[0]}; }
  std::vector<uint8_t> options() const {
    std::vector<uint8_t> out;
    for (int v : {padding, stride_w, stride_h})
      for (int i = 0; i < 4; ++i) out.push_back(static_cast<uint8_t>(v >> (8 * i)));
    return out;
  }

  /// Each input element adds its product with the filter to the results that the filter covers.
  std::vector<double> compute(const std::vector<float>& x, const std::vector<float>& w,
                              const std::vector<float>& bias) const {
    auto const y = result();
    std::vector<double> out;
    for (int i = 0; i < y[1] * y[2] * y[3]; ++i) out.push_back(bias[static_cast<size_t>(i % y[3])]);
    auto at = [](const std::vector<int32_t>& shape, int a, int b, int c, int d) {
      return static_cast<size_t>(((a * shape[1] + b) * shape[2] + c) * shape[3] + d);
    };
    for (int iy = 0; iy < data[1]; ++iy)
      for (int ix = 0; ix < data[2]; ++ix)
        for (int i = 0; i < data[3]; ++i)
          for (int o = 0; o < weights[0]; ++o)
            for (int fy = 0; fy < weights[1]; ++fy)
              for (int fx = 0; fx < weights[2]; ++fx) {
                int const oy = iy * stride_h + fy - cut(1) / 2, ox = ix * stride_w + fx - cut(2) / 2;
                if (oy >= 0 && oy < y[1] && ox >= 0 && ox < y[2])
                  out[at(y, 0, oy, ox, o)] += double{x[at(data, 0, iy, ix, i)]} * w[at(weights, o, fy, fx, i)];
              }
    return out;
  }
};

size_t count(const std::vector<int32_t>& shape) {
  size_t n = 1;
  for (int d : shape) n *= static_cast<size_t>(d);
  return n;
}

/// A file whose first graph is the one op.
struct File : SmallFile {
  std::vector<float> weights, bias;

  File(const TransposeConvBias& op, Random& r) : File(op, op.options(), r) {}
  File(const TransposeConvBias& op, std::vector<uint8_t> options, Random& r) {
    for (size_t i = 0; i < count(op.weights); ++i) weights.push_back(static_cast<float>(r.real(-1, 1)));
    for (int i = 0; i < op.weights[0]; ++i) bias.push_back(static_cast<float>(r.real(-1, 1)));
    format::SubGraphT& g = graph();
    model.signature_defs.clear();
    g.operators.clear();
    using format::TensorType;
    int const x = add_tensor(g, "data", op.data);
    int const w = add_tensor(g, "w", op.weights, TensorType::FLOAT32, buffer(weights));
    int const b = add_tensor(g, "b", {op.weights[0]}, TensorType::FLOAT32, buffer(bias));
    int const y = add_tensor(g, "segment", op.result());
    add_op(g, format::BuiltinOperator::CUSTOM, {x, w, b}, {y}, "Convolution2DTransposeBias").custom_options =
        std::move(options);
    g.inputs = {x};
    g.outputs = {y};
    model.subgraphs.resize(1);
  }
  format::TensorT& named(const std::string& name) {
    return **std::ranges::find_if(graph().tensors, [&](const auto& t) { return t->name == name; });
  }
  Model read() const {
    auto out = read_tflite(SharedBytes(bytes()), "file");
    EXPECT_TRUE(out) << out.error().what;
    return out ? std::move(*out) : Model();
  }
};

TEST(ForeignOp, TransposeConvWithBiasIsTransposeConv) {
  Random r;
  for (int i = 0; i < 60; ++i) {
    auto pick = [&](int lo, int hi) { return static_cast<int>(r.between(lo, hi)); };
    TransposeConvBias const op{.padding = pick(1, 2),
                               .stride_h = pick(1, 3),
                               .stride_w = pick(1, 3),
                               .data = {1, pick(1, 5), pick(1, 5), pick(1, 4)},
                               .weights = {pick(1, 3), pick(1, 5), pick(1, 5), 0}};
    TransposeConvBias whole = op;
    whole.weights[3] = whole.data[3];
    File const file(whole, r);
    Model const model = file.read();
    const Op& read = model.main().ops[0];
    ASSERT_EQ(read.def, &kTransposeConv);
    EXPECT_EQ(read.version, 3);
    ASSERT_TRUE(validate(model)) << validate(model).error().what;
    std::vector<float> x;
    for (size_t k = 0; k < count(whole.data); ++k) x.push_back(static_cast<float>(r.real(-1, 1)));
    auto program = lower(std::make_shared<const Model>(model), {.profile = *find_profile("narrow")});
    ASSERT_TRUE(program) << program.error().what;
    Runner runner(std::move(*program));
    std::memcpy(runner.input(0), x.data(), x.size() * sizeof(float));
    ASSERT_TRUE(runner.run(1));
    auto const* y = reinterpret_cast<const float*>(runner.output(0));
    auto const wanted = whole.compute(x, file.weights, file.bias);
    for (size_t k = 0; k < wanted.size(); ++k) ASSERT_NEAR(y[k], wanted[k], 1e-5) << "case " << i << ", element " << k;
  }
}

TEST(ForeignOp, IsWrittenAsTransposeConv) {
  Random r;
  Model const model = File(TransposeConvBias(), r).read();
  auto const written = write_tflite(model);
  ASSERT_TRUE(written) << written.error().what;
  format::ModelT stored;
  format::GetModel(written->data())->UnPackTo(&stored);
  EXPECT_EQ(stored.operator_codes[0]->builtin_code, format::BuiltinOperator::TRANSPOSE_CONV);
  EXPECT_EQ(stored.operator_codes[0]->version, 3);
  EXPECT_TRUE(stored.subgraphs[0]->operators[0]->custom_options.empty());
  auto const again = read_tflite(SharedBytes(*written), "file");
  ASSERT_TRUE(again);
  EXPECT_EQ(difference(model, *again), "");
}

TEST(ForeignOp, RuntimesAreAskedForTheNameInTheFile) {
  Random r;
  Model const model = File(TransposeConvBias(), r).read();
  EXPECT_TRUE(verify(model, kLiteRt).empty());
  auto const found = verify(model, kTflm);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_NE(found[0].what.find("Convolution2DTransposeBias"), std::string::npos) << found[0].what;
  auto const plain = in_plain_forms(model);
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->changes.size(), 1U);
  EXPECT_TRUE(verify(plain->model, kTflm).empty());
}

TEST(ForeignOp, WhatTransposeConvCannotSayStaysACustomOp) {
  Random r;
  auto stays = [](const File& file) { return file.read().main().ops[0].def == nullptr; };
  TransposeConvBias const op;
  std::vector<uint8_t> short_options = op.options();
  EXPECT_FALSE(stays(File(op, short_options, r)));
  short_options.pop_back();
  EXPECT_TRUE(stays(File(op, short_options, r)));
  EXPECT_TRUE(stays(File(op, {}, r)));
  for (auto change : {&TransposeConvBias::padding, &TransposeConvBias::stride_h, &TransposeConvBias::stride_w}) {
    TransposeConvBias other = op;
    other.*change = 0;
    EXPECT_TRUE(stays(File(op, other.options(), r)));
  }
  TransposeConvBias far = op;
  far.stride_h = 1 << 30;
  EXPECT_TRUE(stays(File(op, far.options(), r)));
  File free(op, r);
  free.named("data").shape_signature = {-1, 3, 4, 2};
  EXPECT_TRUE(stays(free));
  File without_bias(op, r);
  without_bias.graph().operators[0]->inputs.pop_back();
  EXPECT_TRUE(stays(without_bias));
  File without_operand(op, r);
  without_operand.graph().operators[0]->inputs[1] = kNoTensor;
  EXPECT_TRUE(stays(without_operand));
  File flat(op, r);
  flat.named("data").shape = {12, 2};
  EXPECT_TRUE(stays(flat));
}

TEST(ForeignOp, AnotherSizeThanThePaddingGivesIsRefused) {
  Random r;
  File file(TransposeConvBias(), r);
  file.named("segment").shape[1] += 1;
  auto const ok = validate(file.read());
  ASSERT_FALSE(ok);
  EXPECT_EQ(ok.error().kind, ErrorKind::bad_file);
}

}  // namespace
}  // namespace narrow
