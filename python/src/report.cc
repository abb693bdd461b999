// Reports: the page, its numbers, and data for Model Explorer.
#include <nanobind/nanobind.h>
#include <nanobind/stl/vector.h>
#include <narrow/report.h>

#include "bind.h"
#include "handles.h"
#include "keywords.h"
#include "source.h"
#include "text.h"
#include "work.h"

namespace nb = nanobind;

namespace narrow::python {
namespace {

/// `models`: (name, model, what `quantize` said of it or None) of each. (page, JSON, [(name, JSON) for Model
/// Explorer]).
nb::tuple report_models(const nb::list& models, size_t detail, nb::handle reference, nb::handle given, nb::handle data,
                        nb::handle labels, const nb::object& in_keywords, const nb::dict& options,
                        nb::object progress) {
  Work work(std::move(progress));
  Keywords keywords(options);
  ReportRequest r;
  if (auto const n = keywords.count("measure")) r.samples = *n;
  Source const source = source_of(data, keywords, work);
  r.data = source.data;
  r.labels = labels_of(labels);
  for (nb::handle const one : models) {
    auto const parts = nb::cast<nb::tuple>(one);
    ReportedModel model{nb::cast<std::string>(parts[0]), nb::cast<NativeModel>(parts[1]).value};
    if (!parts[2].is_none()) model.made = *nb::cast<NativeQuantization>(parts[2]).value;
    r.models.push_back(std::move(model));
  }
  r.detail = detail;
  const auto& made = r.models.at(detail).made;
  if (!reference.is_none()) r.reference = nb::cast<NativeModel>(reference).value;
  if (!r.reference && made) r.reference = made->prepared;
  if (!given.is_none()) r.given = nb::cast<NativeModel>(given).value;
  keywords.text("signature", &r.signature);
  keywords.flag("try_schemes", &r.try_schemes);
  r.flash = keywords.count("flash", 1, true);
  r.ram = keywords.count("ram", 1, true);
  if (nb::object const drop = keywords.object("max_drop"); drop.is_valid())
    r.max_drop = drop_of(drop, r.labels.given());
  keywords.threads(&r.threads);
  keywords.finish();
  r.progress = &work.progress;
  Report report = value(work.run([&] { return make_report(r); }));
  change_texts(report, [&](const std::string& text) { return nb::cast<std::string>(in_keywords(text)); });
  nb::list nodes;
  for (const NodeData& figures : node_data(report)) nodes.append(nb::make_tuple(figures.name, figures.json));
  return nb::make_tuple(report_html(report), report_json(report), nodes);
}

}  // namespace

void bind_reports(nb::module_& m) {
  nb::class_<NativeQuantization>(m, "Quantization");
  m.def("report", &report_models, nb::arg("models"), nb::arg("detail"), nb::arg("reference").none(),
        nb::arg("given").none(), nb::arg("data").none(), nb::arg("labels").none(), nb::arg("in_keywords"),
        nb::arg("options"), nb::arg("progress").none());
}

}  // namespace narrow::python
