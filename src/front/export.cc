// export_constants of the public interface.
#include <filesystem>

#include "base/guarded.h"
#include "base/new_folder.h"
#include "emit/constants/array_files.h"
#include "emit/constants/names.h"
#include "emit/header/header.h"
#include "narrow/narrow.h"

namespace narrow {
namespace {

/// An identifier made from the name of the model's file.
std::string default_name(const Model& model) {
  std::string name = plain_name(std::filesystem::path(model.source).stem().string()).substr(0, 24);
  if (!is_identifier(name)) name = name.empty() ? "model" : "model_" + name;
  return name;
}

Status write_constants(const Model& model, const std::vector<Constant>& constants, const ExportRequest& request,
                       const std::string& name, NewFolder& folder) {
  if (request.format == "npy") return write_arrays(model, constants, ArrayFormat::npy, folder);
  if (request.format == "csv") return write_arrays(model, constants, ArrayFormat::csv, folder);
  return write_header(model, constants, {name, request.style == "define"}, folder);
}

tl::unexpected<Error> refuse(const char* option, const std::string& given, const char* remedy) {
  return fail(ErrorKind::bad_option, std::string(option) + " does not take '" + given + "'", {}, remedy);
}

Status check(const ExportRequest& request, const std::string& name) {
  if (request.format != "npy" && request.format != "csv" && request.format != "header")
    return refuse("--format", request.format, "choose npy, csv, header");
  if (request.style != "array" && request.style != "define")
    return refuse("--style", request.style, "choose array, define");
  if (!is_identifier(name))
    return refuse("--name", name, "it takes a C identifier of at most 32 characters that begins with a letter");
  return {};
}

Result<ExportResult> write_export(const Model& model, const ExportRequest& request) {
  NARROW_TRY(LayoutChoice const layout, parse_layout(request.layout));
  std::string const name = request.name.empty() ? default_name(model) : request.name;
  NARROW_CHECK(check(request, name));
  auto const constants = list_constants(model, layout);
  NARROW_TRY(NewFolder folder, NewFolder::create(request.folder, request.cancel));
  NARROW_CHECK(write_constants(model, constants, request, name, folder));
  ExportResult result;
  result.files = folder.names();
  for (const Constant& c : constants) {
    if (!c.left_out.empty()) {
      result.left_out.push_back(c.tensor->name);
      continue;
    }
    ++result.constants;
    result.bytes += static_cast<int64_t>(c.tensor->data.size());
  }
  if (request.format == "header") result.name = name;
  NARROW_CHECK(folder.finish());
  return result;
}

}  // namespace

Result<ExportResult> export_constants(const Model& model, const ExportRequest& request) {
  return guarded([&] { return write_export(model, request); });
}

}  // namespace narrow
