// narrow's own runner, under its default profile: an op is taken where it can be lowered.
#include "ops/check/validate.h"
#include "verify/runtime.h"

namespace narrow {
namespace {

std::vector<Trouble> judge(const RuntimeDef&, const Site& site) {
  const Op& op = site.op();
  if (!op.def) return {{"narrow does not compute this op", "it is carried from file to file as it is"}};
  auto const trouble = [](const Error& e) { return std::vector<Trouble>{{e.what, e.remedy}}; };
  if (auto fits = check_computable(site.graph(), op); !fits) return trouble(fits.error());
  LowerContext const context{.profile = all_profiles().front()};
  if (auto step = op.def->lower(site.view(), context); !step) return trouble(step.error());
  return {};
}

}  // namespace

constexpr RuntimeDef kNarrowRuntime{.name = "narrow", .title = "narrow", .judge = judge};

}  // namespace narrow
