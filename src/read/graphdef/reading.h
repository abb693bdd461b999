// Reading: the model in the making while a TensorFlow graph is read, and what its parts share.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "base/unique_names.h"
#include "narrow/model.h"
#include "ops/build/channels_last.h"
#include "ops/build/graph_builder.h"
#include "read/graphdef/body.h"
#include "read/graphdef/value.h"

namespace narrow::graphdef {

class Bundle;

/// How many nodes one file may have computed, functions and rounds of loops counted each time. Loops become straight
/// sequences of ops.
inline constexpr int64_t kMostSteps = 1 << 18;
inline constexpr int kMostCalls = 64;  // functions that call each other

struct Reading {
  Reading(const LoadOptions& load_options, const Limits& in_force) : options(load_options), limits(in_force) {}

  const LoadOptions& options;
  const Limits& limits;
  GraphBuilder builder{};
  const TensorContents* contents = nullptr;  // of the messages that nodes lie in
  std::map<std::string, const tf_format::FunctionDef*> function_defs{};
  std::map<std::string, std::unique_ptr<Body>> functions{};  // those that were called
  std::map<std::string, Value> variables{};                  // by name
  Bundle* bundle = nullptr;                                  // where variables are restored from
  bool restoring = false;                                    // variables may be assigned to
  UniqueNames names{};
  std::vector<std::string> notes{};
  int64_t fill_budget = kMostFilledBytes;
  int64_t steps = 0;
  int calls = 0;
  /// Constants that are in the model already, by their order of dimensions (empty: as they are) and rank.
  std::map<std::tuple<const Constant*, std::vector<int>, std::vector<int32_t>>, int> placed{};
  std::vector<ConstantPtr> kept{};          // so that the pointers above stay those of different constants
  std::map<int, int> channels_last{};       // by tensor with channels first: the tensor it was transposed from
  LayoutChanges layout{};                   // the ops around layers with channels first
  std::set<int> sums{};                     // results of ADD, one of whose operands may be a layer's bias
  std::map<int, std::vector<bool>> free{};  // by tensor computed from shapes: its elements that follow from free ones
};

/// The values of `wanted` results of a body, of whose function `arguments` are the arguments; results that are `given`
/// are not computed. Adds the ops that compute them to the model. Errors name the node.
Result<std::vector<Value>> trace(Reading& reading, const Body& body, std::vector<Value> arguments,
                                 const std::vector<Source>& wanted, const std::map<Source, Value>& given = {},
                                 bool controls = false);

/// What the function of that name gives for arguments.
Result<std::vector<Value>> call(Reading& reading, const std::string& function, std::vector<Value> arguments);

}  // namespace narrow::graphdef
