// export_constants of the public interface.
#include "narrow/export.h"

#include "base/guarded.h"
#include "base/new_folder.h"
#include "emit/constants/array_files.h"
#include "emit/constants/names.h"
#include "emit/header/header.h"
#include "simplify/plain_forms.h"
#include "simplify/simplify.h"

namespace narrow {
namespace {

Status write_constants(const Model& model, const std::vector<Constant>& constants, const ExportRequest& request,
                       const std::string& name, NewFolder& folder) {
  switch (request.format) {
    case ExportFormat::npy:
      return write_arrays(model, constants, ArrayFormat::npy, folder);
    case ExportFormat::csv:
      return write_arrays(model, constants, ArrayFormat::csv, folder);
    case ExportFormat::header:
      break;
  }
  return write_header(model, constants, {name, request.style == HeaderStyle::define}, folder);
}

Result<ExportResult> write_export(const Model& given, const ExportRequest& request) {
  if (request.packed && request.format != ExportFormat::header)
    return refuse("packed", "`packed` is of headers: other formats have no elements of 4 bits",
                  "choose `format=header`, or leave it out");
  NARROW_TRY(PlainModel plain, in_plain_forms(given));
  if (!request.packed) forget_four_bits(plain.model);
  const Model& model = plain.model;
  std::string const name = request.name.empty() ? default_identifier(model.source) : request.name;
  if (!is_identifier(name))
    return refuse("name", "`name` does not take '" + name + "'",
                  "it takes a C identifier of at most 32 characters that begins with a letter");
  auto const constants = list_constants(model, request.layout);
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
    auto const bytes = static_cast<int64_t>(c.tensor->data.size());
    result.bytes += c.tensor->four_bits ? (bytes + 1) / 2 : bytes;
  }
  if (request.format == ExportFormat::header) result.name = name;
  NARROW_CHECK(folder.finish());
  return result;
}

}  // namespace

Result<ExportResult> export_constants(const Model& model, const ExportRequest& request) {
  return guarded([&] { return write_export(model, request); });
}

std::optional<LayoutChoice> parse_layout(std::string_view text) {
  using Conv = LayoutChoice::Conv;
  using Dense = LayoutChoice::Dense;
  auto const conv = [](std::string_view word) -> std::optional<Conv> {
    if (word == "ohwi") return Conv::ohwi;
    if (word == "hwio") return Conv::hwio;
    return std::nullopt;
  };
  auto const dense = [](std::string_view word) -> std::optional<Dense> {
    if (word == "transposed") return Dense::transposed;
    if (word == "cmsis-q7-opt") return Dense::cmsis_q7_opt;
    return std::nullopt;
  };
  if (text == "stored") return LayoutChoice{};
  if (auto const alone = dense(text)) return LayoutChoice{Conv::stored, *alone};
  size_t const comma = std::min(text.find(','), text.size());
  auto const first = conv(text.substr(0, comma));
  if (!first) return std::nullopt;
  if (comma == text.size()) return LayoutChoice{*first, Dense::stored};
  auto const second = dense(text.substr(comma + 1));
  return second ? std::optional(LayoutChoice{*first, *second}) : std::nullopt;
}

}  // namespace narrow
