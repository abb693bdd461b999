#include "rows/recurrent.h"
#include "rows/svdf_params.h"

namespace narrow {
namespace {

constexpr ParamTable kSvdfParams = param_table<nw_svdf_params, cost_of_svdf>("nw_svdf_params", kSvdfFields);

// The arguments of the C function, with what its constants are.
constexpr auto kSvdfArguments = [] {
  auto out = std::to_array(CFunction<nw_svdf_i8>::kArguments);
  out[1].holds = Holds::weights;
  for (size_t constants : {2, 3, 4}) out[constants].holds = Holds::constants;
  return out;
}();

}  // namespace

const Kernel kSvdfI8{"nw_svdf_i8", "portable/recurrent/svdf.c", &kSvdfParams, kSvdfArguments,
                     CFunction<nw_svdf_i8>::run};

}  // namespace narrow
