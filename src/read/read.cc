#include "read/read.h"

#include <sys/stat.h>

#include <array>
#include <string_view>

#include "base/file.h"
#include "ops/check/validate.h"
#include "read/graphdef/graphdef.h"
#include "read/keras/keras.h"
#include "read/onnx/onnx.h"
#include "tflite/read.h"

namespace narrow {
namespace {

using namespace std::string_view_literals;

struct Format {
  const char* name;
  bool (*recognise)(std::string_view);
  Result<Model> (*read)(SharedBytes, std::string, const LoadOptions&, const Limits&);
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
bool looks_hdf5(std::string_view b) {
  return begins(b, "\x89HDF\r\n\x1a\n"sv);
}
bool looks_zip(std::string_view b) {
  return begins(b, "PK\x03\x04"sv);
}
// Protocol buffers have no signature. ModelProto begins with field 1, a small number, and names its producer in
// field 2; GraphDef begins with a node (field 1) whose first field is its name.
bool looks_onnx(std::string_view b) {
  return b.size() > 4 && b[0] == '\x08' && b[1] > 0 && b[1] < 32 && (b[2] == '\x12' || b[2] == ':' || b[2] == '\x42');
}
bool looks_graph_def(std::string_view b) {
  if (b.size() <= 8 || b[0] != '\x0a') return false;
  auto const name = b.substr(1, 8).find('\x0a');
  return name != std::string_view::npos && name <= 5;
}

// In order of preference.
constexpr std::array<Format, 5> kFormats{{
    {".tflite", looks_tflite, read_plain_tflite},
    {"HDF5 (Keras .h5)", looks_hdf5, read_keras_h5},
    {"zip (.keras)", looks_zip, read_keras_zip},
    {"ONNX", looks_onnx, read_onnx},
    {"GraphDef (.pb)", looks_graph_def, read_graph_def},
}};

Result<Model> parse(SharedBytes file, const std::string& source, const LoadOptions& options, const Limits& limits) {
  std::string_view const bytes(reinterpret_cast<const char*>(file.data()), file.size());
  for (const Format& format : kFormats) {
    if (format.recognise(bytes)) return format.read(std::move(file), source, options, limits);
  }
  return fail(ErrorKind::bad_file, bytes.empty() ? "the file is empty" : "this is not a model in a format known here",
              source, "models are .tflite files");
}

}  // namespace

Result<Model> read_model(SharedBytes file, const std::string& source, const LoadOptions& options,
                         const Limits& limits) {
  NARROW_TRY(Model model, parse(std::move(file), source, options, limits));
  NARROW_CHECK(settle(model, options));
  return model;
}

Result<Model> read_model(const std::string& path, const LoadOptions& options, const Limits& limits) {
  NARROW_TRY(Model model, parse_model(path, options, limits));
  NARROW_CHECK(settle(model, options));
  return model;
}

Result<Model> parse_model(const std::string& path, const LoadOptions& options, const Limits& limits) {
  struct stat info {};
  if (::stat((path + "/saved_model.pb").c_str(), &info) == 0) return read_saved_model(path, options, limits);
  NARROW_TRY(SharedBytes file, read_file(path, limits.file_bytes));
  return parse(std::move(file), path, options, limits);
}

}  // namespace narrow
