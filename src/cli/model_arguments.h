// --shape, --batch, --keep-layout, --keep-loops, --inputs and --outputs: how a command reads a model.
#pragma once

#include <utility>

#include "cli/options.h"
#include "narrow/model.h"

namespace narrow {

/// What a command was given besides the model's path.
struct ModelArguments {
  std::vector<std::string> shapes;  // NAME=1x16x16x3
  std::optional<int64_t> batch;
  bool keep_layout = false;
  bool keep_loops = false;
  std::vector<std::string> inputs;
  std::vector<std::string> outputs;
};

void declare_dimensions(Options& options, ModelArguments& arguments);

/// What the arguments ask for; bad_option where a text of --shape is none.
Result<LoadOptions> load_options(const ModelArguments& arguments);

/// The model in a file, with its free dimensions fixed as the arguments say. Notes on standard error what narrow does
/// to the form of its values to compute with it.
Result<ModelPtr> load_model(const std::string& path, const ModelArguments& arguments);

/// The error of what was to be done with a model, ready to be returned. Its place is the model, but for options at
/// fault, which stand on the command line.
template <class R>
tl::unexpected<Error> pass_for(const std::string& model, R&& result) {
  bool const option = result.error().kind == ErrorKind::bad_option && result.error().where.empty();
  return pass(std::forward<R>(result), option ? "" : model);
}

}  // namespace narrow
