// Ops that run other graphs: what the validator and lowering say of models that do not fit together.
#include "ops/control/control.h"

#include <gtest/gtest.h>

#include "ops/check/validate.h"
#include "ops/def/op_def.h"
#include "program/runner.h"

namespace narrow {
namespace {

Op op(const char* type, std::vector<int> inputs, std::vector<int> outputs, std::vector<int> graphs = {}) {
  Op o;
  o.type = type;
  o.def = find_op(type);
  o.inputs = std::move(inputs);
  o.outputs = std::move(outputs);
  o.graphs = std::move(graphs);
  return o;
}

int add(Graph& g, DType dtype, const Shape& shape = Shape::of({2})) {
  Tensor t;
  t.name = "t" + std::to_string(g.tensors.size());
  t.dtype = dtype;
  t.shape = shape;
  g.tensors.push_back(std::move(t));
  return static_cast<int>(g.tensors.size()) - 1;
}

/// A graph that hands its inputs on, the last `dropped` of them apart.
Graph passing(std::vector<DType> types, size_t dropped = 0) {
  Graph g;
  for (DType t : types) g.inputs.push_back(add(g, t));
  g.outputs.assign(g.inputs.begin(), g.inputs.end() - static_cast<std::ptrdiff_t>(dropped));
  return g;
}

/// IF over one tensor of two floats.
Model branching() {
  Model m;
  Graph g;
  int const condition = add(g, DType::boolean, Shape::of({1})), x = add(g, DType::float32), y = add(g, DType::float32);
  g.inputs = {condition, x};
  g.outputs = {y};
  g.ops = {op("IF", {condition, x}, {y}, {1, 2})};
  m.graphs = {g, passing({DType::float32}), passing({DType::float32})};
  return m;
}

/// WHILE over a boolean, which is its condition, and two floats.
Model looping() {
  Model m;
  Graph g;
  for (int i = 0; i < 2; ++i) {
    add(g, DType::boolean);
    add(g, DType::float32);
  }
  for (Tensor& t : g.tensors)
    if (t.dtype == DType::boolean) t.shape = Shape::of({1});
  g.inputs = {0, 1};
  g.outputs = {2, 3};
  g.ops = {op("WHILE", {0, 1}, {2, 3}, {1, 2})};
  m.graphs = {g, passing({DType::boolean, DType::float32}, 1), passing({DType::boolean, DType::float32})};
  for (size_t i : {1, 2}) m.graphs[i].tensors[0].shape = Shape::of({1});
  return m;
}

std::string complaint(const Model& m) {
  auto const ok = validate(m);
  return ok ? "" : ok.error().what + " | " + ok.error().where;
}

std::string refusal(const Model& m) {
  auto const program = lower(std::make_shared<const Model>(m), {.profile = all_profiles().front()});
  return program ? "" : program.error().what + " | " + program.error().where;
}

TEST(Control, what_fits_together_runs) {
  EXPECT_EQ(complaint(branching()), "");
  EXPECT_EQ(refusal(branching()), "");
  EXPECT_EQ(complaint(looping()), "");
  EXPECT_EQ(refusal(looping()), "");
}

TEST(Control, graphs_must_go_with_the_op) {
  Model m = branching();
  m.graphs[0].ops[0].graphs = {1};
  EXPECT_EQ(complaint(m), "it names 1 graphs to run | op 0 (IF), graph 0");
  m = branching();
  m.graphs[2] = passing({DType::int8});
  EXPECT_EQ(complaint(m), "graph 2's input 0 is int8; the op has float32 | op 0 (IF), graph 0");
  m = branching();
  m.graphs[1] = passing({DType::float32, DType::float32}, 1);
  EXPECT_EQ(complaint(m), "graph 1's inputs are 2; the op has 1 | op 0 (IF), graph 0");
  m = branching();
  m.graphs[0].tensors[0].dtype = DType::float32;
  EXPECT_EQ(complaint(m), "its condition is float32 [1], not one boolean | op 0 (IF), graph 0");
  m = looping();
  m.graphs[0].outputs = {2};
  m.graphs[0].ops[0].outputs = {2};
  EXPECT_EQ(complaint(m), "it has 2 operands and 1 results | op 0 (WHILE), graph 0");
  m = looping();
  m.graphs[1].outputs = {1};
  EXPECT_EQ(complaint(m), "graph 1, its condition, gives float32 [2], not one boolean | op 0 (WHILE), graph 0");
  m = looping();
  m.graphs[2].outputs = {0, 0};
  EXPECT_EQ(complaint(m), "graph 2's output 1 is bool; the op has float32 | op 0 (WHILE), graph 0");
}

TEST(Control, shapes_that_change_on_the_way_are_carried_and_not_run) {
  Model m = branching();
  m.graphs[1].tensors[0].shape = Shape::of({3});
  EXPECT_EQ(complaint(m), "");
  EXPECT_EQ(refusal(m), "input 0 of the graph it runs, '', has shape [3]; the op has [2] | op 0 (IF)");
  m = looping();
  m.graphs[0].tensors[3].shape = Shape::of({4});
  EXPECT_EQ(complaint(m), "");
  EXPECT_EQ(refusal(m), "operand 1 has shape [2] and its result [4] | op 0 (WHILE)");
}

TEST(Control, a_loop_without_an_end_stops) {
  auto program = lower(std::make_shared<const Model>(looping()), {.profile = all_profiles().front()});
  ASSERT_TRUE(program);
  Runner runner(std::move(*program));
  runner.input(0)[0] = std::byte{0};
  EXPECT_TRUE(runner.run(1));
  runner.input(0)[0] = std::byte{1};
  auto const done = runner.run(1);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind, ErrorKind::limit_exceeded);
  EXPECT_EQ(done.error().where, "graph 1, op 0 (WHILE)");
}

TEST(Control, an_observer_sees_each_run_of_a_body) {
  auto program = lower(std::make_shared<const Model>(branching()), {.profile = all_profiles().front(), .max_batch = 3});
  ASSERT_TRUE(program);
  Runner runner(std::move(*program));
  for (int i = 0; i < 3; ++i) {
    runner.input(0)[i] = static_cast<std::byte>(i % 2);
    for (int k = 0; k < 2; ++k) reinterpret_cast<float*>(runner.input(1))[2 * i + k] = static_cast<float>(10 * i + k);
  }
  std::vector<std::string> seen;
  auto const note = [&](TensorRef t, const std::byte* values, int first, int count) {
    EXPECT_EQ(count, 1);
    if (t.graph > 0)
      seen.push_back(std::to_string(t.graph) + "/" + std::to_string(first) + "/" +
                     std::to_string(static_cast<int>(*reinterpret_cast<const float*>(values))));
  };
  ASSERT_TRUE(runner.run(3, note));
  EXPECT_EQ(seen, (std::vector<std::string>{"2/0/0", "1/1/10", "2/2/20"}));
  EXPECT_EQ(reinterpret_cast<const float*>(runner.output(0))[5], 21.0F);
}

/// A variable that is read, and given the input for a value before or after.
Model remembering(bool assigned_first) {
  Model m;
  Graph g;
  int const x = add(g, DType::float32), handle = add(g, DType::resource, Shape::of({1})), y = add(g, DType::float32);
  g.inputs = {x};
  g.outputs = {y};
  g.ops = {op("VAR_HANDLE", {}, {handle}), op("ASSIGN_VARIABLE", {handle, x}, {}), op("READ_VARIABLE", {handle}, {y})};
  g.ops[0].attributes = VarHandleAttributes{"", "state"};
  if (!assigned_first) std::swap(g.ops[1], g.ops[2]);
  m.graphs = {g};
  return m;
}

TEST(Control, a_variable_has_no_value_before_a_sample_gives_it_one) {
  EXPECT_EQ(complaint(remembering(true)), "");
  for (bool first : {true, false}) {
    auto program =
        lower(std::make_shared<const Model>(remembering(first)), {.profile = all_profiles().front(), .max_batch = 2});
    ASSERT_TRUE(program) << program.error().what;
    Runner runner(std::move(*program));
    auto const done = runner.run(2);
    EXPECT_EQ(done.has_value(), first);
    EXPECT_EQ(done ? "" : done.error().what, first ? "" : "variable 'state' is read before it has a value");
  }
}

}  // namespace
}  // namespace narrow
