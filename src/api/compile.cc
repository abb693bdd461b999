// compile of the public interface: a project in C99, or headers.
#include "narrow/compile.h"

#include <algorithm>
#include <filesystem>

#include "api/data.h"
#include "api/given.h"
#include "api/measured_code.h"
#include "api/prepared_program.h"
#include "api/project_costs.h"
#include "base/cancel.h"
#include "base/guarded.h"
#include "base/new_folder.h"
#include "emit/c/certificate.h"
#include "emit/c/project.h"
#include "emit/constants/names.h"
#include "ops/control/state.h"
#include "ops/def/totals.h"

namespace narrow {
namespace {

/// What headers alone, or projects, have no use for.
Status check_fields(const CompileRequest& request) {
  if (!request.headers_only) {
    bool const layout =
        request.layout.conv != LayoutChoice::Conv::stored || request.layout.dense != LayoutChoice::Dense::stored;
    if (!layout && request.style == HeaderStyle::array && !request.packed) return {};
    std::string const field = layout ? "layout" : request.packed ? "packed" : "style";
    return refuse(field, "`" + field + "` is of headers: a project has the layout that its kernels read",
                  "add `headers_only`, or leave it out");
  }
  const std::pair<const char*, bool> kOfProjects[] = {{"certificate", !request.certificate.empty()},
                                                      {"golden", request.golden.given()},
                                                      {"packages", !request.packages.empty()},
                                                      {"cc", !request.cc.empty()},
                                                      {"target", request.target != Target::portable},
                                                      {"optimize", request.optimize != Optimize::speed},
                                                      {"flash", request.flash.has_value()},
                                                      {"ram", request.ram.has_value()},
                                                      {"place", !request.place.empty()}};
  for (auto const& [field, given] : kOfProjects)
    if (given)
      return refuse(field, "`" + std::string(field) +
                               "` does not go with `headers_only`, which leaves out the code that it is of");
  return {};
}

Result<CompileResult> write_headers(const Model& model, const CompileRequest& request) {
  ExportRequest constants;
  constants.folder = request.folder;
  constants.format = ExportFormat::header;
  constants.layout = request.layout;
  constants.style = request.style;
  constants.packed = request.packed;
  constants.name = request.name;
  constants.cancel = request.cancel;
  NARROW_TRY(ExportResult written, export_constants(model, constants));
  CompileResult out;
  out.files = std::move(written.files);
  out.name = std::move(written.name);
  out.constants = written.constants;
  out.weight_bytes = written.bytes;
  out.macs = totals(model).macs;
  return out;
}

Result<Golden> golden_for(const Program& program, const CompileRequest& request, int entry) {
  if (!request.golden.given()) {
    auto golden = golden_of_seeded(program);
    if (!golden)
      return pass(std::move(golden), "the sample from a fixed seed that the self-test would store; give `golden`");
    return golden;
  }
  NARROW_TRY(auto const data, open_data(*program.model, request.golden, entry));
  NARROW_TRY(int64_t const samples, sample_count(request.golden, *data));
  NARROW_TRY(int64_t const sequence, sequence_samples(request.golden, keeps_state(*program.model, entry)));
  return golden_of(program, *data, samples, sequence);
}

CertifiedBounds bounds_of(const Certificate& certificate) {
  CertifiedBounds out{static_cast<int64_t>(certificate.calls.size()), 0, spare_bits(certificate, "accumulator")};
  for (const CertifiedCall& c : certificate.calls) out.channels += static_cast<int64_t>(c.bias.size());
  return out;
}

/// The name in `folder` that `path` stands for; empty where it is a place elsewhere.
std::string name_inside(const std::string& folder, const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  fs::path const whole = fs::weakly_canonical(path, ignored), name = whole.filename();
  return whole == fs::weakly_canonical(folder, ignored) / name ? name.string() : "";
}

/// No file of the project takes the place of one that was read.
Status check_inputs_stay(const std::vector<ProjectFile>& files, const Model& model, const CompileRequest& request) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  for (const ProjectFile& f : files)
    for (const std::string& read : {model.source, request.golden.path})
      if (!read.empty() && fs::equivalent(fs::path(request.folder) / f.name, read, ignored))
        return refuse("folder", "`folder` has a file of the project's names that is read: " + read,
                      "give another folder");
  return {};
}

Status write(NewFile& file, const std::string& text) {
  return file.append(std::as_bytes(std::span(text)));
}

/// The certificate in the folder, or beside it: then the file that is still to be finished.
Result<std::optional<NewFile>> write_certificate(const std::string& text, const CompileRequest& request,
                                                 NewFolder& folder) {
  std::string const name = name_inside(request.folder, request.certificate);
  if (std::ranges::find(folder.names(), name) != folder.names().end())
    return refuse("certificate", "`certificate` names a file of the project: '" + name + "'", "give it another name");
  NARROW_TRY(NewFile file, name.empty() ? NewFile::create(request.certificate) : folder.file(name));
  NARROW_CHECK(write(file, text));
  if (name.empty()) return std::optional(std::move(file));
  NARROW_CHECK(file.finish());
  return std::nullopt;
}

Result<CompileResult> write_project(const ModelPtr& given, const CompileRequest& request) {
  std::string const name = request.name.empty() ? default_identifier(given->source) : request.name;
  if (!is_identifier(name))
    return refuse(
        "name", "`name` does not take '" + name + "'",
        "it takes a C identifier of at most 32 characters that begins with a letter, no keyword and no name that "
        "the project or the C library needs");
  NARROW_TRY(PreparedProgram prepared, prepare_program(given, request, name));
  auto& [entry, folded, c_program, out] = prepared;
  if (!out.over_budget.empty()) return std::move(out);

  LowerContext const context{*find_profile(to_string(Profile::narrow))};
  NARROW_TRY(Program const program, lower(folded, context, entry));
  NARROW_TRY(Golden const golden, golden_for(program, request, entry));
  NARROW_TRY(NewFolder folder, NewFolder::create(request.folder, request.cancel));
  std::vector<ProjectFile> const files = project_files(c_program, golden, request.packages, measured_lines(out));
  NARROW_CHECK(check_inputs_stay(files, *given, request));
  for (const ProjectFile& f : files) {
    NARROW_TRY(NewFile file, folder.file(f.name));
    NARROW_CHECK(write(file, f.text));
    NARROW_CHECK(file.finish());
  }
  std::optional<NewFile> apart;
  if (!request.certificate.empty()) {
    NARROW_TRY(Certificate const certified, certificate(c_program));
    NARROW_TRY(apart, write_certificate(to_json(certified), request, folder));
    out.certified = bounds_of(certified);
  }
  out.files = folder.names();
  out.golden_samples = golden.samples;
  NARROW_CHECK(folder.finish());
  if (apart) NARROW_CHECK(apart->finish());
  return out;
}

}  // namespace

Result<CompileResult> compile(const ModelPtr& model, const CompileRequest& request) {
  CancelScope const scope(request.cancel);
  return guarded([&]() -> Result<CompileResult> {
    NARROW_CHECK(check_given(model));
    NARROW_CHECK(check_numbers(*model));
    NARROW_CHECK(check_fields(request));
    return request.headers_only ? write_headers(*model, request) : write_project(model, request);
  });
}

}  // namespace narrow
