#include "emit/constants/op_names.h"

#include <fmt/format.h>

#include <set>

#include "base/unique_names.h"
#include "emit/constants/names.h"
#include "ops/def/op_def.h"

namespace narrow {
namespace {

/// What a model calls an op, as a plain name: of a path the part before the last, which is the layer's where the last
/// is an operation inside of it. Empty where the name lists several ops, or is the one that TensorFlow gives outputs.
std::string own_name(const std::string& full) {
  if (full.find(';') != std::string::npos || full.find("PartitionedCall") != std::string::npos) return {};
  size_t const last = full.rfind('/');
  if (last == std::string::npos) return plain_name(full);
  size_t const before = last == 0 ? std::string::npos : full.rfind('/', last - 1);
  size_t const begin = before == std::string::npos ? 0 : before + 1;
  return plain_name(full.substr(begin, last - begin));
}

/// Kind and place: "CONV_0", cut to `most` characters.
std::string place_name(const Op& op, size_t index, size_t most) {
  std::string const end = fmt::format("_{}", index);
  std::string kind =
      plain_name(op.def && op.def->short_name ? op.def->short_name : op.type).substr(0, most - end.size());
  while (kind.ends_with('_')) kind.pop_back();
  return (kind.empty() ? "op" : kind) + end;
}

}  // namespace

std::vector<std::vector<std::string>> short_op_names(const Model& model, size_t most) {
  std::vector<std::vector<std::string>> out;
  std::set<std::string> own;
  UniqueNames all;
  for (const Graph& g : model.graphs) {
    std::vector<std::string>& names = out.emplace_back();
    for (size_t i = 0; i < g.ops.size(); ++i) {
      std::string name = own_name(op_name(g, g.ops[i]));
      if (name.empty() || name.size() > most || !own.insert(name).second) name = place_name(g.ops[i], i, most);
      names.push_back(all.take(name));
    }
  }
  return out;
}

}  // namespace narrow
