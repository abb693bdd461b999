#include "emit/constants/array_files.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "emit/constants/number_text.h"
#include "emit/npy/npy_file.h"
#include "ops/integer/own_arithmetic.h"

namespace narrow {
namespace {

using Json = nlohmann::ordered_json;

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
Json frac_bits_json(const Quantization& q) {
  Json out = Json::array();
  for (float scale : q.scales) {
    auto const n = fraction_bits(scale);
    if (!n) return nullptr;
    out.push_back(*n);
  }
  return out.empty() ? Json(nullptr) : out;
}

Json readers_json(const Model& model, const Constant& c) {
  const Graph& graph = model.graphs[static_cast<size_t>(c.at.graph)];
  Json out = Json::array();
  for (const Reader& r : c.readers)
    out.push_back({{"index", r.op}, {"op", graph.ops[r.op].type}, {"name", op_name(graph, graph.ops[r.op])}});
  return out;
}

Json row(const Model& model, const Constant& c, const char* extension) {
  const Quantization& q = c.tensor->quantization;
  Json out{{"name", c.tensor->name}};
  if (c.left_out.empty())
    out["file"] = c.name + extension;
  else
    out.update({{"file", nullptr}, {"left_out", c.left_out}});
  out.update({{"shape", c.shape},
              {"dtype", to_string(c.tensor->dtype)},
              {"layout", c.layout.name.empty() ? "as stored" : c.layout.name},
              {"scales", q.scales},
              {"zero_points", q.zero_points},
              {"axis", c.axis ? Json(*c.axis) : Json(nullptr)},
              {"frac_bits", frac_bits_json(q)},
              {"role", *c.role() ? Json(c.role()) : Json(nullptr)},
              {"graph", c.at.graph},
              {"tensor", c.at.tensor},
              {"read_by", readers_json(model, c)}});
  return out;
}

}  // namespace

Status write_arrays(const Model& model, const std::vector<Constant>& constants, ArrayFormat format, NewFolder& folder) {
  const char* const extension = format == ArrayFormat::csv ? ".csv" : ".npy";
  std::string index = "{\"constants\": [";
  for (const Constant& c : constants) {
    // A line each, for people and for `diff`.
    index += index.ends_with('[') ? "\n" : ",\n";
    index += row(model, c, extension).dump(-1, ' ', false, Json::error_handler_t::replace);
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
