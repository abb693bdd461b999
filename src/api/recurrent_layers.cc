#include "api/recurrent_layers.h"

#include "graph/free_dimensions.h"
#include "ops/check/validate.h"
#include "simplify/recurrent/recognise.h"

namespace narrow {

Status settle_layers(Model& model, const LoadOptions& options) {
  if (options.keep_loops) return settle(model, options);
  Model open = model;
  if (auto settled = settle(model, options); !settled) {
    // Shapes in a loop may follow from how many rounds it has made.
    if (settled.error().kind == ErrorKind::bad_option || !check_structure(open) || !fix_dimensions(open, options))
      return settled;
    auto found = recognise_open_loops(std::move(open));
    if (!found) return settled;
    model = std::move(*found);
    return {};
  }
  model = recognise_loops(std::move(model));
  return {};
}

}  // namespace narrow
