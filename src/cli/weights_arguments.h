// --layout, --style, --packed and --name: how constants are written.
#pragma once

#include "cli/options.h"
#include "narrow/export.h"

namespace narrow {

inline void declare_weights(Options& options, std::string& layout, HeaderStyle& style, bool& packed,
                            std::string& name) {
  options.text(
      "--layout", "LAYOUT", &layout,
      "of weights: stored, ohwi, hwio; of fully connected ones: transposed, cmsis-q7-opt; one of each: hwio,transposed",
      layout);
  options.choice("--style", &style, "of a header: arrays and a .c, or lists as #defines");
  options.flag("--packed", &packed, "of a header: 4-bit weights two in a byte, not in int8");
  options.text("--name", "NAME", &name, "what a header's names begin with", "made from the model's file name");
}

inline Result<LayoutChoice> layout_argument(const std::string& text) {
  if (auto const layout = parse_layout(text)) return *layout;
  return fail(ErrorKind::bad_option, "--layout does not take '" + text + "'", "command line",
              "choose stored, ohwi, hwio, transposed, cmsis-q7-opt; the last two go with one of the two before them: "
              "hwio,transposed");
}

}  // namespace narrow
