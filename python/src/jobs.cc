// Jobs: what takes samples and time. Each is made on a thread of its own, without the GIL.
#include <nanobind/nanobind.h>
#include <nanobind/stl/vector.h>
#include <narrow/narrow.h>

#include <cstdlib>
#include <cstring>
#include <mutex>

#include "arrays.h"
#include "bind.h"
#include "facts.h"
#include "handles.h"
#include "keywords.h"
#include "source.h"
#include "text.h"
#include "work.h"

namespace nb = nanobind;

namespace narrow::python {
namespace {

nb::tuple quantize_model(const NativeModel& model, nb::handle data, nb::handle labels, nb::handle statistics,
                         const nb::dict& options, nb::object progress) {
  Work work(std::move(progress));
  Keywords keywords(options);
  QuantizeRequest r;
  Source const source = source_of(data, keywords, work);
  r.data = source.data;
  r.labels = labels_of(labels);
  for (nb::handle const one : nb::cast<nb::list>(statistics)) {
    if (nb::isinstance<nb::str>(one))
      r.statistics.push_back({.path = nb::cast<std::string>(one)});
    else
      r.statistics.push_back({.statistics = nb::cast<NativeStatistics>(one).value});
  }
  keywords.choice<Scheme>("scheme", &r.scheme);
  keywords.text("signature", &r.signature);
  keywords.choice<OnNan>("on_nan", &r.on_nan);
  std::string range;
  keywords.text("range", &range);
  if (!range.empty()) r.range = value(parse_range_spec(range));
  if (nb::object const ranges = keywords.object("act_max"); ranges.is_valid()) {
    if (!nb::isinstance<nb::dict>(ranges))
      refuse_value("act_max", nb::cast<std::string>(nb::repr(ranges)), "as in {'conv1': 4.0}");
    for (auto const [name, most] : nb::cast<nb::dict>(ranges)) {
      double number = 0;
      if (!nb::try_cast(most, number))
        refuse_value("act_max", nb::cast<std::string>(nb::repr(ranges)), "as in {'conv1': 4.0}");
      r.act_max.emplace_back(nb::cast<std::string>(nb::str(name)), number);
    }
  }
  keywords.choice<Granularity>("granularity", &r.granularity);
  keywords.bits("weights", {4, 6, 8, 16}, "", &r.weights);
  keywords.bits("activations", {8, 16, kFloatActivations}, "float", &r.activations);
  keywords.bits("bias", {8, 16, 32, 64, kAutoBias}, "auto", &r.bias);
  keywords.bits("accumulator", {32, 64}, "", &r.accumulator);
  keywords.choice<RoundingRule>("rounding", &r.rounding);
  keywords.choice<Scales>("scales", &r.scales);
  keywords.number("headroom", [&](double x) { r.headroom = x; });
  keywords.choice<Quality>("quality", &r.quality);
  r.candidates = keywords.count("candidates");
  keywords.choice<WeightRounding>("weight_rounding", &r.weight_rounding);
  constexpr DType kIo[] = {DType::float32, DType::int8, DType::uint8, DType::int16};
  if (auto const at = keywords.one_of("io", {"float32", "int8", "uint8", "int16"})) r.io = kIo[*at];
  keywords.flag("allow_float", &r.allow_float);
  r.keep_float = keywords.texts("keep_float");
  keywords.text("recipe", &r.recipe);
  keywords.text("explain", &r.explain);
  keywords.threads(&r.threads);
  keywords.finish();
  r.progress = &work.progress;
  r.cancel = &work.cancel;
  auto const done = std::make_shared<const QuantizeResult>(value(work.run([&] { return quantize(model.value, r); })));
  return nb::make_tuple(NativeModel{done->model}, facts_of(*done), NativeQuantization{done});
}

NativeStatistics calibrate_model(const NativeModel& model, nb::handle data, const nb::dict& options,
                                 nb::object progress) {
  Work work(std::move(progress));
  Keywords keywords(options);
  CalibrateRequest r;
  Source const source = source_of(data, keywords, work);
  r.data = source.data;
  keywords.text("signature", &r.signature);
  if (auto const n = keywords.count("shards")) r.shards = *n;
  if (auto const k = keywords.count("shard", 0)) r.shard = *k;
  bool minmax_only = false;
  keywords.flag("minmax_only", &minmax_only);
  r.histograms = !minmax_only;
  keywords.flag("per_sample", &r.per_sample);
  keywords.choice<OnNan>("on_nan", &r.on_nan);
  if (nb::object const resume = keywords.object("resume"); resume.is_valid())
    r.resume = nb::cast<NativeStatistics>(resume).value;
  keywords.threads(&r.threads);
  keywords.finish();
  r.progress = &work.progress;
  r.cancel = &work.cancel;
  return NativeStatistics{value(work.run([&] { return calibrate(model.value, r); }))};
}

nb::list evaluate_models(const std::vector<NativeModel>& models, nb::handle data, nb::handle labels,
                         nb::handle reference, const nb::dict& options, nb::object progress) {
  Work work(std::move(progress));
  Keywords keywords(options);
  EvaluateRequest r;
  Source const source = source_of(data, keywords, work);
  r.data = source.data;
  r.labels = labels_of(labels);
  if (!reference.is_none()) r.reference = nb::cast<NativeModel>(reference).value;
  keywords.choice<Profile>("profile", &r.profile);
  keywords.text("signature", &r.signature);
  keywords.flag("per_op", &r.per_op);
  if (auto const n = keywords.count("shards")) r.shards = *n;
  if (auto const k = keywords.count("shard", 0)) r.shard = *k;
  keywords.threads(&r.threads);
  keywords.finish();
  r.progress = &work.progress;
  r.cancel = &work.cancel;
  std::vector<ModelPtr> all;
  for (const NativeModel& m : models) all.push_back(m.value);
  return facts_of_all(value(work.run([&] { return evaluate(all, r); })));
}

/// The outputs of all samples, gathered in order as several threads compute them.
class Gathered {
 public:
  Status take(const OutputBatch& batch) {
    std::lock_guard const lock(mutex_);
    if (outputs_.size() <= batch.output) outputs_.resize(batch.output + 1);
    std::vector<uint8_t>& out = outputs_[batch.output];
    size_t const each = batch.values.size() / static_cast<size_t>(batch.count);
    size_t const begin = static_cast<size_t>(batch.first) * each;
    if (out.size() < begin + batch.values.size()) out.resize(begin + batch.values.size());
    std::memcpy(out.data() + begin, batch.values.data(), batch.values.size());
    return {};
  }

