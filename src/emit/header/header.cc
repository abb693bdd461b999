#include "emit/header/header.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "emit/constants/c_text.h"
#include "emit/header/describe.h"
#include "emit/header/plan.h"
#include "graph/real_values.h"
#include "graph/unpacked.h"
#include "ops/integer/own_arithmetic.h"

namespace narrow {
namespace {

bool any_not_finite(const std::vector<Constant>& constants) {
  return std::any_of(constants.begin(), constants.end(), [](const Constant& c) {
    if (!c.left_out.empty() || (c.tensor->dtype != DType::float32 && c.tensor->dtype != DType::float64)) return false;
    std::vector<float> values(static_cast<size_t>(c.tensor->elements()));
    real_values(*c.tensor, c.tensor->data.data(), values);
    return !std::all_of(values.begin(), values.end(), [](float v) { return std::isfinite(v); });
  });
}

/// A macro, in several lines where it does not fit in one.
std::string define_text(const std::string& macro, std::string_view value) {
  std::string out, line = "#define " + macro;
  while (!value.empty()) {
    size_t const end = std::min(value.find(' '), value.size());
    constexpr size_t kEnd = 2;  // " \\"
    if (line.size() + 1 + end + kEnd > kColumns) {
      out += line + " \\\n";
      line = " ";
    }
    line += " " + std::string(value.substr(0, end));
    value.remove_prefix(std::min(end + 1, value.size()));
  }
  return out + line + "\n";
}

/// Words in one line where they fit, else in a line each.
std::string joined(const std::vector<std::string>& words) {
  std::string const line = fmt::format("{}", fmt::join(words, " "));
  return line.size() <= kColumns ? line : fmt::format("{}", fmt::join(words, "\n    "));
}

/// The files, being written.
class Writer {
 public:
  Writer(const HeaderOptions& options, NewFile header, std::optional<NewFile> source)
      : macro_(upper(options.name)), name_(options.name), header_(std::move(header)), source_(std::move(source)) {}

  Status begin(const std::string& comment, bool needs_math) {
    const char* const includes = needs_math ? "#include <math.h>\n#include <stdint.h>\n" : "#include <stdint.h>\n";
    NARROW_CHECK(say(fmt::format("{}#ifndef {}_WEIGHTS_H\n#define {}_WEIGHTS_H\n\n", comment, macro_, macro_)));
    if (!source_) return say(needs_math ? "#include <math.h> /* INFINITY, NAN */\n" : "");
    NARROW_CHECK(say(std::string(includes) + "\n#ifdef __cplusplus\nextern \"C\" {\n#endif\n"));
    return define(fmt::format(
        "#include \"{}_weights.h\"\n\n/* Where arrays are to be: an attribute, as of a section, or PROGMEM. */\n"
        "#ifndef {}_STORAGE\n#define {}_STORAGE\n#endif\n",
        name_, macro_, macro_));
  }

  Status say(const std::string& text) { return header_.append(std::as_bytes(std::span(text))); }

  /// Values under a symbol: an array in both files, or a macro.
  Status list(const std::string& symbol, DType dtype, std::span<const std::byte> values) {
    if (!source_) return say(fmt::format("#define {} {{ \\\n{} }}\n", symbol, literal_list(dtype, values, " \\")));
    std::string const type = std::string("const ") + c_type(dtype);
    std::string const array = fmt::format("{}[{}]", symbol, values.size() / element_bytes(dtype));
    NARROW_CHECK(say(joined({"extern " + type, array + ";"}) + "\n"));
    return define("\n" + joined({type, array, macro_ + "_STORAGE = {"}) + "\n" + literal_list(dtype, values, "") +
                  "};\n");
  }

  Status end() {
    NARROW_CHECK(say(source_ ? "\n#ifdef __cplusplus\n}\n#endif\n\n#endif\n" : "\n#endif\n"));
    if (source_) NARROW_CHECK(source_->finish());
    return header_.finish();
  }

 private:
  Status define(const std::string& text) { return source_->append(std::as_bytes(std::span(text))); }

