#include "ops/arithmetic/unary.h"

namespace narrow {

Result<std::vector<Shape>> infer_unary(const OpView& op) {
  return std::vector{op.input(0).shape};
}

Result<DType> unary_dtype(const OpView& op) {
  DType const dtype = op.output().dtype;
  if (op.input(0).dtype != dtype)
    return fail(ErrorKind::unsupported,
                std::string("data of ") + to_string(op.input(0).dtype) + " with a result of " + to_string(dtype));
  return dtype;
}

}  // namespace narrow
