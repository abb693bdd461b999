#include <algorithm>
#include <cctype>
#include <charconv>
#include <map>
#include <tuple>

#include "read/keras/weights.h"

namespace narrow::keras {
namespace {

bool upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool lower(char c) {
  return c >= 'a' && c <= 'z';
}

/// The name that Keras makes of a class for a group of weights: "MaxPooling2D" is "max_pooling2d". Its rule is two
/// replacements one after the other: (.)([A-Z][a-z]+) and ([a-z])([A-Z]), each by "\1_\2", and then small letters.
std::string group_name(const std::string& class_name) {
  std::string const name = class_name.substr(class_name.rfind('>') + 1);
  std::string words, out;
  for (size_t i = 0; i < name.size();) {
    words += name[i++];
    if (i + 1 >= name.size() || !upper(name[i]) || !lower(name[i + 1])) continue;
    words += '_';
    words += name[i++];
    while (i < name.size() && lower(name[i])) words += name[i++];
  }
  for (size_t i = 0; i < words.size(); ++i) {
    if (i > 0 && upper(words[i]) && lower(words[i - 1])) out += '_';
    out += static_cast<char>(std::tolower(static_cast<unsigned char>(words[i])));
  }
  return out;
}

/// Where the layers inside of a MultiHeadAttention layer come in the order of Keras, and 0 for all other parts, which
/// are in the order of their names.
int place_of(const std::string& part) {
  static constexpr std::string_view kParts[] = {"query_dense/", "key_dense/", "value_dense/", "output_dense/"};
  for (size_t i = 0; i < std::size(kParts); ++i)
    if (std::string_view(part).substr(part.starts_with('_') ? 1 : 0) == kParts[i]) return static_cast<int>(i) + 1;
  return 0;
}

class Saved {
 public:
  explicit Saved(Hdf5Contents contents) : arrays_(std::move(contents.arrays)) {}

  void give_network(KerasNetwork& network, const std::string& path) {
    std::string const container = path + container_;
    std::map<std::string, int> used;
    for (KerasLayer& layer : network.layers) {
      if (network.sequential && layer.class_name == "InputLayer") continue;
      if (layer.class_name.starts_with("ops.")) continue;  // no layer of Keras: it has no group of weights
      std::string name = group_name(layer.class_name);
      if (int const before = used[name]++; before > 0) name += "_" + std::to_string(before);
      give(layer, container + name + "/");
    }
  }

  /// Finds out what the file calls the group of layers: versions of Keras differ.
  void look() {
    constexpr std::string_view kOlder = "_layer_checkpoint_dependencies/";
    auto const found = arrays_.lower_bound(std::string(kOlder));
    if (found != arrays_.end() && found->first.starts_with(kOlder)) container_ = kOlder;
  }

  Status all_given() const {
    for (const auto& [path, array] : arrays_)
      if (path.starts_with(container_) && !no_weight(path))
        return fail(ErrorKind::bad_file, "the weight " + path + " belongs to no layer of the model");
    return {};
  }

 private:
  /// The state of random generators, which only training needs.
  static bool no_weight(const std::string& path) { return path.find("seed_generator/") != std::string::npos; }

  void give(KerasLayer& layer, const std::string& path) {
    if (!layer.network.empty()) {
      give_network(layer.network.front(), path);
      return;
    }
    if (layer.inner.size() == 2) {
      give(layer.inner[0], path + "forward_layer/");
      give(layer.inner[1], path + "backward_layer/");
    } else if (layer.inner.size() == 1) {
      give(layer.inner[0], path + "layer/");
    }
    take(layer, path);
  }

  /// Moves all that is left below `path` to the layer: by the part of the layer that it is of, and by its number.
  void take(KerasLayer& layer, const std::string& path) {
    std::vector<std::tuple<std::string, int, KerasArray>> found;
    auto at = arrays_.lower_bound(path);
    while (at != arrays_.end() && at->first.starts_with(path)) {
      if (no_weight(at->first)) {
        ++at;
        continue;
      }
      std::string part = at->first.substr(path.size());
      size_t const last = part.rfind('/');
      std::string const number = part.substr(last == std::string::npos ? 0 : last + 1);
      int index = 0;
      std::from_chars(number.data(), number.data() + number.size(), index);
      part.resize(last == std::string::npos ? 0 : last + 1);
      if (size_t const vars = part.rfind("vars/"); vars != std::string::npos && vars + 5 == part.size())
        part.resize(vars);
      at->second.name = (part == "cell/" ? "" : part) + number;
      found.emplace_back(std::move(part), index, std::move(at->second));
      at = arrays_.erase(at);
    }
    std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
      return std::tuple(place_of(std::get<0>(a)), std::get<0>(a), std::get<1>(a)) <
             std::tuple(place_of(std::get<0>(b)), std::get<0>(b), std::get<1>(b));
    });
    for (auto& [part, index, array] : found) layer.weights.push_back(std::move(array));
  }

  std::map<std::string, KerasArray> arrays_;
  std::string container_ = "layers/";
};

}  // namespace

Status give_saved_weights(Hdf5Contents contents, KerasNetwork& network) {
  Saved saved(std::move(contents));
  saved.look();
  saved.give_network(network, "");
  return saved.all_given();
}

}  // namespace narrow::keras
