// What --layout, --style and --name say of constants that are written as C.
#pragma once

#include "cli/options.h"
#include "narrow/narrow.h"

namespace narrow {

/// Declares them; the targets are in `request`.
inline void declare_weights(Options& options, ExportRequest& request) {
  static constexpr const char* kStyles[] = {"array", "define"};
  options.text("--layout", "LAYOUT", &request.layout,
               "of weights: stored, ohwi, hwio, transposed (fully connected ones), hwio,transposed (stored)");
  options.choice("--style", kStyles, &request.style, "of a header: arrays and a .c, or lists as #defines (array)");
  options.text("--name", "NAME", &request.name, "what a header's names begin with (from the model's file name)");
}

}  // namespace narrow
