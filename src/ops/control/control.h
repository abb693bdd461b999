// Ops that run other graphs, and variables.
#pragma once

#include <string>

#include "ops/def/op_def.h"

namespace narrow {

/// IF: runs one of two graphs, as a boolean says. No attributes; Op::graphs holds the branch taken and the other one.
extern const OpDef kIf;

/// WHILE: runs a graph over its own results for as long as another one says. No attributes; Op::graphs holds the
/// condition and the body.
extern const OpDef kWhile;

/// CALL: runs a graph. No attributes.
extern const OpDef kCall;

/// STABLEHLO_COMPOSITE: an op of a name that some runtimes may know, with a graph that computes the same of ops that
/// all know; narrow runs the graph. No attributes.
extern const OpDef kStablehloComposite;

/// CALL_ONCE: runs a graph that gives variables their first values, once before the first sample. No attributes.
extern const OpDef kCallOnce;

/// VAR_HANDLE, READ_VARIABLE and ASSIGN_VARIABLE: values that are kept under a name, from one sample to the next.
struct VarHandleAttributes {
  std::string container;
  std::string shared_name;
  static const AttributeType kType;
};
extern const OpDef kVarHandle;
extern const OpDef kReadVariable;
extern const OpDef kAssignVariable;

/// The ops above, of which the registry is made.
inline constexpr const OpDef* kControlOps[] = {&kAssignVariable,     &kCall,      &kCallOnce, &kIf, &kReadVariable,
                                               &kStablehloComposite, &kVarHandle, &kWhile};

}  // namespace narrow
