// The parts of the extension module: each declares functions of a job in it.
#pragma once

#include <nanobind/nanobind.h>
#include <narrow/export.h>
#include <narrow/fit.h>

#include "keywords.h"

namespace narrow::python {

void bind_models(nanobind::module_& m);
void bind_jobs(nanobind::module_& m);  // calibrate, quantize, evaluate, run, fit, compile
void bind_reports(nanobind::module_& m);
void bind_session(nanobind::module_& m);  // a model made ready to run

/// "1%", "3dB", or a number, which counts points where there are labels, else decibels. Throws Failure.
MostDrop drop_of(nanobind::handle given, bool labels);

/// The keyword layout. Throws Failure.
LayoutChoice layout_of(Keywords& keywords);

}  // namespace narrow::python
