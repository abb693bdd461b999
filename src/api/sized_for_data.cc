#include "api/sized_for_data.h"

#include <algorithm>

#include "graph/free_dimensions.h"
#include "ops/check/validate.h"
#include "read/data/array_shapes.h"
#include "read/data/convert.h"

namespace narrow {
namespace {

Result<std::vector<ArrayShape>> shapes_of(const DataSource& data) {
  if (!data.path.empty()) return array_shapes(data.path);
  std::vector<ArrayShape> out;
  for (const Array& a : data.arrays) out.push_back({a.name, a.shape});
  return out;
}

const ArrayShape* shape_for(const std::vector<ArrayShape>& shapes, const InputSpec& input, size_t inputs) {
  if (shapes.size() == 1 && inputs == 1) return &shapes.front();
  for (const std::string& name : input.names)
    for (const ArrayShape& s : shapes)
      if (s.name == name) return &s;
  return nullptr;
}

/// The dimensions of one sample as an input of `rank` dimensions has them: the array's first axis counts samples, and
/// a sample may lack the input's first dimension. Empty where the array has another number of dimensions.
std::vector<int64_t> sample_dims(const std::vector<int64_t>& array, size_t rank) {
  if (array.size() != rank && array.size() != rank + 1) return {};
  std::vector<int64_t> out(array.begin() + 1, array.end());
  if (out.size() < rank) out.insert(out.begin(), 1);
  return out;
}

}  // namespace

Result<ModelPtr> sized_for(const ModelPtr& model, const DataSource& data, int graph) {
  if (!has_free_inputs(*model)) return model;
  NARROW_TRY(std::vector<ArrayShape> const shapes, shapes_of(data));
  auto const inputs = input_specs(*model, graph);
  Model sized = *model;
  bool changed = false;
  for (size_t i = 0; i < inputs.size(); ++i) {
    const Graph& g = sized.graphs[static_cast<size_t>(graph)];
    const ArrayShape* const given = shape_for(shapes, inputs[i], inputs.size());
    std::vector<int64_t> const dims =
        given ? sample_dims(given->dims, inputs[i].shape.dims().size()) : std::vector<int64_t>();
    if (!dims.empty()) changed |= resize_input(sized, graph, g.inputs[i], dims);
  }
  if (!changed) return model;
  NARROW_CHECK(settle(sized));
  return std::make_shared<const Model>(std::move(sized));
}

}  // namespace narrow
