#include "graph/print.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace narrow {
namespace {

std::string shape_text(const Tensor& t) {
  if (t.unranked) return "[...]";
  std::string s = "[";
  for (int i = 0; i < t.shape.rank(); ++i) {
    bool const free = !t.shape_signature.empty() && t.shape_signature[static_cast<size_t>(i)] == -1;
    s += (i ? ", " : "") + (free ? "?" : std::to_string(t.shape[i]));
  }
  return s + "]";
}

std::string quantization_text(const Quantization& q) {
  if (!q.present()) return "";
  if (q.per_axis()) return fmt::format(" ({} scales along axis {})", q.scales.size(), q.axis);
  return fmt::format(" (scale {}, zero point {})", q.scale(), q.zero_point());
}

std::string number(int tensor) {
  return tensor == kNoTensor ? "-" : fmt::format("%{}", tensor);
}

/// A tensor at its definition: with its name, type and shape.
std::string in_full(const Graph& graph, int tensor) {
  if (tensor == kNoTensor) return "-";
  return fmt::format("{} '{}' {}", number(tensor), readable(graph.tensor(tensor).name), print(graph.tensor(tensor)));
}

/// An operand. Constants are shown with type and shape, as they have no line of their own.
std::string operand(const Graph& graph, int tensor) {
  if (tensor == kNoTensor || !graph.tensor(tensor).constant) return number(tensor);
  return fmt::format("{} const {}", number(tensor), print(graph.tensor(tensor)));
}

template <class Text>
std::string list(const Graph& graph, const std::vector<int>& tensors, const Text& text) {
  std::string s;
  for (int t : tensors) s += (s.empty() ? "" : ", ") + text(graph, t);
  return s;
}

}  // namespace

std::string print(const Tensor& tensor) {
  return to_string(tensor.dtype) + shape_text(tensor) + quantization_text(tensor.quantization);
}

std::string print(const Graph& graph) {
  std::string out = "  in   " + list(graph, graph.inputs, in_full) + "\n";
  for (size_t i = 0; i < graph.ops.size(); ++i) {
    const Op& op = graph.ops[i];
    fmt::format_to(std::back_inserter(out), "{:4}  {}  {} <- {}\n", i, readable(op.type),
                   list(graph, op.outputs, in_full), list(graph, op.inputs, operand));
  }
  return out + "  out  " + list(graph, graph.outputs, [](const Graph&, int t) { return number(t); }) + "\n";
}

}  // namespace narrow
