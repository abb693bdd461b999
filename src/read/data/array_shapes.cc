#include "read/data/array_shapes.h"

#include "read/data/dataset.h"
#include "read/data/npy.h"
#include "read/data/zip.h"

namespace narrow {
namespace {

Result<std::vector<ArrayShape>> shapes_in(const SharedSource& source, const std::string& path) {
  std::vector<ArrayShape> out;
  if (path.ends_with(".npy")) {
    NARROW_TRY(NpyArray array, open_npy(source));
    out.push_back({"", std::move(array.shape)});
  }
  if (!path.ends_with(".npz")) return out;
  NARROW_TRY(std::vector<ZipMember> const members, read_zip(source));
  for (const ZipMember& m : members) {
    NARROW_TRY(NpyArray array, open_npy(m.bytes));
    std::string name = m.name.ends_with(".npy") ? m.name.substr(0, m.name.size() - 4) : m.name;
    out.push_back({std::move(name), std::move(array.shape)});
  }
  return out;
}

}  // namespace

Result<std::vector<ArrayShape>> array_shapes(const std::string& path) {
  NARROW_TRY(std::vector<std::string> const files, files_of(path));
  auto source = open_source(files.front());
  if (!source) return pass(std::move(source), files.front());
  auto shapes = shapes_in(*source, files.front());
  return shapes ? std::move(shapes) : pass(std::move(shapes), files.front());
}

}  // namespace narrow
