#include "cli/model_arguments.h"

#include <charconv>

#include "cli/option_names.h"
#include "cli/talk.h"

namespace narrow {
namespace {

/// "NAME=1x16x16x3"; a name may hold any character, so the last equals sign ends it.
Result<InputShape> parse_shape(const std::string& text) {
  size_t const equals = text.rfind('=');
  auto refuse_it = [&] {
    return refuse("shape", "--shape does not take '" + text + "'",
                  "write NAME=1x16x16x3: an input and the size of each dimension, at least 1", "command line");
  };
  if (equals == std::string::npos || equals == 0) return refuse_it();
  InputShape out{text.substr(0, equals), {}};
  const char* at = text.data() + equals + 1;
  const char* const end = text.data() + text.size();
  for (;;) {
    int32_t size = 0;
    auto const read = std::from_chars(at, end, size);
    if (read.ec != std::errc() || size < 1) return refuse_it();
    out.dims.push_back(size);
    if (read.ptr == end) return out;
    if (*read.ptr != 'x') return refuse_it();
    at = read.ptr + 1;
  }
}

}  // namespace

void declare_dimensions(Options& options, ModelArguments& arguments) {
  options.texts("--shape", "NAME=1x16x16x3", &arguments.shapes,
                "fix the free dimensions of an input, in the order of the file; again for each");
  options.count("--batch", "N", &arguments.batch, "fix the free first dimension of all inputs",
                "stays free; narrow runs it as 1");
  options.flag("--keep-layout", &arguments.keep_layout,
               "inputs and outputs keep the layout of the file, such as NCHW; without it channels are last");
  options.flag("--keep-loops", &arguments.keep_loops,
               "recurrent layers stay loops or unrolled steps where the file has them so; without it each is one op");
  options.texts("--inputs", "NAME", &arguments.inputs,
                "make this tensor an input and leave out what leads to it; again for each");
  options.texts("--outputs", "NAME", &arguments.outputs,
                "make this tensor an output and leave out what comes after it; again for each");
}

Result<LoadOptions> load_options(const ModelArguments& arguments) {
  LoadOptions options;
  options.batch = arguments.batch;
  options.keep_layout = arguments.keep_layout;
  options.keep_loops = arguments.keep_loops;
  options.inputs = arguments.inputs;
  options.outputs = arguments.outputs;
  for (const std::string& text : arguments.shapes) {
    NARROW_TRY(InputShape shape, parse_shape(text));
    options.shape.push_back(std::move(shape));
  }
  return options;
}

Result<ModelPtr> load_model(const std::string& path, const ModelArguments& arguments) {
  NARROW_TRY(LoadOptions const options, load_options(arguments));
  NARROW_TRY(ModelPtr model, load(path, options));
  auto const changes = stored_forms(*model);
  if (!changes) return pass(changes, path);
  for (const std::string& change : *changes) print_note(path + ": " + in_options(change));
  return model;
}

}  // namespace narrow
