// Models of any format cut down to a part of their network.
#include "read/cut.h"

#include <gtest/gtest.h>

#include "ops/activations/activations.h"
#include "ops/arithmetic/arithmetic.h"
#include "ops/build/graph_builder.h"
#include "ops/check/validate.h"

namespace narrow {
namespace {

/// sum = tanh(relu(x)) + y, with a signature.
Model network() {
  GraphBuilder b;
  int const x = b.input({.shape = Shape::of({1, 2}), .name = "x"});
  int const y = b.input({.shape = Shape::of({1, 2}), .name = "y"});
  int const relu = *b.infer_op(kRelu, {}, {x}, {.name = "relu"});
  int const tanh = *b.infer_op(kTanh, {}, {relu}, {.name = "tanh"});
  b.outputs({*b.infer_op(kAdd, AddAttributes{}, {tanh, y}, {.name = "sum"})});
  b.signature("serving_default");
  b.model().signatures[0].outputs[0].first = "result";
  return *b.finish();
}

std::string cut_text(const LoadOptions& options) {
  Model m = network();
  auto const ok = cut_model(m, options);
  if (!ok) return ok.error().field + ": " + ok.error().what;
  EXPECT_TRUE(validate(m));
  std::string out;
  for (const auto& [name, t] : m.signatures[0].inputs) out += name + " ";
  out += "|";
  for (const Op& op : m.main().ops) out += " " + op.type;
  out += " |";
  for (const auto& [name, t] : m.signatures[0].outputs) out += " " + name;
  return out;
}

TEST(CutModel, WhatIsNotBetweenTheEndsIsLeftOut) {
  EXPECT_EQ(cut_text({.outputs = {"tanh"}}), "x | RELU TANH | tanh");
  EXPECT_EQ(cut_text({.inputs = {"relu:0"}, .outputs = {"tanh"}}), "relu | TANH | tanh");
  EXPECT_EQ(cut_text({.inputs = {"y", "tanh"}}), "y tanh | ADD | result");
  EXPECT_EQ(cut_text({.outputs = {"result", "relu"}}), "x y | RELU TANH ADD | result relu");
  EXPECT_EQ(cut_text({.inputs = {"x", "y"}}), "x y | RELU TANH ADD | result");
}

TEST(CutModel, NamesThatDoNotFitAreRefused) {
  EXPECT_EQ(cut_text({.outputs = {"tan"}}), "outputs: the model has no tensor or node 'tan'");
  EXPECT_EQ(cut_text({.inputs = {"relu"}}), "inputs: the outputs also depend on input 'y'");
  EXPECT_EQ(cut_text({.inputs = {"x", "y"}, .outputs = {"tanh"}}), "inputs: no output depends on 'y'");
}

}  // namespace
}  // namespace narrow
