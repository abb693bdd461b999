#include "api/hand_ranges.h"

#include <algorithm>
#include <cmath>

#include "base/nearest.h"

namespace narrow {
namespace {

constexpr size_t kNamesShown = 3;

std::string short_name(const std::string& name) {
  return name.substr(0, name.find(';'));
}

tl::unexpected<Error> refuse_name(const std::string& name, const std::string& why, std::string remedy) {
  return refuse("act_max", "`act_max`: '" + readable(name) + "' " + why, std::move(remedy));
}

/// Float tensors of all graphs that hold values of a run.
std::vector<TensorRef> activations(const Model& model) {
  std::vector<TensorRef> out;
  for (int g = 0; g < static_cast<int>(model.graphs.size()); ++g)
    for (int t = 0; t < static_cast<int>(model.graphs[static_cast<size_t>(g)].tensors.size()); ++t) {
      const Tensor& tensor = model.graphs[static_cast<size_t>(g)].tensor(t);
      if (tensor.dtype == DType::float32 && !tensor.constant) out.push_back({g, t});
    }
  return out;
}

/// "did you mean a, b?": names that `given` is a part of, then the one nearest to it.
std::string meant(const std::string& given, const std::vector<std::string>& names) {
  std::vector<std::string> near;
  for (const std::string& n : names)
    if (near.size() < kNamesShown && n.find(given) != std::string::npos) near.push_back(n);
  if (near.empty())
    if (auto const n = nearest(given, names)) near.push_back(*n);
  if (near.empty()) return "`inspect()` lists the names";
  std::string out = "did you mean ";
  for (size_t i = 0; i < near.size(); ++i) out += (i ? ", " : "") + readable(near[i]);
  return out + "?";
}

class Names {
 public:
  explicit Names(const Model& model) : model_(model), all_(activations(model)) {}

  Result<std::vector<TensorRef>> find(const std::string& given) const {
    auto exact = those([&](const std::string& name) { return name == given; });
    if (!exact.empty()) return exact;
    auto begun = those([&](const std::string& name) { return short_name(name) == given; });
    if (begun.size() == 1) return begun;
    if (begun.size() > 1)
      return refuse_name(given, "is the beginning of several names",
                         "give the whole name: " + readable(name(begun[0])));
    std::vector<std::string> names;
    for (TensorRef t : all_) names.push_back(short_name(name(t)));
    return refuse_name(given, "is no activation of the model", meant(given, names));
  }

 private:
  template <class F>
  std::vector<TensorRef> those(F fits) const {
    std::vector<TensorRef> out;
    std::copy_if(all_.begin(), all_.end(), std::back_inserter(out), [&](TensorRef t) { return fits(name(t)); });
    return out;
  }
  const std::string& name(TensorRef t) const {
    return model_.graphs[static_cast<size_t>(t.graph)].tensor(t.tensor).name;
  }

  const Model& model_;
  std::vector<TensorRef> all_;
};

}  // namespace

Result<std::map<TensorRef, Limit>> place_by_hand(const Model& model, const std::vector<RangeGroup>& groups,
                                                 const std::vector<std::pair<std::string, double>>& given) {
  std::map<TensorRef, double> named;
  Names const names(model);
  for (const auto& [name, limit] : given) {
    if (!(limit >= 1e-30 && limit <= 1e30))
      return refuse_name(name, "cannot have a range of that size", "give a number from 1e-30 to 1e30");
    NARROW_TRY(auto const tensors, names.find(name));
    for (TensorRef t : tensors) {
      auto const group = std::find_if(groups.begin(), groups.end(), [&](const RangeGroup& g) {
        return std::find(g.members.begin(), g.members.end(), t) != g.members.end();
      });
      if (group == groups.end()) return refuse_name(name, "does not become integer", "leave it out");
      if (!group->fixed_by.empty())
        return refuse_name(name, "has quantization parameters of its own: " + group->fixed_by, "leave it out");
      named[t] = limit;
    }
  }
  std::map<TensorRef, Limit> out;
  for (const RangeGroup& g : groups) {
    double limit = 0;
    for (TensorRef t : g.members)
      if (auto const at = named.find(t); at != named.end()) limit = std::max(limit, at->second);
    for (TensorRef t : g.members)
      if (limit > 0) out[t] = g.limit(limit);
  }
  return out;
}

}  // namespace narrow