  /// (name, bytes as an array, type, shape of a sample) of each output.
  nb::list told(const RunResult& result) {
    nb::list out;
    outputs_.resize(result.outputs.size());
    for (size_t i = 0; i < outputs_.size(); ++i) {
      const TensorInfo& t = result.outputs[i];
      out.append(nb::make_tuple(t.name, array_of(std::move(outputs_[i])), numpy_dtype(t.dtype), t.run_shape));
    }
    return out;
  }

 private:
  std::mutex mutex_;
  std::vector<std::vector<uint8_t>> outputs_;
};

/// (samples, outputs, warnings).
nb::tuple run_model(const NativeModel& model, nb::handle data, const nb::dict& options, nb::object progress) {
  Work work(std::move(progress));
  Keywords keywords(options);
  RunRequest r;
  Source const source = source_of(data, keywords, work);
  r.data = source.data;
  keywords.choice<Profile>("profile", &r.profile);
  keywords.text("signature", &r.signature);
  keywords.text("per_op", &r.tensors_folder);
  keywords.flag("dequantize", &r.dequantize);
  keywords.threads(&r.threads);
  keywords.finish();
  r.progress = &work.progress;
  r.cancel = &work.cancel;
  Gathered gathered;
  r.receive = [&](const OutputBatch& batch) { return gathered.take(batch); };
  RunResult const done = value(work.run([&] { return run(model.value, r); }));
  return nb::make_tuple(done.samples, gathered.told(done), done.warnings);
}

/// {"DTCM": "16k"} or {"DTCM": ("16k", "conv_.*")}: bytes, and which ops' constants.
std::vector<ConstantPool> pools_of(Keywords& keywords) {
  nb::object const given = keywords.object("place");
  std::vector<ConstantPool> out;
  if (!given.is_valid()) return out;
  auto refuse_it = [&] {
    refuse_value("place", nb::cast<std::string>(nb::repr(given)),
                 "as in {'DTCM': '16k'} or {'DTCM': ('16k', 'conv_.*')}");
  };
  if (!nb::isinstance<nb::dict>(given)) refuse_it();
  for (auto const [name, pool] : nb::cast<nb::dict>(given)) {
    bool const both = nb::isinstance<nb::tuple>(pool) && nb::len(pool) == 2;
    auto const bytes = byte_count(both ? nb::object(pool[0]) : nb::borrow(pool));
    ConstantPool one{nb::cast<std::string>(nb::str(name)), bytes.value_or(0)};
    if (!bytes || (both && !nb::try_cast(nb::object(pool[1]), one.ops))) refuse_it();
    out.push_back(std::move(one));
  }
  return out;
}

nb::dict compile_model(const NativeModel& model, const std::string& folder, nb::handle golden, const nb::dict& options,
                       nb::object progress) {
  Work work(std::move(progress));
  Keywords keywords(options);
  CompileRequest r;
  Source const source = source_of(golden, keywords, work);
  r.golden = source.data;
  r.folder = folder;
  keywords.text("name", &r.name);
  keywords.text("signature", &r.signature);
  keywords.text("certificate", &r.certificate);
  std::vector<std::string> packages;
  for (Package const p : all<Package>()) packages.emplace_back(to_string(p));
  for (size_t const at : keywords.some_of("package", packages)) r.packages.push_back(all<Package>()[at]);
  keywords.choice<Target>("target", &r.target);
  keywords.choice<Optimize>("optimize", &r.optimize);
  r.flash = keywords.count("flash", 1, true);
  r.ram = keywords.count("ram", 1, true);
  keywords.text("cc", &r.cc);
  r.place = pools_of(keywords);
  keywords.flag("headers_only", &r.headers_only);
  r.layout = layout_of(keywords);
  keywords.choice<HeaderStyle>("style", &r.style);
  keywords.flag("packed", &r.packed);
  keywords.finish();
  r.cancel = &work.cancel;
  return facts_of(value(work.run([&] { return compile(model.value, r); })));
}

nb::dict fit_model(const NativeModel& model, nb::handle data, nb::handle test, nb::handle labels,
                   const nb::dict& options, nb::object progress) {
  Work work(std::move(progress));
  Keywords keywords(options);
  FitRequest r;
  nb::dict const test_keywords;
  for (const char* const same : {"data_scale", "data_offset", "data_is_quantized"})
    if (options.contains(same)) test_keywords[same] = options[same];
  Keywords for_test(test_keywords);
  Source const source = source_of(data, keywords, work);
  Source const apart = source_of(test, for_test, work);
  r.data = source.data;
  r.test = apart.data;
  r.labels = labels_of(labels);
  keywords.text("signature", &r.signature);
  if (nb::object const drop = keywords.object("max_drop"); drop.is_valid())
    r.max_drop = drop_of(drop, r.labels.given());
  r.flash = keywords.count("flash", 1, true);
  r.ram = keywords.count("ram", 1, true);
  r.macs = keywords.count("macs");
  constexpr DType kIo[] = {DType::float32, DType::int8, DType::uint8, DType::int16};
  if (auto const at = keywords.one_of("io", {"float32", "int8", "uint8", "int16"})) r.io = kIo[*at];
  keywords.threads(&r.threads);
  keywords.finish();
  r.progress = &work.progress;
  r.cancel = &work.cancel;
  return facts_of(value(work.run([&] { return fit(model.value, r); })));
}

}  // namespace

MostDrop drop_of(nb::handle given, bool labels) {
  MostDrop out{0, labels ? MostDrop::Unit::points : MostDrop::Unit::decibels};
  if (!nb::isinstance<nb::str>(given) && nb::try_cast(given, out.value)) return out;
  std::string text = nb::isinstance<nb::str>(given) ? nb::cast<std::string>(given) : "";
  char* end = nullptr;
  out.value = std::strtod(text.c_str(), &end);
  std::string unit(end);
  unit.erase(0, std::min(unit.find_first_not_of(' '), unit.size()));
  if (unit == "%") out.unit = MostDrop::Unit::points;
  if (unit == "dB") out.unit = MostDrop::Unit::decibels;
  bool const known = unit.empty() || unit == "%" || unit == "dB";
  if (end == text.c_str() || !known)
    refuse_value("max_drop", nb::cast<std::string>(nb::repr(given)), "give points, as '1%', or decibels, as '3dB'");
  return out;
}

void bind_jobs(nb::module_& m) {
  m.def("quantize", &quantize_model, nb::arg("model"), nb::arg("data").none(), nb::arg("labels").none(),
        nb::arg("statistics"), nb::arg("options"), nb::arg("progress").none());
  m.def("calibrate", &calibrate_model, nb::arg("model"), nb::arg("data").none(), nb::arg("options"),
        nb::arg("progress").none());
  m.def("fingerprint", &fingerprint_of, nb::arg("arrays"));
  m.def("evaluate", &evaluate_models, nb::arg("models"), nb::arg("data").none(), nb::arg("labels").none(),
        nb::arg("reference").none(), nb::arg("options"), nb::arg("progress").none());
  m.def("run", &run_model, nb::arg("model"), nb::arg("data").none(), nb::arg("options"), nb::arg("progress").none());
  m.def("compile", &compile_model, nb::arg("model"), nb::arg("folder"), nb::arg("golden").none(), nb::arg("options"),
        nb::arg("progress").none());
  m.def("fit", &fit_model, nb::arg("model"), nb::arg("data").none(), nb::arg("test").none(), nb::arg("labels").none(),
        nb::arg("options"), nb::arg("progress").none());
}

}  // namespace narrow::python
