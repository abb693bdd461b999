#include "verify/verify.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "graph/stored_name.h"
#include "ops/def/operand_with.h"
#include "ops/integer/own_arithmetic.h"
#include "verify/forms.h"
#include "verify/rules.h"
#include "verify/runtime.h"

namespace narrow {
namespace {

constexpr std::array<const RuntimeDef*, 5> kRuntimes{&kTflm, &kLiteRt, &kCmsisNn, &kEdgeTpu, &kNarrowRuntime};

/// "litert and narrow": those that have a row for the op; empty where none has.
std::string others_with(std::string_view op) {
  std::string out;
  for (const RuntimeDef* r : kRuntimes)
    if (!r->rows.empty() && find_row(*r, op)) out += (out.empty() ? "" : ", ") + std::string(r->name);
  return out;
}

Trouble no_kernel(const RuntimeDef& runtime, const Op& op) {
  if (stored_name(op) != op.type)
    return {fmt::format("the file has it as the custom op {}, for which {} has no kernel", readable(stored_name(op)),
                        runtime.title),
            "write the file again with `quantize()`, which makes it " + op.type};
  std::string const others = others_with(op.type);
  return {fmt::format("{} has no kernel for this op", runtime.title),
          others.empty() ? "replace it by other ops, or register a kernel of your own"
                         : fmt::format("replace it by other ops; it is in {}", others)};
}

std::optional<Trouble> wrong_version(const RuntimeDef& runtime, const OpRow& row, const Op& op) {
  if (row.versions.most == 0 || (op.version >= row.versions.least && op.version <= row.versions.most))
    return std::nullopt;
  return Trouble{fmt::format("is version {} of the op; {} knows {} to {}", op.version, runtime.title,
                             row.versions.least, row.versions.most),
                 "write the file again with `quantize()`, or use a newer runtime"};
}

/// The file asks for an arithmetic that is only narrow's.
std::optional<Trouble> foreign_arithmetic(const RuntimeDef& runtime, const OpView& op) {
  if (!op.op.arithmetic || op.op.arithmetic == tflite_arithmetic(op)) return std::nullopt;
  return Trouble{
      fmt::format("the file states rounding {} and {}-bit sums; {} rounds in its own way and values would "
                  "be wrong",
                  to_string(op.op.arithmetic->rounding), op.op.arithmetic->accumulator_bits, runtime.title),
      "only narrow's own C computes it; for this runtime quantize by `scheme=int8` or `scheme=int16x8`, without "
      "`rounding` and `accumulator`"};
}

/// Whether weights of 16 bits or biases of 8 or 16 are among the operands.
bool has_own_widths(const OpView& op) {
  const Tensor* const weights = tensor_with(op, Role::weight);
  const Tensor* const bias = tensor_with(op, Role::bias);
  auto is = [](const Tensor* t, DType type) { return t && t->quantization.present() && t->dtype == type; };
  return is(weights, DType::int16) || is(bias, DType::int8) || is(bias, DType::int16);
}

/// What to do about types that no kernel takes.
std::string type_remedy(const OpView& op, const OpRow& row) {
  bool floats = false, halves = false, integers = false;
  if (has_own_widths(op))
    return "16-bit weights and biases of 8 or 16 bits are for narrow's own C; this runtime takes " +
           form_words(row.forms);
  for (int const t : op.op.inputs) {
    if (t == kNoTensor) continue;
    DType const type = op.graph.tensor(t).dtype;
    floats = floats || type == DType::float32;
    halves = halves || type == DType::float16;
    integers = integers || type == DType::int8 || type == DType::uint8 || type == DType::int4;
  }
  if (halves) return "quantize the float32 model; float16 constants are for litert";
  if (floats && integers && op.input_count() > 1)
    return "no kernel computes float data with integer weights here: use `quantize(scheme=int8)`";
  return "it takes " + form_words(row.forms);
}

void judge_graph(const Model& model, int graph, const RuntimeDef& runtime, std::vector<Finding>& found) {
  const Graph& g = model.graphs[static_cast<size_t>(graph)];
  for (size_t i = 0; i < g.ops.size(); ++i) {
    Site const site{model, graph, static_cast<int>(i)};
    if (runtime.judge_model && stores_floats_as_less(site.view())) continue;  // said of the model as a whole
    for (Trouble& t : runtime.judge(runtime, site))
      found.push_back(
          {graph, static_cast<int>(i), g.ops[i].type, op_name(g, g.ops[i]), std::move(t.what), std::move(t.remedy)});
  }
}

}  // namespace

const OpRow* find_row(const RuntimeDef& runtime, std::string_view op) {
  auto const at =
      std::lower_bound(runtime.rows.begin(), runtime.rows.end(), op,
                       [](const OpRow& row, std::string_view name) { return std::string_view(row.op) < name; });
  if (at != runtime.rows.end() && std::string_view(at->op) == op) return &*at;
  return runtime.base ? find_row(*runtime.base, op) : nullptr;
}

std::vector<Trouble> judge_by_table(const RuntimeDef& runtime, const Site& site) {
  const OpRow* row = find_row(runtime, stored_name(site.op()));
  if (!row) return {no_kernel(runtime, site.op())};
  std::vector<Trouble> found;
  if (auto trouble = wrong_version(runtime, *row, site.op())) found.push_back(std::move(*trouble));
  auto const forms = parse_forms(row->forms);
  if (auto what = misfit(*forms, site.view())) {
    found.push_back({std::move(*what), type_remedy(site.view(), *row)});
    return found;  // the rules read operands of the right types
  }
  if (auto trouble = foreign_arithmetic(runtime, site.view())) found.push_back(std::move(*trouble));
  for (OpRule const rule : row->rules)
    if (rule)
      if (auto trouble = rule(site)) found.push_back(std::move(*trouble));
  return found;
}

std::vector<Finding> verify(const Model& model, const RuntimeDef& runtime) {
  std::vector<Finding> found;
  if (runtime.judge_model)
    for (Trouble& t : runtime.judge_model(runtime, model))
      found.push_back({std::nullopt, std::nullopt, {}, {}, std::move(t.what), std::move(t.remedy)});
  for (size_t g = 0; g < model.graphs.size(); ++g) judge_graph(model, static_cast<int>(g), runtime, found);
  return found;
}

std::span<const RuntimeDef* const> all_runtimes() {
  return kRuntimes;
}

const RuntimeDef* find_runtime(std::string_view name) {
  auto const at = std::find_if(kRuntimes.begin(), kRuntimes.end(),
                               [&](const RuntimeDef* r) { return std::string_view(r->name) == name; });
  return at == kRuntimes.end() ? nullptr : *at;
}

}  // namespace narrow
