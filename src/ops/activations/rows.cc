#include "ops/activations/rows.h"

#include "ops/arithmetic/unary.h"

namespace narrow {

Rows rows_of(const OpView& op) {
  int32_t const depth = std::max(op.input(0).shape.back(), 1);
  return {static_cast<int32_t>(op.input(0).elements() / depth), depth};
}

Result<std::vector<Shape>> infer_rows(const OpView& op) {
  if (op.input(0).shape.rank() == 0)
    return fail(ErrorKind::bad_file, "the data is a single number; there is no axis to sum along");
  return infer_unary(op);
}

Status check_depth(const Rows& r, int32_t most) {
  if (r.depth > most)
    return fail(ErrorKind::unsupported, "rows of " + std::to_string(r.depth) + " elements; sums over more than " +
                                            std::to_string(most) + " overflow in the runtimes");
  return {};
}

}  // namespace narrow
