// Models: reading, writing, looking into them.
#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/vector.h>

#include <cstring>

#include "bind.h"
#include "facts.h"
#include "handles.h"
#include "keywords.h"
#include "text.h"
#include "unlocked.h"

namespace nb = nanobind;

namespace narrow::python {
namespace {

nb::bytes bytes_object(const std::vector<std::byte>& bytes) {
  return nb::bytes(bytes.data(), bytes.size());
}

std::span<const std::byte> bytes_in(const nb::bytes& bytes) {
  return {static_cast<const std::byte*>(bytes.data()), bytes.size()};
}

/// Takes the keywords shape, batch, keep_layout, keep_loops, inputs and outputs.
LoadOptions load_options(Keywords& keywords) {
  LoadOptions out;
  if (nb::object const shapes = keywords.object("shape"); shapes.is_valid()) {
    if (!nb::isinstance<nb::dict>(shapes))
      refuse_value("shape", nb::cast<std::string>(nb::repr(shapes)), "as in {'input': (1, 16, 16, 3)}");
    for (auto const [name, dims] : nb::cast<nb::dict>(shapes)) {
      InputShape shape{nb::cast<std::string>(nb::str(name)), {}};
      if (!nb::try_cast(dims, shape.dims))
        refuse_value("shape", nb::cast<std::string>(nb::repr(shapes)), "as in {'input': (1, 16, 16, 3)}");
      out.shape.push_back(std::move(shape));
    }
  }
  out.batch = keywords.count("batch");
  keywords.flag("keep_layout", &out.keep_layout);
  keywords.flag("keep_loops", &out.keep_loops);
  out.inputs = keywords.texts("inputs");
  out.outputs = keywords.texts("outputs");
  keywords.finish();
  return out;
}

}  // namespace

LayoutChoice layout_of(Keywords& keywords) {
  std::string text = "stored";
  keywords.text("layout", &text);
  auto const layout = parse_layout(text);
  if (!layout)
    refuse_value("layout", "'" + text + "'",
                 "it takes stored, ohwi, hwio, transposed, cmsis-q7-opt, or one of each kind: hwio,transposed");
  return *layout;
}

void bind_models(nb::module_& m) {
  nb::class_<NativeModel>(m, "Model");
  m.def("load", [](const std::string& path, const nb::dict& options) {
    Keywords keywords(options);
    LoadOptions const how = load_options(keywords);
    Unlocked const unlocked;
    return NativeModel{value(load(path, how))};
  });
  m.def("load_bytes", [](const nb::bytes& bytes, const std::string& name, const nb::dict& options) {
    Keywords keywords(options);
    LoadOptions const how = load_options(keywords);
    auto const data = bytes_in(bytes);
    Unlocked const unlocked;
    return NativeModel{value(load(data, name, how))};
  });
  m.def("stored_forms", [](const NativeModel& model) { return value(stored_forms(*model.value)); });
  m.def("save", [](const NativeModel& model, const std::string& path) {
    Unlocked const unlocked;
    return value(save(*model.value, path));
  });
  m.def("to_bytes", [](const NativeModel& model) {
    std::vector<std::byte> bytes;
    {
      Unlocked const unlocked;
      bytes = value(to_bytes(*model.value));
    }
    return bytes_object(bytes);
  });
  m.def("convert", [](const NativeModel& model) {
    Unlocked const unlocked;
    return NativeModel{value(convert(*model.value))};
  });
  m.def("convert_to_stateful",
        [](const NativeModel& model, const std::vector<std::pair<std::string, std::string>>& states) {
          std::vector<StatePair> pairs;
          for (auto const& [input, output] : states) pairs.push_back({input, output});
          Unlocked const unlocked;
          return NativeModel{value(convert_to_stateful(*model.value, pairs))};
        });
  m.def("convert_to_stream", [](const NativeModel& model, int axis, int64_t frames) {
    StreamResult made;
    {
      Unlocked const unlocked;
      made = value(convert_to_stream(*model.value, {.axis = axis, .frames = frames}));
    }
    return nb::make_tuple(NativeModel{made.model}, facts_of(made));
  });
  m.def("inspect", [](const NativeModel& model, const std::string& signature) {
    return facts_of(value(inspect(*model.value, signature)));
  });
  m.def("weight_histograms",
        [](const NativeModel& model) { return facts_of_all(value(weight_histograms(*model.value))); });
  m.def("coverage", [](const std::string& path) { return facts_of_all(value(coverage(path))); });
  m.def("verify", [](const NativeModel& model, const nb::dict& options) {
    Keywords keywords(options);
    Runtime runtime = Runtime::tflm;
    keywords.choice<Runtime>("runtime", &runtime);
    keywords.finish();
    return facts_of_all(value(verify(*model.value, runtime)));
  });
  m.def("supported_ops", [] { return facts_of_all(value(supported_ops())); });
  m.def("export_constants", [](const NativeModel& model, const std::string& folder, const nb::dict& options) {
    Keywords keywords(options);
    ExportRequest request;
    request.folder = folder;
    keywords.choice<ExportFormat>("format", &request.format);
    keywords.choice<HeaderStyle>("style", &request.style);
    request.layout = layout_of(keywords);
    keywords.flag("packed", &request.packed);
    keywords.text("name", &request.name);
    keywords.finish();
    return facts_of(value(export_constants(*model.value, request)));
  });

  nb::class_<NativeStatistics>(m, "Statistics");
  m.def("load_statistics", [](const std::string& path) { return NativeStatistics{value(load_statistics(path))}; });
  m.def("statistics_from_bytes", [](const nb::bytes& bytes, const std::string& name) {
    return NativeStatistics{value(load_statistics(bytes_in(bytes), name))};
  });
  m.def("save_statistics",
        [](const NativeStatistics& s, const std::string& path) { check(save_statistics(*s.value, path)); });
  m.def("statistics_bytes", [](const NativeStatistics& s) { return bytes_object(value(to_bytes(*s.value))); });
  m.def("statistics_size", [](const NativeStatistics& s) {
    StatisticsSize const size = size_of(*s.value);
    return std::pair(size.samples, size.tensors);
  });
  m.def("statistics_report", [](const NativeStatistics& s) { return facts_of_all(value(report(*s.value))); });
  m.def("merge", [](const std::vector<NativeStatistics>& parts, int64_t shards) {
    std::vector<StatisticsPtr> all;
    for (const NativeStatistics& part : parts) all.push_back(part.value);
    Unlocked const unlocked;
    return NativeStatistics{value(merge(all, shards))};
  });
}

}  // namespace narrow::python