  std::string macro_, name_;
  NewFile header_;
  std::optional<NewFile> source_;
};

/// Lengths, scales and zero points of what goes in and out of the first graph.
std::string ends_text(const Graph& graph, const std::string& macro) {
  std::string out;
  auto const add = [&](const char* side, const std::vector<int>& tensors) {
    for (size_t i = 0; i < tensors.size(); ++i) {
      const Tensor& t = graph.tensor(tensors[i]);
      std::string const begin = fmt::format("#define {}_{}_{}_", macro, side, i);
      out += "\n" + comment({fmt::format("{}: {} {}", quoted(t.name), to_string(t.dtype), t.shape.text())});
      out += fmt::format("{}LENGTH {}\n", begin, t.elements());
      if (!t.quantization.present() || t.quantization.per_axis()) continue;
      out += fmt::format("{}SCALE {}\n{}ZERO_POINT ({})\n", begin, literal(t.quantization.scale()), begin,
                         t.quantization.zero_point());
      if (auto const n = fraction_bits(t.quantization.scale())) out += fmt::format("{}FRAC_BITS {}\n", begin, *n);
    }
  };
  add("INPUT", graph.inputs);
  add("OUTPUT", graph.outputs);
  return out;
}

Status write_list(const FactList& list, const std::string& symbol, Writer& writer) {
  return writer.list(symbol, list.dtype, list.values);
}

Status write_constant(const Constant& c, const std::string& symbol, Writer& writer) {
  NARROW_CHECK(writer.say("\n" + constant_comment(c)));
  if (!c.left_out.empty()) return {};
  SharedBytes const values = c.values();
  return writer.list(symbol, c.tensor->dtype, c.tensor->four_bits ? in_nibbles(values).bytes() : values.bytes());
}

Status write_section(const Section& s, const HeaderPlan& plan, const std::vector<Constant>& constants, Writer& writer) {
  std::string numbers;
  for (const FactNumber& n : s.facts.numbers) {
    bool const negative = n.value.starts_with('-');
    numbers += define_text(s.macro + "_" + n.key, negative ? "(" + n.value + ")" : n.value);
  }
  NARROW_CHECK(writer.say(numbers));
  for (size_t i = 0; i < s.lists.size(); ++i) {
    const FactList& list = s.facts.lists[i];
    std::string const macro = s.macro + "_" + list.key;
    NARROW_CHECK(write_list(list, s.lists[i], writer));
    if (s.lists[i] != macro) NARROW_CHECK(writer.say(define_text(macro, s.lists[i])));
  }
  for (size_t c : s.constants) NARROW_CHECK(write_constant(constants[c], plan.symbols[c], writer));
  for (const auto& [key, c] : s.uses) {
    std::string const macro = s.macro + "_" + key;
    if (constants[c].left_out.empty() && plan.symbols[c] != macro)
      NARROW_CHECK(writer.say(define_text(macro, plan.symbols[c])));
  }
  return {};
}

}  // namespace

Status write_header(const Model& model, const std::vector<Constant>& constants, const HeaderOptions& options,
                    NewFolder& folder) {
  HeaderPlan const plan = plan_header(model, constants, options);
  NARROW_TRY(NewFile header, folder.file(options.name + "_weights.h"));
  std::optional<NewFile> source;
  if (!options.defines) {
    NARROW_TRY(source, folder.file(options.name + "_weights.c"));
  }
  Writer writer(options, std::move(header), std::move(source));
  NARROW_CHECK(writer.begin(file_comment(model, plan), any_not_finite(constants)));
  NARROW_CHECK(writer.say(ends_text(model.main(), upper(options.name))));
  for (const Section& s : plan.sections) {
    NARROW_CHECK(writer.say(op_comment(model, s.graph, s.op, s.facts)));
    NARROW_CHECK(write_section(s, plan, constants, writer));
  }
  for (size_t c : plan.unread) NARROW_CHECK(write_constant(constants[c], plan.symbols[c], writer));
  return writer.end();
}

}  // namespace narrow
