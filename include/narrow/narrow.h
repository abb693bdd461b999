// narrow: quantizes neural networks and runs them in integers, bit for bit. All that the command line does, in C++.
//
//   narrow::QuantizeRequest request;
//   request.data.path = "train.npy";
//   auto model = narrow::load("model.tflite");
//   auto quantized = narrow::quantize(*model, request);
//   if (quantized) narrow::save(*quantized->model, "model_int8.tflite");
//   else std::cerr << quantized.error().what << "\n";
//
// Nothing here throws, prints or ends the process (but see export.h and report.h): where memory runs out, the error is
// limit_exceeded. Functions may be called from several threads, for one model too.
#pragma once

#include <narrow/calibrate.h>
#include <narrow/compile.h>
#include <narrow/convert.h>
#include <narrow/data.h>
#include <narrow/dtype.h>
#include <narrow/evaluate.h>
#include <narrow/export.h>
#include <narrow/fit.h>
#include <narrow/inspect.h>
#include <narrow/limits.h>
#include <narrow/model.h>
#include <narrow/progress.h>
#include <narrow/quantize.h>
#include <narrow/report.h>
#include <narrow/result.h>
#include <narrow/rounding.h>
#include <narrow/run.h>
#include <narrow/session.h>
#include <narrow/support.h>
#include <narrow/types.h>
#include <narrow/verify.h>
#include <narrow/version.h>
#include <narrow/visibility.h>
