#include "ops/index_operand.h"

namespace narrow {

Result<std::vector<int64_t>> index_values(const OpView& op, size_t operand, const char* what) {
  const Tensor& t = op.input(operand);
  if (!t.constant || t.opaque) return fail(ErrorKind::unsupported, std::string(what) + " that are computed");
  if (t.dtype == DType::int32) {
    auto const v = t.values<int32_t>();
    return std::vector<int64_t>(v.begin(), v.end());
  }
  if (t.dtype == DType::int64) {
    auto const v = t.values<int64_t>();
    return std::vector<int64_t>(v.begin(), v.end());
  }
  return fail(ErrorKind::bad_file, std::string(what) + " of type " + to_string(t.dtype));
}

}  // namespace narrow
