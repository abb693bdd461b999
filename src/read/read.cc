#include "read/read.h"

#include <sys/stat.h>

#include <array>
#include <string_view>

#include "base/file.h"
#include "ops/check/validate.h"
#include "read/cut.h"
#include "read/foreign.h"
#include "read/graphdef/graphdef.h"
#include "read/keras/keras.h"
#include "read/onnx/onnx.h"
#include "tflite/read.h"

namespace narrow {
namespace {

using namespace std::string_view_literals;

struct Format {
  bool (*recognise)(std::string_view);
  Result<Model> (*read)(SharedBytes, std::string, const LoadOptions&, const Limits&);
  Result<std::vector<FileOp>> (*list)(SharedBytes, std::string, const Limits&);  // null where the format has none
};

bool begins(std::string_view bytes, std::string_view with) {
  return bytes.substr(0, with.size()) == with;
}

bool looks_tflite(std::string_view b) {
  return is_tflite(std::as_bytes(std::span(b.data(), b.size())));
}
Result<Model> read_plain_tflite(SharedBytes file, std::string source, const LoadOptions&, const Limits& limits) {
  return read_tflite(std::move(file), std::move(source), limits);
}
/// Why an op of a parsed model cannot be computed, or nothing. Shapes that do not fit together are another matter.
std::string reason_against(const Graph& graph, const Op& op, bool settled) {
  if (!op.def) return "narrow does not know this op";
  if (!settled) return "";
  auto const computable = check_computable(graph, op);
  return computable ? "" : computable.error().what;
}

Result<std::vector<FileOp>> list_tflite_ops(SharedBytes file, std::string source, const Limits& limits) {
  NARROW_TRY(Model model, read_tflite(std::move(file), std::move(source), limits));
  NARROW_CHECK(check_structure(model));
  bool const settled = settle(model).has_value();
  std::vector<FileOp> ops;
  for (const Graph& graph : model.graphs)
    for (const Op& op : graph.ops) ops.push_back({op_name(graph, op), op.type, reason_against(graph, op, settled)});
  return ops;
}

bool looks_hdf5(std::string_view b) {
  return begins(b, "\x89HDF\r\n\x1a\n"sv);
}
bool looks_zip(std::string_view b) {
  return begins(b, "PK\x03\x04"sv);
}
// Protocol buffers have no signature. ModelProto begins with field 1, a small number, and the next is any other;
// GraphDef begins with a node (field 1) whose first field is its name.
bool looks_onnx(std::string_view b) {
  constexpr std::string_view kNext("\x12\x1a\x22\x28\x32\x3a\x42");  // fields 2 to 8
  return b.size() > 4 && b[0] == '\x08' && b[1] > 0 && b[1] < 32 && kNext.find(b[2]) != std::string_view::npos;
}
bool looks_graph_def(std::string_view b) {
  if (b.size() <= 8 || b[0] != '\x0a') return false;
  auto const name = b.substr(1, 8).find('\x0a');
  return name != std::string_view::npos && name <= 5;
}

// In order of preference.
constexpr std::array<Format, 5> kFormats{{
    {looks_tflite, read_plain_tflite, list_tflite_ops},
    {looks_hdf5, read_keras_h5, list_keras_h5_layers},
    {looks_zip, read_keras_zip, list_keras_zip_layers},
    {looks_onnx, read_onnx, list_onnx_ops},
    {looks_graph_def, read_graph_def, list_graph_def_ops},
}};

Result<const Format*> format_of(const SharedBytes& file, const std::string& source) {
  std::string_view const bytes(reinterpret_cast<const char*>(file.data()), file.size());
  if (auto known = check_not_foreign(bytes); !known) return pass(std::move(known), source);
  for (const Format& format : kFormats)
    if (format.recognise(bytes)) return &format;
  return fail(ErrorKind::bad_file, bytes.empty() ? "the file is empty" : "this is not a model in a format known here",
              source, "models are .tflite, .h5, .keras, .onnx and .pb files, and SavedModel folders");
}

/// The model between the ends that the options name.
Result<Model> cut(Model model, const LoadOptions& options) {
  if (options.inputs.empty() && options.outputs.empty()) return model;
  auto ok = check_structure(model);
  if (ok) ok = cut_model(model, options);
  if (!ok) return pass(std::move(ok), model.source);
  return model;
}

Result<Model> parse(SharedBytes file, const std::string& source, const LoadOptions& options, const Limits& limits) {
  NARROW_TRY(const Format* const format, format_of(file, source));
  NARROW_TRY(Model model, format->read(std::move(file), source, options, limits));
  return cut(std::move(model), options);
}

bool is_folder(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

bool is_saved_model(const std::string& path) {
  struct stat info {};
  return ::stat((path + "/saved_model.pb").c_str(), &info) == 0;
}

}  // namespace

Result<Model> read_model(SharedBytes file, const std::string& source, const LoadOptions& options,
                         const Limits& limits) {
  NARROW_TRY(Model model, parse(std::move(file), source, options, limits));
  NARROW_CHECK(settle(model, options));
  return model;
}

Result<Model> parse_model(SharedBytes file, const std::string& source, const LoadOptions& options,
                          const Limits& limits) {
  return parse(std::move(file), source, options, limits);
}

Result<Model> read_model(const std::string& path, const LoadOptions& options, const Limits& limits) {
  NARROW_TRY(Model model, parse_model(path, options, limits));
  NARROW_CHECK(settle(model, options));
  return model;
}

Result<Model> parse_model(const std::string& path, const LoadOptions& options, const Limits& limits) {
  if (is_saved_model(path)) {
    NARROW_TRY(Model model, read_saved_model(path, options, limits));
    return cut(std::move(model), options);
  }
  if (is_folder(path)) return fail(ErrorKind::io, "it is a folder that holds no saved_model.pb", path);
  if (is_checkpoint(path)) {
    NARROW_TRY(Model model, read_checkpoint(path, options, limits));
    return cut(std::move(model), options);
  }
  NARROW_TRY(SharedBytes file, read_file(path, limits.file_bytes));
  return parse(std::move(file), path, options, limits);
}

Result<std::vector<FileOp>> list_ops(const std::string& path, const Limits& limits) {
  if (is_saved_model(path)) return list_saved_model_ops(path, limits);
  if (is_checkpoint(path)) return list_checkpoint_ops(path, limits);
  NARROW_TRY(SharedBytes file, read_file(path, limits.file_bytes));
  NARROW_TRY(const Format* const format, format_of(file, path));
  if (!format->list) return std::vector<FileOp>();
  return format->list(std::move(file), path, limits);
}

}  // namespace narrow
