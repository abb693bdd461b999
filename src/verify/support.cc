#include "verify/support.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "verify/forms.h"
#include "verify/runtime.h"
#include "verify/verify.h"

namespace narrow {
namespace {

constexpr std::array kWidths{Width::float32, Width::int8, Width::int16x8, Width::dynamic};

struct Types {
  DType data;
  DType weights;
};

Types types_of(Width width) {
  switch (width) {
    case Width::int8:
      return {DType::int8, DType::int8};
    case Width::int16x8:
      return {DType::int16, DType::int8};
    case Width::dynamic:
      return {DType::float32, DType::int8};
    case Width::float32:
      break;
  }
  return {DType::float32, DType::float32};
}

/// The first operand of that role, or none.
std::optional<size_t> operand_of(const OpDef& op, Role role) {
  for (size_t i = 0; i < op.quant.role_count; ++i)
    if (op.quant.roles[i] == role) return i;
  return std::nullopt;
}

const TypePlace* place(const TypeForm& form, size_t i) {
  if (i < form.operands.size()) return &form.operands[i];
  return !form.operands.empty() && form.operands.back().many ? &form.operands.back() : nullptr;
}

bool takes_operand(const TypeForm& form, std::optional<size_t> operand, DType type) {
  const TypePlace* p = operand ? place(form, *operand) : nullptr;
  return !p || holds(p->types, type);
}

constexpr const char* kIntro =
    "# What runs where\n"
    "\n"
    "Each op that narrow knows, and what runs it with float32 data, with 8-bit data, with 16-bit data and 8-bit "
    "weights\n"
    "(`int16x8`), and with float32 data and 8-bit weights (`dynamic`). This page is what `narrow ops --markdown` "
    "prints;\n"
    "a test compares the two. `narrow verify MODEL --runtime R` says the same of one model, with the conditions that "
    "its\n"
    "scales, shapes and versions must meet. QUANTIZE and DEQUANTIZE stand at the edges of integer parts, where narrow\n"
    "puts and computes them for all these types.\n"
    "\n"
    "- **n**: narrow makes the form and computes it bit for bit\n"
    "- **L**: LiteRT, **T**: TensorFlow Lite Micro, **C**: the same built with CMSIS-NN, **E**: the Edge TPU\n"
    "\n";

struct Mark {
  const Runtime* runtime;
  const char* letter;
};

constexpr std::array kMarks{Mark{&kLiteRt, "L"}, Mark{&kTflm, "T"}, Mark{&kCmsisNn, "C"}, Mark{&kEdgeTpu, "E"}};

std::string marks(const OpDef& op, Width width) {
  std::string out = narrow_has(op, width) ? "n" : "";
  for (const Mark& m : kMarks)
    if (runtime_has(*m.runtime, op, width)) out += (out.empty() ? "" : " ") + std::string(m.letter);
  return out;
}

}  // namespace

std::span<const Width> all_widths() {
  return kWidths;
}

const char* to_string(Width width) {
  constexpr std::array kNames{"float32", "int8", "int16x8", "dynamic"};
  return kNames[static_cast<size_t>(width)];
}

bool narrow_has(const OpDef& op, Width width) {
  switch (width) {
    case Width::int8:
      return op.quant.int8;
    case Width::int16x8:
      return op.quant.int16;
    case Width::dynamic:
      return op.quant.versions.dynamic > 0;
    case Width::float32:
      break;
  }
  return true;
}

bool runtime_has(const Runtime& runtime, const OpDef& op, Width width) {
  const OpRow* row = find_row(runtime, op.name);
  auto const weights = operand_of(op, Role::weight);
  if (!row || (width == Width::dynamic && !weights)) return false;
  auto const data = operand_of(op, Role::activation);
  if (!data && width != Width::float32) return false;
  auto const types = types_of(width);
  auto const forms = parse_forms(row->forms);
  return std::any_of(forms->begin(), forms->end(), [&](const TypeForm& form) {
    return takes_operand(form, data, types.data) && takes_operand(form, weights, types.weights);
  });
}

std::string support_markdown() {
  std::string out = kIntro;
  std::string heading = "| op |", line = "|---|";
  for (Width const w : kWidths) heading += fmt::format(" {} |", to_string(w)), line += "---|";
  out += heading + "\n" + line + "\n";
  for (const OpDef* op : all_ops()) {
    out += fmt::format("| {} |", op->name);
    for (Width const w : kWidths) {
      std::string const m = marks(*op, w);
      out += m.empty() ? " |" : fmt::format(" {} |", m);
    }
    out += "\n";
  }
  return out;
}

}  // namespace narrow
