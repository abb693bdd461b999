#include "check_model.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <set>

#include "../tests/same_model.h"
#include "emit/header/describe.h"
#include "emit/header/plan.h"
#include "graph/print.h"
#include "ops/check/validate.h"
#include "ops/def/totals.h"
#include "program/runner.h"
#include "quantize/quantize.h"
#include "read/read.h"
#include "simplify/recurrent/recognise.h"
#include "simplify/simplify.h"
#include "tflite/write.h"

namespace narrow {
namespace {

constexpr int64_t kMostMacs = 1'000'000, kMostElements = 100'000, kMostOps = 1000;
constexpr int kBatch = 2;

[[noreturn]] void report(const std::string& what) {
  std::fprintf(stderr, "%s\n", what.c_str());
  std::abort();
}

void check_error(const Error& e) {
  if (e.kind == ErrorKind::internal || (e.what + e.where + e.remedy).find('\n') != std::string::npos || e.what.empty())
    report("bad error: " + e.what + " (" + e.where + ")");
}

/// The value of a result, or nothing after its error has been looked at.
template <class T>
std::optional<T> value_or_error(Result<T> result) {
  if (result) return std::move(*result);
  check_error(result.error());
  return std::nullopt;
}

void check_valid(const Model& model, const char* after) {
  if (auto valid = validate(model); !valid)
    report(std::string("not valid once ") + after + ": " + valid.error().what + " (" + valid.error().where + ")");
}

/// Small enough for many runs a second.
bool is_small(const Model& model) {
  int64_t elements = 0;
  size_t ops = 0;
  for (const Graph& g : model.graphs) {
    ops += g.ops.size();
    for (const Tensor& t : g.tensors) elements = std::max(elements, t.elements());
  }
  int64_t const macs = totals(model).macs;
  return elements <= kMostElements && macs >= 0 && macs <= kMostMacs && ops < kMostOps;
}

/// Every constant has its values in every layout, every symbol of a header is there once, and no name ends a comment.
void check_export(const Model& model) {
  for (const char* layout : {"stored", "ohwi", "hwio,transposed"}) {
    auto const constants = list_constants(model, *parse_layout(layout));
    for (const Constant& c : constants)
      if (c.left_out.empty() && c.values().size() != c.tensor->data.size()) report("a layout lost values of " + c.name);
    for (bool const defines : {false, true}) {
      HeaderPlan const plan = plan_header(model, constants, {"fuzz", defines});
      std::string comments = file_comment(model, plan);
      for (const Section& s : plan.sections) comments += op_comment(model, s.graph, s.op, s.facts);
      for (const Constant& c : constants) comments += constant_comment(c);
      for (size_t at = 0; (at = comments.find("*/", at)) != std::string::npos; at += 2)
        if (comments.compare(at, 3, "*/\n") != 0) report("a comment ends early");
      std::set<std::string> const symbols(plan.symbols.begin(), plan.symbols.end());
      if (symbols.size() != constants.size()) report("constants share a symbol");
    }
  }
}

std::optional<Model> check_read(const SharedBytes& bytes) {
  auto model = value_or_error(read_model(bytes, "fuzz"));
  if (!model) return std::nullopt;
  check_valid(*model, "read");
  auto const written = value_or_error(write_tflite(*model));
  if (!written) return model;
  auto const again = read_model(SharedBytes(*written), "again");
  if (!again) report("written, but not read: " + again.error().what + " (" + again.error().where + ")");
  if (auto const d = difference(*model, *again); !d.empty()) report("not the same: " + d);
  if (*write_tflite(*again) != *written) report("written differently");
  for (const Graph& g : model->graphs) print(g);
  if (is_small(*model)) check_export(*model);
  return model;
}

/// Values of every kind for an input: all floats are numbers of moderate size.
void fill(const Tensor& t, std::byte* to) {
  int64_t const elements = t.elements() * kBatch;
  if (t.dtype == DType::float32) {
    for (int64_t i = 0; i < elements; ++i) {
      float const v = static_cast<float>(i * 37 % 101 - 50) / 16;
      std::memcpy(to + i * 4, &v, 4);
    }
    return;
  }
  int64_t const bytes = storage_bytes(t.dtype, t.elements()).value_or(0) * kBatch;
  bool const wide = t.dtype == DType::int32 || t.dtype == DType::int64 || t.dtype == DType::boolean;
  // Indices and truth values are small numbers.
  int64_t const width = std::max<int64_t>(static_cast<int64_t>(element_bytes(t.dtype)), 1);
  for (int64_t i = 0; i < bytes; ++i)
    to[i] = static_cast<std::byte>(wide ? (i % width == 0 ? i / width % 2 : 0) : i * 73 % 256);
}

using Outputs = std::vector<std::vector<std::byte>>;

/// The outputs over a batch, or nothing where the program is refused or too large to run here.
std::optional<Outputs> run(const std::shared_ptr<const Model>& model, const ProfileDef& profile, bool reference) {
  auto program = value_or_error(lower(model, {.profile = profile, .max_batch = kBatch, .reference = reference}));
  if (!program || program->arena_bytes > 64 * kMostElements || program->scratch_bytes > 64 * kMostElements)
    return std::nullopt;
  Runner runner(std::move(*program));
  const Graph& g = model->main();
  for (size_t i = 0; i < g.inputs.size(); ++i) fill(g.tensor(g.inputs[i]), runner.input(i));
  if (auto const done = runner.run(kBatch); !done) {
    check_error(done.error());
    return std::nullopt;
  }
  Outputs out;
  for (size_t i = 0; i < g.outputs.size(); ++i) {
    const Tensor& t = g.tensor(g.outputs[i]);
    int64_t const bytes = t.constant ? 0 : storage_bytes(t.dtype, t.elements()).value_or(0) * kBatch;
    out.emplace_back(runner.output(i), runner.output(i) + bytes);
  }
  return out;
}

/// Whether every kernel has to give the same bits: there are no floats.
bool is_exact(const Model& model) {
  for (const Graph& g : model.graphs)
    for (const Tensor& t : g.tensors)
      if (!t.constant && t.is_float()) return false;
  return true;
}

void check_runs(const std::shared_ptr<const Model>& model) {
  if (!is_small(*model)) return;
  bool const exact = is_exact(*model);
  for (const ProfileDef& profile : all_profiles()) {
    auto const fast = run(model, profile, false), plain = run(model, profile, true);
    if (fast && plain && exact && *fast != *plain) report(std::string("kernels differ, profile ") + profile.name);
  }
}

/// Ranges that depend on the tensor and hold zero.
Result<Range> some_range(TensorRef tensor, const std::string&, int) {
  int const number = tensor.tensor + tensor.graph;
  float const size = static_cast<float>(number % 7) * 0.75F;
  return Range{number % 3 == 0 ? 0 : -size, number % 4 == 0 ? size / 2 : size};
}

bool is_lowered(const std::shared_ptr<const Model>& model) {
  return value_or_error(lower(model, {.profile = all_profiles().front()})).has_value();
}

/// What runs as float runs as integers once quantized.
void check_quantized(const std::shared_ptr<const Model>& model) {
  if (!is_small(*model)) return;
  bool const lowered = is_lowered(model);
  for (const SchemeDef& scheme : all_schemes())
    for (bool const allow_float : {false, true}) {
      QuantizeOptions options;
      options.scheme = &scheme;
      options.recipe = recipe_of(scheme);
      options.allow_float = allow_float;
      auto done = value_or_error(quantize(*model, some_range, options));
      if (!done) continue;
      check_valid(done->model, "quantized");
      auto const quantized = std::make_shared<const Model>(std::move(done->model));
      if (!value_or_error(write_tflite(*quantized))) continue;
      if (lowered && !is_lowered(quantized)) report(std::string("lowered, but not once quantized by ") + scheme.name);
      check_runs(quantized);
    }
}

/// Loops that a change has made endless end soon.
void bound_loops() {
  constexpr int kMostRuns = 64;
  if (limits_in_force().graph_runs <= kMostRuns) return;
  Limits limits = limits_in_force();
  limits.graph_runs = kMostRuns;
  set_limits(limits);
}

std::shared_ptr<const Model> simplified(const Model& model) {
  auto simple = value_or_error(simplify(model));
  if (!simple) return nullptr;
  check_valid(*simple, "simplified");
  return std::make_shared<const Model>(std::move(*simple));
}

/// Steps of recurrent layers as ops.
void check_recognised(const Model& model) {
  auto recognised = std::make_shared<const Model>(recognise_loops(model));
  if (recognised->notes.size() == model.notes.size()) return;
  check_valid(*recognised, "recognised");
  check_runs(recognised);
}

}  // namespace

void check_reading(const SharedBytes& bytes) {
  check_read(bytes);
}

void check_running(const SharedBytes& bytes) {
  bound_loops();
  auto model = check_read(bytes);
  if (!model || !is_small(*model)) return;
  auto const whole = std::make_shared<const Model>(std::move(*model));
  check_runs(whole);
  if (auto const simple = simplified(*whole)) check_runs(simple);
  check_recognised(*whole);
}

void check_quantizing(const SharedBytes& bytes) {
  bound_loops();
  auto model = check_read(bytes);
  if (!model || !is_small(*model)) return;
  auto const whole = std::make_shared<const Model>(std::move(*model));
  check_runs(whole);
  auto const simple = simplified(*whole);
  if (!simple) return;
  check_runs(simple);
  check_quantized(simple);
}

}  // namespace narrow
