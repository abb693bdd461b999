#include "read/keras/network.h"

#include <cctype>

#include "read/data/zip.h"
#include "read/keras/hdf5.h"

namespace narrow::keras {
namespace {

tl::unexpected<Error> missing(const std::string& what) {
  return fail(ErrorKind::bad_file, what, "", "save the whole model again, with model.save()");
}

/// The value of an attribute that Keras stores as it is, or in numbered pieces where it is too long for HDF5.
std::vector<std::string> texts(const Hdf5Contents& file, const std::string& key) {
  if (auto const whole = file.texts.find(key); whole != file.texts.end()) return whole->second;
  std::vector<std::string> all;
  for (int i = 0;; ++i) {
    auto const piece = file.texts.find(key + std::to_string(i));
    if (piece == file.texts.end()) return all;
    all.insert(all.end(), piece->second.begin(), piece->second.end());
  }
}

bool holds_component(const std::string& path, const std::string& name) {
  return ("/" + path).find("/" + name + "/") != std::string::npos;
}

/// "conv2d/kernel:0" is "kernel".
std::string last_part(const std::string& path) {
  std::string const last = path.substr(path.rfind('/') == std::string::npos ? 0 : path.rfind('/') + 1);
  return last.substr(0, last.find(':'));
}

/// Gives a layer its arrays; a model inside the model, by the names of its layers in theirs.
void give(KerasLayer& layer, const std::vector<std::pair<std::string, KerasArray>>& arrays) {
  for (KerasNetwork& net : layer.network)
    for (KerasLayer& inner : net.layers) {
      std::vector<std::pair<std::string, KerasArray>> own;
      for (const auto& entry : arrays)
        if (holds_component(entry.first, inner.name)) own.push_back(entry);
      give(inner, own);
    }
  if (!layer.network.empty()) return;
  for (const auto& entry : arrays) layer.weights.push_back(entry.second);
}

Status give_h5_weights(KerasNetwork& net, Hdf5Contents& file) {
  for (KerasLayer& layer : net.layers) {
    std::string const group = "model_weights/" + layer.name;
    std::vector<std::pair<std::string, KerasArray>> arrays;
    for (const std::string& name : texts(file, group + "@weight_names")) {
      auto const at = file.arrays.find(group + "/" + name);
      if (at == file.arrays.end()) return missing("the weights '" + name + "' are not in the file");
      arrays.emplace_back(name, KerasArray{last_part(name), at->second.shape, std::move(at->second.values)});
    }
    give(layer, arrays);
  }
  return {};
}

/// "DepthwiseConv2D" is "depthwise_conv2d": a capital begins a word where it comes before a small letter, or after one.
std::string snake_case(const std::string& name) {
  auto lower = [&](size_t i) { return i < name.size() && std::islower(static_cast<unsigned char>(name[i])); };
  auto upper = [&](size_t i) { return i < name.size() && std::isupper(static_cast<unsigned char>(name[i])); };
  std::string out;
  for (size_t i = 0; i < name.size(); ++i) {
    if (!std::isalnum(static_cast<unsigned char>(name[i])) && name[i] != '_') continue;
    if (i > 0 && upper(i) && (lower(i + 1) || lower(i - 1))) out += '_';
    out += static_cast<char>(std::tolower(static_cast<unsigned char>(name[i])));
  }
  return out;
}

void give_zip_weights(KerasLayer& layer, const std::string& path, Hdf5Contents& file);

void give_zip_weights(KerasNetwork& net, const std::string& path, Hdf5Contents& file) {
  std::map<std::string, int> counts;
  for (KerasLayer& layer : net.layers) {
    std::string const base = snake_case(layer.class_name);
    int const before = counts[base]++;
    give_zip_weights(layer, path + "layers/" + base + (before ? "_" + std::to_string(before) : ""), file);
  }
}

/// The variables of a layer are numbered in the group "vars" of its own or of its cell.
void give_zip_weights(KerasLayer& layer, const std::string& path, Hdf5Contents& file) {
  for (KerasNetwork& net : layer.network) give_zip_weights(net, path + "/", file);
  if (layer.inner.size() == 1) give_zip_weights(layer.inner[0], path + "/layer", file);
  for (const char* const group : {"/vars/", "/cell/vars/"})
    for (int i = 0;; ++i) {
      auto const at = file.arrays.find(path + group + std::to_string(i));
      if (at == file.arrays.end()) break;
      layer.weights.push_back({std::to_string(i), at->second.shape, std::move(at->second.values)});
    }
}

Result<SharedBytes> bytes_of(const ZipMember& member, const Limits& limits) {
  if (member.bytes->size() > limits.file_bytes)
    return fail(ErrorKind::limit_exceeded, "it is too large", member.name, how_to_raise("file-bytes"));
  Bytes bytes(static_cast<size_t>(member.bytes->size()));
  NARROW_CHECK(member.bytes->read(0, bytes));
  return SharedBytes(std::move(bytes));
}

Result<SharedBytes> member_of(const std::vector<ZipMember>& members, const std::string& name, const Limits& limits) {
  for (const ZipMember& member : members)
    if (member.name == name) return bytes_of(member, limits);
  return missing("the archive has no " + name);
}

}  // namespace

Result<KerasNetwork> network_of_h5(const SharedBytes& file, const Limits& limits) {
  NARROW_TRY(Hdf5Contents contents, read_hdf5(file, limits));
  auto const config = texts(contents, "@model_config");
  if (config.size() != 1) return missing("the file holds no architecture, only weights or other data");
  NARROW_TRY(KerasNetwork net, parse_architecture(config[0], limits));
  NARROW_CHECK(give_h5_weights(net, contents));
  return net;
}

Result<KerasNetwork> network_of_zip(const SharedBytes& file, const Limits& limits) {
  NARROW_TRY(std::vector<ZipMember> const members, read_zip(memory_source(file.bytes())));
  NARROW_TRY(SharedBytes const config, member_of(members, "config.json", limits));
  NARROW_TRY(SharedBytes const weights, member_of(members, "model.weights.h5", limits));
  NARROW_TRY(KerasNetwork net,
             parse_architecture({reinterpret_cast<const char*>(config.data()), config.size()}, limits));
  NARROW_TRY(Hdf5Contents contents, read_hdf5(weights, limits));
  give_zip_weights(net, "", contents);
  return net;
}

}  // namespace narrow::keras
