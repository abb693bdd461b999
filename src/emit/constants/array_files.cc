#include "emit/constants/array_files.h"

#include <algorithm>

#include "base/json_writer.h"
#include "emit/constants/number_text.h"
#include "emit/npy/npy_file.h"
#include "ops/integer/own_arithmetic.h"

namespace narrow {
namespace {

std::string csv(const Constant& c, std::span<const std::byte> values) {
  size_t const bytes = element_bytes(c.tensor->dtype);
  auto const row = c.shape.size() < 2 ? size_t{1} : static_cast<size_t>(c.shape.back());
  std::string out;
  for (size_t i = 0; i * bytes < values.size(); ++i) {
    out += number_text(c.tensor->dtype, values.data() + i * bytes);
    out += (i + 1) % row == 0 ? '\n' : ',';
  }
  return out;
}

Status write(const Constant& c, ArrayFormat format, NewFile& file) {
  SharedBytes const values = c.values();
  if (format == ArrayFormat::csv) {
    std::string const text = csv(c, values.bytes());
    NARROW_CHECK(file.append(std::as_bytes(std::span(text))));
  } else {
    NARROW_TRY(std::string const header, npy_header(c.tensor->dtype, c.shape));
    NARROW_CHECK(file.append(std::as_bytes(std::span(header))));
    NARROW_CHECK(file.append(values.bytes()));
  }
  return file.finish();
}

/// n of each scale 2^-n; null where a scale is no power of two.
void write_frac_bits(JsonWriter& out, const Quantization& q) {
  std::vector<int> bits;
  for (float scale : q.scales)
    if (auto const n = fraction_bits(scale)) bits.push_back(*n);
  bits.empty() || bits.size() < q.scales.size() ? out.value(nullptr) : out.value(bits);
}

void write_readers(JsonWriter& out, const Model& model, const Constant& c) {
  const Graph& graph = model.graphs[static_cast<size_t>(c.at.graph)];
  out.begin_array();
  for (const Reader& r : c.readers)
    out.begin_object()
        .member("index", r.op)
        .member("op", graph.ops[r.op].type)
        .member("name", op_name(graph, graph.ops[r.op]))
        .end_object();
  out.end_array();
}

std::string row(const Model& model, const Constant& c, const char* extension) {
  const Quantization& q = c.tensor->quantization;
  JsonWriter out;
  out.begin_object().member("name", c.tensor->name);
  if (c.left_out.empty())
    out.member("file", c.name + extension);
  else
    out.member("file", nullptr).member("left_out", c.left_out);
  out.member("shape", c.shape)
      .member("dtype", to_string(c.tensor->dtype))
      .member("layout", c.layout.name.empty() ? "as stored" : c.layout.name)
      .member("scales", q.scales)
      .member("zero_points", q.zero_points)
      .key("axis");
  c.axis ? out.value(*c.axis) : out.value(nullptr);
  write_frac_bits(out.key("frac_bits"), q);
  out.key("role");
  *c.role() ? out.value(c.role()) : out.value(nullptr);
  out.member("graph", c.at.graph).member("tensor", c.at.tensor);
  write_readers(out.key("read_by"), model, c);
  return out.end_object().text();
}

}  // namespace

Status write_arrays(const Model& model, const std::vector<Constant>& constants, ArrayFormat format, NewFolder& folder) {
  const char* const extension = format == ArrayFormat::csv ? ".csv" : ".npy";
  std::string index = "{\"constants\": [";
  for (const Constant& c : constants) {
    // A line each, for people and for `diff`.
    index += index.ends_with('[') ? "\n" : ",\n";
    index += row(model, c, extension);
    if (!c.left_out.empty()) continue;
    NARROW_TRY(NewFile file, folder.file(c.name + extension));
    NARROW_CHECK(write(c, format, file));
  }
  index += "\n]}\n";
  NARROW_TRY(NewFile file, folder.file("index.json"));
  NARROW_CHECK(file.append(std::as_bytes(std::span(index))));
  return file.finish();
}

}  // namespace narrow
