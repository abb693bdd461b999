// Comparison of two models, for tests and fuzz targets.
#pragma once

#include <algorithm>
#include <map>
#include <string>

#include "graph/model.h"

namespace narrow {

/// Where two models first differ, in words; empty where they hold the same. Tensors that nothing uses do not count,
/// nor does the runtime's version among the metadata.
class ModelDifference {
 public:
  std::string find(const Model& a, const Model& b) {
    if (a.graphs.size() != b.graphs.size()) return "number of graphs";
    if (a.description != b.description) return "description";
    for (size_t g = 0; g < a.graphs.size(); ++g) {
      places_.clear();
      if (auto d = graph(a.graphs[g], b.graphs[g]); !d.empty()) return "graph " + std::to_string(g) + ": " + d;
      if (auto d = signatures(a, b, static_cast<int>(g)); !d.empty()) return d;
    }
    return metadata(a) == metadata(b) ? "" : "metadata";
  }

 private:
  using Named = std::vector<std::pair<std::string, int>>;

  static std::vector<std::pair<std::string, std::string>> metadata(const Model& m) {
    std::vector<std::pair<std::string, std::string>> out;
    for (const auto& [name, data] : m.metadata)
      if (name != "min_runtime_version")
        out.emplace_back(name, std::string(reinterpret_cast<const char*>(data.data()), data.size()));
    return out;
  }

  std::string signatures(const Model& a, const Model& b, int g) {
    if (a.signatures.size() != b.signatures.size()) return "number of signatures";
    for (size_t i = 0; i < a.signatures.size(); ++i) {
      const Signature &x = a.signatures[i], &y = b.signatures[i];
      if (x.key != y.key || x.graph != y.graph) return "signature " + std::to_string(i);
      if (x.graph == g && (!names(x.inputs, y.inputs) || !names(x.outputs, y.outputs))) return "signature " + x.key;
    }
    return "";
  }

  bool names(const Named& a, const Named& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](const auto& x, const auto& y) {
      return x.first == y.first && same_place(x.second, y.second);
    });
  }

  /// Tensors correspond one to one, in whatever order the files list them.
  bool same_place(int a, int b) {
    if (a < 0 || b < 0) return a == b;
    return places_.try_emplace(a, b).first->second == b;
  }
  bool same_places(const std::vector<int>& a, const std::vector<int>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](int x, int y) { return same_place(x, y); });
  }

  std::string graph(const Graph& a, const Graph& b) {
    if (a.name != b.name) return "name";
    if (a.ops.size() != b.ops.size()) return "number of ops";
    if (!same_places(a.inputs, b.inputs)) return "inputs";
    for (size_t i = 0; i < a.ops.size(); ++i)
      if (auto d = op(a.ops[i], b.ops[i]); !d.empty()) return op_label(a, i) + ": " + d;
    if (!same_places(a.outputs, b.outputs)) return "outputs";
    for (auto [x, y] : places_)
      if (auto d = tensor(a.tensor(x), b.tensor(y)); !d.empty()) return tensor_label(a, x) + ": " + d;
    return "";
  }

  std::string op(const Op& a, const Op& b) {
    if (a.type != b.type || a.def != b.def) return "type";
    if (a.version != b.version) return "version";
    if (a.attributes != b.attributes) return "attributes: " + print(a.attributes) + " and " + print(b.attributes);
    if (!same_places(a.inputs, b.inputs)) return "inputs";
    if (!same_places(a.outputs, b.outputs)) return "outputs";
    return same_places(a.intermediates, b.intermediates) ? "" : "intermediates";
  }

  /// Bit for bit: NaN is as good as any scale here.
  static bool same(const Quantization& a, const Quantization& b) {
    return std::ranges::equal(std::as_bytes(std::span(a.scales)), std::as_bytes(std::span(b.scales))) &&
           a.zero_points == b.zero_points && a.axis == b.axis;
  }

  static std::string tensor(const Tensor& a, const Tensor& b) {
    if (a.name != b.name) return "name";
    if (a.dtype != b.dtype) return "type";
    if (a.shape != b.shape || a.shape_signature != b.shape_signature || a.unranked != b.unranked) return "shape";
    if (!same(a.quantization, b.quantization)) return "quantization";
    if (a.constant != b.constant || a.variable != b.variable || a.opaque != b.opaque) return "kind";
    if (!a.passthrough != !b.passthrough) return "passthrough";
    return !a.constant || std::ranges::equal(a.data.bytes(), b.data.bytes()) ? "" : "values";
  }

  std::map<int, int> places_;
};

inline std::string difference(const Model& a, const Model& b) {
  return ModelDifference().find(a, b);
}

}  // namespace narrow
