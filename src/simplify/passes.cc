#include "simplify/passes.h"

#include "simplify/plain_forms.h"
#include "simplify/simplify.h"

namespace narrow {
namespace {

constexpr Pass kPasses[] = {
    {"fold_constants", fold_float_constants},
    {"inline_graphs", inline_graphs},
    {"fold_constants", fold_float_constants},  // what graphs compute of constants that they were given
    {"bound_constants", bound_constants},
    {"remove_identities", remove_identities},
    {"drop_unused", drop_unused},  // what nobody reads would keep layers from taking over what follows them
    {"split_add_n", split_add_n},
    {"replace_negation", replace_negation},
    {"fold_batch_norm", fold_batch_norm},
    {"fuse_activations", fuse_activations},
    {"fold_dilations", fold_dilations},
    {"fold_batch_norm", fold_batch_norm},  // what came after the tiles follows the layer now
    {"fuse_activations", fuse_activations},
    {"drop_unused", drop_unused},
    {"drop_graphs", drop_graphs},
};

}  // namespace

std::span<const Pass> all_passes() {
  return kPasses;
}

Result<Model> simplify(const Model& model) {
  auto plain = in_plain_forms(model);
  if (!plain) return pass(std::move(plain), model.source);
  Model out = std::move(plain->model);
  for (const Pass& pass : kPasses) {
    NARROW_TRY(out, pass.run(std::move(out)));
  }
  return out;
}

}  // namespace narrow
