// RuntimeDef: what a runtime's kernels accept, as data: a row for each op, in a file for each runtime.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ops/def/op_def.h"

namespace narrow {

/// What is wrong with an op, and what to do about it.
struct Trouble {
  std::string what;
  std::string remedy;
};

/// One op of a model, seen from a rule.
struct Site {
  const Model& model;
  int graph_index;
  int op_index;
  const Graph& graph() const { return model.graphs[static_cast<size_t>(graph_index)]; }
  const Op& op() const { return graph().ops[static_cast<size_t>(op_index)]; }
  OpView view() const { return {graph(), op()}; }
};

/// A named condition that an op must meet beyond its types; nothing where it does. verify/rules.h has them all.
using OpRule = std::optional<Trouble> (*)(const Site&);

/// Operator versions that a runtime knows; 0 to 0 where it does not look at them.
struct VersionRange {
  int least = 0;
  int most = 0;
};

/// One op of one runtime.
struct OpRow {
  const char* op;
  VersionRange versions{};
  const char* forms;  // element types its kernel takes, in the notation of verify/forms.h
  std::array<OpRule, 8> rules{};
};

struct RuntimeDef {
  const char* name;   // on the command line
  const char* title;  // in messages
  /// What keeps `site` from running. For runtimes with a table this is `judge_by_table`.
  std::vector<Trouble> (*judge)(const RuntimeDef&, const Site&);
  /// What keeps the model as a whole from running; may be null.
  std::vector<Trouble> (*judge_model)(const RuntimeDef&, const Model&) = nullptr;
  std::span<const OpRow> rows{};     // in alphabetical order of the ops' names
  const RuntimeDef* base = nullptr;  // whose rows hold for ops without a row of its own
};

extern const RuntimeDef kTflm;
extern const RuntimeDef kLiteRt;
extern const RuntimeDef kCmsisNn;
extern const RuntimeDef kEdgeTpu;
extern const RuntimeDef kNarrowRuntime;

/// The row of an op, the runtime's own or its base's; null where it has no kernel.
const OpRow* find_row(const RuntimeDef& runtime, std::string_view op);

/// Version, types and rules of the op's row.
std::vector<Trouble> judge_by_table(const RuntimeDef& runtime, const Site& site);

}  // namespace narrow
