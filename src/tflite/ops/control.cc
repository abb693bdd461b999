// Ops that run other graphs, and variables.
#include "ops/control/control.h"

#include "tflite/fields.h"

namespace narrow {
namespace {

/// Options that hold nothing but indices of graphs, which the reader keeps in Op::graphs.
template <class Options>
struct GraphsTable : EmptyTable<Options> {
  static Result<Attributes> read(const format::Operator& op) {
    if (op.builtin_options_as<typename Options::TableType>()) return Attributes();
    return fail(ErrorKind::bad_file, std::string("its options are ") +
                                         format::EnumNameBuiltinOptions(op.builtin_options_type()) +
                                         "; they must say which graphs it runs");
  }
};

int at(const std::vector<int>& graphs, size_t i) {
  return i < graphs.size() ? graphs[i] : 0;
}

void name_call(format::OperatorT& stored, const std::vector<int>& graphs) {
  stored.builtin_options.AsCallOptions()->subgraph = static_cast<uint32_t>(at(graphs, 0));
}

void name_call_once(format::OperatorT& stored, const std::vector<int>& graphs) {
  stored.builtin_options.AsCallOnceOptions()->init_subgraph_index = at(graphs, 0);
}

void name_if(format::OperatorT& stored, const std::vector<int>& graphs) {
  stored.builtin_options.AsIfOptions()->then_subgraph_index = at(graphs, 0);
  stored.builtin_options.AsIfOptions()->else_subgraph_index = at(graphs, 1);
}

void name_while(format::OperatorT& stored, const std::vector<int>& graphs) {
  stored.builtin_options.AsWhileOptions()->cond_subgraph_index = at(graphs, 0);
  stored.builtin_options.AsWhileOptions()->body_subgraph_index = at(graphs, 1);
}

/// STABLEHLO_COMPOSITE: name, version and attributes of the composite stay among the fields that the reader keeps.
struct CompositeTable {
  static Result<Attributes> read(const format::Operator& op) {
    if (op.builtin_options_2_as_StableHLOCompositeOptions()) return Attributes();
    return fail(ErrorKind::bad_file, "it has no options that say which graph it runs");
  }
  static format::BuiltinOptionsUnion write(const Attributes&) { return {}; }
};

void name_decomposition(format::OperatorT& stored, const std::vector<int>& graphs) {
  if (!stored.builtin_options_2.AsStableHLOCompositeOptions())
    stored.builtin_options_2.Set(format::StableHLOCompositeOptionsT());
  stored.builtin_options_2.AsStableHLOCompositeOptions()->decomposition_subgraph_index = at(graphs, 0);
}

template <class OptionsTable>
constexpr Codec runs(format::BuiltinOperator code, const char* release,
                     void (*name_graphs)(format::OperatorT&, const std::vector<int>&)) {
  Codec s = codec<OptionsTable>(code, release);
  s.name_graphs = name_graphs;
  return s;
}

using HandleTable = Table<VarHandleAttributes, format::VarHandleOptionsT,
                          Field<&VarHandleAttributes::container, &format::VarHandleOptionsT::container>,
                          Field<&VarHandleAttributes::shared_name, &format::VarHandleOptionsT::shared_name>>;

using enum format::BuiltinOperator;

constexpr Codec kControl[] = {
    codec<EmptyTable<format::AssignVariableOptionsT>>(ASSIGN_VARIABLE, "2.6.0"),
    runs<GraphsTable<format::CallOptionsT>>(CALL, "1.5.0", name_call),
    runs<GraphsTable<format::CallOnceOptionsT>>(CALL_ONCE, "2.5.0", name_call_once),
    runs<GraphsTable<format::IfOptionsT>>(IF, "1.15.0", name_if),
    codec<EmptyTable<format::ReadVariableOptionsT>>(READ_VARIABLE, "2.6.0"),
    runs<CompositeTable>(STABLEHLO_COMPOSITE, "2.17.0", name_decomposition),
    codec<HandleTable>(VAR_HANDLE, "2.6.0"),
    runs<GraphsTable<format::WhileOptionsT>>(WHILE, "1.15.0", name_while),
};

}  // namespace

std::span<const Codec> control_codecs() {
  return kControl;
}

}  // namespace narrow
