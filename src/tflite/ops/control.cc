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

void name_call(format::BuiltinOptionsUnion& options, const std::vector<int>& graphs) {
  options.AsCallOptions()->subgraph = static_cast<uint32_t>(at(graphs, 0));
}

void name_call_once(format::BuiltinOptionsUnion& options, const std::vector<int>& graphs) {
  options.AsCallOnceOptions()->init_subgraph_index = at(graphs, 0);
}

void name_if(format::BuiltinOptionsUnion& options, const std::vector<int>& graphs) {
  options.AsIfOptions()->then_subgraph_index = at(graphs, 0);
  options.AsIfOptions()->else_subgraph_index = at(graphs, 1);
}

void name_while(format::BuiltinOptionsUnion& options, const std::vector<int>& graphs) {
  options.AsWhileOptions()->cond_subgraph_index = at(graphs, 0);
  options.AsWhileOptions()->body_subgraph_index = at(graphs, 1);
}

template <class Options>
constexpr Codec runs(format::BuiltinOperator code, const char* release,
                     void (*name_graphs)(format::BuiltinOptionsUnion&, const std::vector<int>&)) {
  Codec s = codec<GraphsTable<Options>>(code, release);
  s.name_graphs = name_graphs;
  return s;
}

using HandleTable = Table<VarHandleAttributes, format::VarHandleOptionsT,
                          Field<&VarHandleAttributes::container, &format::VarHandleOptionsT::container>,
                          Field<&VarHandleAttributes::shared_name, &format::VarHandleOptionsT::shared_name>>;

using enum format::BuiltinOperator;

constexpr Codec kControl[] = {
    codec<EmptyTable<format::AssignVariableOptionsT>>(ASSIGN_VARIABLE, "2.6.0"),
    runs<format::CallOptionsT>(CALL, "1.5.0", name_call),
    runs<format::CallOnceOptionsT>(CALL_ONCE, "2.5.0", name_call_once),
    runs<format::IfOptionsT>(IF, "1.15.0", name_if),
    codec<EmptyTable<format::ReadVariableOptionsT>>(READ_VARIABLE, "2.6.0"),
    codec<HandleTable>(VAR_HANDLE, "2.6.0"),
    runs<format::WhileOptionsT>(WHILE, "1.15.0", name_while),
};

}  // namespace

std::span<const Codec> control_codecs() {
  return kControl;
}

}  // namespace narrow
