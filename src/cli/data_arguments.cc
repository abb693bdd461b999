#include "cli/data_arguments.h"

#include <fmt/format.h>

namespace narrow {

void DataArguments::declare(Options& options, bool required) {
  constexpr const char* kHelp = "samples: a .npy, .npz or .csv, or a folder of them";
  if (required)
    options.required_text("--data", "D", &path, kHelp);
  else
    options.text("--data", "D", &path, kHelp);
  options.count("--samples", "N", &samples, 1, "use the first N samples (all)");
  options.number("--data-scale", "X", &meaning.scale, "real value = stored number * X + offset (1)");
  options.number("--data-offset", "X", &meaning.offset, "see --data-scale (0)");
}

Result<std::shared_ptr<const Samples>> DataArguments::open(const Model& model, int graph) const {
  return open_dataset(path, input_specs(model, graph), meaning);
}

Result<int64_t> DataArguments::count(const Samples& all) const {
  if (!samples) return all.size();
  if (*samples <= all.size()) return *samples;
  return fail(ErrorKind::bad_option,
              fmt::format("--samples {} asks for more than the {} there are", *samples, all.size()), path);
}

}  // namespace narrow
