// Body: a graph that an op runs. Ops see this interface; src/program/ implements it.
#pragma once

#include <memory>

#include "ops/control/variables.h"
#include "ops/def/op_def.h"

namespace narrow {

/// A graph ready to run over one sample at a time.
class Body {
 public:
  virtual ~Body() = default;
  virtual const Graph& graph() const = 0;
  /// Where input i goes before a run, dense.
  virtual std::byte* input(size_t i) = 0;
  /// Output i of the last run, dense; valid until an input is written.
  virtual const std::byte* output(size_t i) const = 0;
  /// Errors: those of its steps, with the graph's number; limit_exceeded where this sample has run graphs too often.
  virtual Status run() = 0;
  /// Whether any of its steps is host-only.
  virtual bool host_only() const = 0;
};

/// What an op gets of the program that it becomes part of.
class Bodies {
 public:
  virtual ~Bodies() = default;
  /// Graph `index`: one and the same for all ops that run it. Errors: those of lowering it.
  virtual Result<std::shared_ptr<Body>> body(int index) = 0;
  /// Shared by all graphs of the program.
  virtual std::shared_ptr<Variables> variables() = 0;
};

/// bad_file unless the op names a graph in place `which` of Op::graphs that takes operands of the types of the op's
/// from `first` on.
Status check_body_inputs(const Model& model, const OpView& op, size_t which, size_t first = 0);

/// bad_file unless that graph gives results of the types of the op's.
Status check_body_outputs(const Model& model, const OpView& op, size_t which);

/// That graph, for lowering. Inputs and outputs of it other than the op's in shape are unsupported: runtimes that work
/// shapes out as they go can run them.
Result<std::shared_ptr<Body>> body_of(const OpView& op, const LowerContext& context, size_t which, size_t first = 0);
Status check_output_shapes(const OpView& op, const Body& body);

/// Brings values to the body's inputs.
void hand_in(Body& body, const void* const* values);

/// Brings the body's outputs to `values`.
void take_out(const Body& body, void* const* values);

}  // namespace narrow
