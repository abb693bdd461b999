#include <algorithm>
#include <set>

#include "read/keras/weights.h"

namespace narrow::keras {
namespace {

/// A weight and the parts of the name that the file gives it: {"conv2d", "kernel:0"}.
struct Weight {
  std::vector<std::string> path;
  KerasArray array;
};

std::vector<std::string> parts_of(const std::string& path) {
  std::vector<std::string> out;
  for (size_t from = 0; from <= path.size();) {
    size_t const to = std::min(path.find('/', from), path.size());
    if (to > from) out.push_back(path.substr(from, to - from));
    from = to + 1;
  }
  return out;
}

std::string joined(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& p : parts) out += (out.empty() ? "" : "/") + p;
  return out;
}

bool has(const Weight& weight, const std::string& name) {
  return std::find(weight.path.begin(), weight.path.end(), name) != weight.path.end();
}

/// A layer somewhere inside a model, and the models around it.
struct Leaf {
  KerasLayer* layer = nullptr;
  std::vector<std::string> around;
  std::set<std::string> names = {};  // its own, and those of what it holds
  std::vector<Weight> weights = {};
};

void add_names(const KerasLayer& layer, std::set<std::string>& names) {
  names.insert(layer.name);
  for (const KerasLayer& inner : layer.inner) add_names(inner, names);
  for (const KerasNetwork& network : layer.network)
    for (const KerasLayer& l : network.layers) add_names(l, names);
}

void add_leaves(KerasNetwork& network, const std::vector<std::string>& around, std::vector<Leaf>& leaves) {
  for (KerasLayer& layer : network.layers) {
    if (layer.network.empty()) {
      add_names(layer, leaves.emplace_back(Leaf{&layer, around}).names);
      continue;
    }
    auto inside = around;
    inside.push_back(layer.name);
    add_leaves(layer.network.front(), inside, leaves);
  }
}

Status give(std::vector<Weight> weights, KerasLayer& layer);

tl::unexpected<Error> homeless(const Weight& weight, const std::string& layer) {
  return fail(ErrorKind::bad_file, "it cannot be told which layer the weight " + joined(weight.path) + " belongs to",
              "layer " + layer, "save the model in the .keras format");
}

Status give_inside(std::vector<Weight> weights, KerasLayer& model) {
  std::vector<Leaf> leaves;
  add_leaves(model.network.front(), {}, leaves);
  for (Weight& w : weights) {
    Leaf* best = nullptr;
    int most = -1;
    bool tied = false;
    for (Leaf& leaf : leaves) {
      if (std::none_of(leaf.names.begin(), leaf.names.end(), [&](auto& name) { return has(w, name); })) continue;
      auto const score = static_cast<int>(
          std::count_if(leaf.around.begin(), leaf.around.end(), [&](auto& name) { return has(w, name); }));
      tied = score == most;
      if (score <= most) continue;
      most = score;
      best = &leaf;
    }
    if (!best || tied) return homeless(w, model.name);
    best->weights.push_back(std::move(w));
  }
  for (Leaf& leaf : leaves) NARROW_CHECK(give(std::move(leaf.weights), *leaf.layer));
  return {};
}

/// Older versions of tensorflow_model_optimization list the weights of a layer that have a range behind its others.
void put_ranged_first(KerasLayer& wrapper) {
  auto& inside = wrapper.inner.front().weights;
  std::stable_partition(inside.begin(), inside.end(), [&](const KerasArray& inner) {
    return std::any_of(wrapper.weights.begin(), wrapper.weights.end(),
                       [&](const KerasArray& own) { return own.name == inner.name + "_min"; });
  });
}

/// Gives a layer its weights; a wrapper keeps those that are not of the layers it holds.
Status give(std::vector<Weight> weights, KerasLayer& layer) {
  if (!layer.network.empty()) return give_inside(std::move(weights), layer);
  if (layer.inner.size() == 2) {  // forward and backward are of one form
    if (weights.size() % 2 != 0) return homeless(weights.back(), layer.name);
    auto const middle = weights.begin() + static_cast<std::ptrdiff_t>(weights.size() / 2);
    std::vector<Weight> backward(std::make_move_iterator(middle), std::make_move_iterator(weights.end()));
    weights.erase(middle, weights.end());
    NARROW_CHECK(give(std::move(weights), layer.inner[0]));
    return give(std::move(backward), layer.inner[1]);
  }
  if (layer.inner.size() == 1) {
    bool const all = layer.class_name == "TimeDistributed";
    std::set<std::string> names;
    add_names(layer.inner[0], names);
    auto const own = std::stable_partition(weights.begin(), weights.end(), [&](const Weight& w) {
      return all || std::any_of(names.begin(), names.end(), [&](auto& name) { return has(w, name); });
    });
    std::vector<Weight> rest(std::make_move_iterator(own), std::make_move_iterator(weights.end()));
    weights.erase(own, weights.end());
    NARROW_CHECK(give(std::move(weights), layer.inner[0]));
    weights = std::move(rest);
  }
  for (Weight& w : weights) layer.weights.push_back(std::move(w.array));
  if (layer.class_name == "QuantizeWrapper" && layer.inner.size() == 1) put_ranged_first(layer);
  return {};
}

/// The names that the attribute of a group lists. Long lists are in pieces: weight_names0, weight_names1, ...
std::vector<std::string> weight_names(const Hdf5Contents& contents, const std::string& group) {
  auto const whole = contents.texts.find({group, "weight_names"});
  if (whole != contents.texts.end()) return whole->second;
  std::vector<std::string> out;
  for (int piece = 0;; ++piece) {
    auto const found = contents.texts.find({group, "weight_names" + std::to_string(piece)});
    if (found == contents.texts.end()) return out;
    out.insert(out.end(), found->second.begin(), found->second.end());
  }
}

}  // namespace

Status give_legacy_weights(Hdf5Contents contents, KerasNetwork& network) {
  for (KerasLayer& layer : network.layers) {
    std::string const group = "model_weights/" + joined(parts_of(layer.name));
    std::vector<Weight> weights;
    for (const std::string& name : weight_names(contents, group)) {
      auto parts = parts_of(name);
      auto const found = contents.arrays.find(group + "/" + joined(parts));
      if (parts.empty() || found == contents.arrays.end())
        return fail(ErrorKind::bad_file, "the file does not hold the weight " + name, "layer " + layer.name);
      std::string const last = parts.back();
      weights.push_back({std::move(parts), std::move(found->second)});
      weights.back().array.name = last.substr(0, last.find(':'));
      contents.arrays.erase(found);
    }
    NARROW_CHECK(give(std::move(weights), layer));
  }
  auto const left = contents.arrays.lower_bound("model_weights/");
  if (left != contents.arrays.end() && left->first.starts_with("model_weights/"))
    return fail(ErrorKind::bad_file, "the weight " + left->first + " belongs to no layer of the model");
  return {};
}

}  // namespace narrow::keras
