#include "cli/file_arguments.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>

namespace narrow {
namespace {

namespace fs = std::filesystem;

constexpr auto kRead = std::to_array<std::string_view>(
    {"MODEL", "S", "--data", "--golden", "--labels", "--recipe", "--reference", "--statistics", "--test"});
constexpr auto kSeveral = std::to_array<std::string_view>({"MODEL", "S", "--statistics"});  // of these, which take more
constexpr auto kWritten =
    std::to_array<std::string_view>({"-o", "--certificate", "--chart", "--node-data", "--per-op", "--report"});

bool is_listed(const auto& list, std::string_view name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

bool is_same(const fs::path& a, const fs::path& b) {
  std::error_code error;
  auto const kind = fs::status(a, error).type();
  if (fs::exists(fs::status(a, error)) && kind != fs::file_type::regular && kind != fs::file_type::directory)
    return false;
  if (fs::equivalent(a, b, error)) return true;
  fs::path const first = fs::weakly_canonical(a, error);
  return !error && first == fs::weakly_canonical(b, error) && !error;
}

/// Whether `output` is a file in that folder.
bool is_in(const std::string& output, const fs::path& folder) {
  std::error_code error;
  for (auto it = fs::directory_iterator(folder, error); !error && it != fs::directory_iterator(); it.increment(error))
    if (is_same(output, it->path())) return true;
  return false;
}

/// Whether `output` is one of the files with variables beside the .meta file of a checkpoint.
bool is_of_checkpoint(const std::string& output, const fs::path& meta) {
  std::error_code error;
  if (meta.extension() != ".meta" || !fs::exists(output, error)) return false;
  std::string const name = fs::path(output).filename().string(), stem = meta.stem().string();
  return (name == stem + ".index" || name.starts_with(stem + ".data-")) && is_same(output, meta.parent_path() / name);
}

/// Whether `output` is `other`, a file of its variables, or a file in that folder or, as it may be a SavedModel, in
/// that of its variables.
bool touches(const std::string& output, const std::string& other) {
  if (is_same(output, other) || is_of_checkpoint(output, other)) return true;
  std::error_code error;
  if (!fs::is_regular_file(output, error) || !fs::is_directory(other, error)) return false;
  return is_in(output, other) || is_in(output, fs::path(other) / "variables");
}

}  // namespace

bool names_one_file(const std::string& name) {
  return is_listed(kWritten, name) || (is_listed(kRead, name) && !is_listed(kSeveral, name));
}

Status check_distinct(const std::vector<FileArgument>& arguments) {
  for (const FileArgument& a : arguments) {
    if (!is_listed(kWritten, a.name)) continue;
    for (const FileArgument& b : arguments) {
      bool const written = is_listed(kWritten, b.name);
      if (a.name == b.name || !(written || is_listed(kRead, b.name))) continue;
      for (const std::string& path : b.paths)
        if (written ? is_same(a.paths.back(), path) : touches(a.paths.back(), path))
          return fail(
              ErrorKind::bad_option, fmt::format("{} and {} name the same file: '{}'", a.name, b.name, a.paths.back()),
              "command line",
              written ? "two outputs need two names" : "give the output another name: inputs are not written over");
    }
  }
  return {};
}

Status check_report(const std::string& path) {
  if (path.empty() || path.ends_with(".html") || path.ends_with(".json")) return {};
  return fail(ErrorKind::bad_option, "--report does not write '" + path + "'", "command line",
              "give a name that ends in .html or .json");
}

}  // namespace narrow
