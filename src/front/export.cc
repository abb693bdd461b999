// export_constants of the public interface.
#include "base/new_folder.h"
#include "emit/constants/array_files.h"
#include "narrow/narrow.h"

namespace narrow {
namespace {

Status write_constants(const Model& model, const std::vector<Constant>& constants, const ExportRequest& request,
                       NewFolder& folder) {
  if (request.format == "npy") return write_arrays(model, constants, ArrayFormat::npy, folder);
  if (request.format == "csv") return write_arrays(model, constants, ArrayFormat::csv, folder);
  return fail(ErrorKind::bad_option, "there is no format '" + request.format + "'", {}, "choose npy, csv");
}

}  // namespace

Result<ExportResult> export_constants(const Model& model, const ExportRequest& request) {
  NARROW_TRY(LayoutChoice const layout, parse_layout(request.layout));
  auto const constants = list_constants(model, layout);
  NARROW_TRY(NewFolder folder, NewFolder::create(request.folder, request.cancel));
  NARROW_CHECK(write_constants(model, constants, request, folder));
  ExportResult result;
  result.files = folder.names();
  for (const Constant& c : constants) {
    if (c.left_out.empty())
      ++result.constants;
    else
      result.left_out.push_back(c.tensor->name);
  }
  NARROW_CHECK(folder.finish());
  return result;
}

}  // namespace narrow
