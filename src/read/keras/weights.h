// Giving the layers of a network their weights.
#pragma once

#include "base/result.h"
#include "read/keras/hdf5_contents.h"
#include "read/keras/keras_model.h"

namespace narrow::keras {

/// Weights as an .h5 file has them: below "model_weights" a group of each layer, whose attribute `weight_names` lists
/// them. The weights of a nested model are all in the group of that model and go to the layers inside whose names are
/// in theirs. Errors: bad_file for weights that are missing or belong to no layer.
Status give_legacy_weights(Hdf5Contents contents, KerasNetwork& network);

/// Weights as a .keras file has them: below "layers" a group of each layer, by its class and a number
/// ("layers/conv2d_1/vars/0").
Status give_saved_weights(Hdf5Contents contents, KerasNetwork& network);

}  // namespace narrow::keras
