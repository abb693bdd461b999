#include "read/keras/keras_file.h"

#include <algorithm>
#include <span>

#include "read/data/zip.h"
#include "read/keras/config.h"
#include "read/keras/hdf5_contents.h"
#include "read/keras/hdf5_walk.h"
#include "read/keras/json_access.h"
#include "read/keras/weights.h"

namespace narrow {
namespace {

/// The first number of a version of Keras, 2 for all before 3: functions have not changed among them.
int major_of(std::string_view version) {
  return version.starts_with("3.") ? 3 : 2;
}

/// The first number of the version of Keras that wrote an .h5 file; 2 where it does not say, which Keras 3 always does.
int major_of(const keras::Hdf5Contents& contents) {
  auto const version = contents.texts.find({"", "keras_version"});
  return version != contents.texts.end() && version->second.size() == 1 ? major_of(version->second.front()) : 2;
}

Result<KerasNetwork> from_h5(SharedBytes file, const Limits& limits) {
  NARROW_TRY(keras::Hdf5Contents contents, keras::read_hdf5(std::move(file), limits));
  auto const config = contents.texts.find({"", "model_config"});
  if (config == contents.texts.end() || config->second.size() != 1)
    return fail(ErrorKind::bad_file, "the HDF5 file holds no Keras model (it has no attribute model_config)", "",
                "save the whole model with model.save(...), not only its weights");
  NARROW_TRY(KerasNetwork network, keras::parse_config(config->second.front(), limits));
  network.keras_major = major_of(contents);
  NARROW_CHECK(keras::give_legacy_weights(std::move(contents), network));
  return network;
}

/// The bytes of a member of the zip file, which is of `file_bytes`.
Result<SharedBytes> member_of(const std::vector<ZipMember>& members, const std::string& name, size_t file_bytes) {
  auto const found = std::find_if(members.begin(), members.end(), [&](const ZipMember& m) { return m.name == name; });
  if (found == members.end())
    return fail(ErrorKind::bad_file, "the zip file is no Keras model: it has no member " + name, "",
                "save the model with model.save(\"model.keras\")");
  int64_t const size = found->bytes->size();
  if (static_cast<uint64_t>(size) > keras::most_unfolded(file_bytes))
    return fail(ErrorKind::limit_exceeded, "the member unfolds to many times the size of the file", name);
  Bytes bytes;
  if (static_cast<size_t>(size) <= file_bytes) bytes.reserve(static_cast<size_t>(size));
  while (static_cast<int64_t>(bytes.size()) < size) {  // grows as bytes come: the size is only what the file claims
    size_t const from = bytes.size();
    size_t const step = std::min(static_cast<size_t>(size) - from, std::max<size_t>(from, size_t{1} << 20));
    bytes.resize(from + step);
    if (auto got = found->bytes->read(static_cast<int64_t>(from), std::span(bytes).subspan(from)); !got)
      return pass(std::move(got), name);
  }
  return SharedBytes(std::move(bytes));
}

std::string_view text_of(const SharedBytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// The first number of the version of Keras that wrote a .keras file: tf_keras, which is Keras 2, writes such files,
/// too.
Result<int> major_of(const std::vector<ZipMember>& members, size_t file_bytes) {
  if (std::none_of(members.begin(), members.end(), [](const ZipMember& m) { return m.name == "metadata.json"; }))
    return 3;
  NARROW_TRY(SharedBytes const metadata, member_of(members, "metadata.json", file_bytes));
  auto const object = keras::parse_json(text_of(metadata));
  if (!object) return fail(object.error().kind, object.error().what, "metadata.json");
  const std::string* const version = keras::text_member(*object, "keras_version");
  return version ? major_of(*version) : 3;
}

Result<KerasNetwork> from_zip(SharedBytes file, const Limits& limits) {
  NARROW_TRY(auto members, read_zip(memory_source(file.bytes())));
  NARROW_TRY(SharedBytes const config, member_of(members, "config.json", file.size()));
  NARROW_TRY(int const major, major_of(members, file.size()));
  NARROW_TRY(SharedBytes weights, member_of(members, "model.weights.h5", file.size()));
  members.clear();
  file = {};
  NARROW_TRY(KerasNetwork network, keras::parse_config(text_of(config), limits));
  network.keras_major = major;
  auto contents = keras::read_hdf5(std::move(weights), limits);
  if (!contents) return pass(std::move(contents), "model.weights.h5");
  NARROW_CHECK(keras::give_saved_weights(std::move(*contents), network));
  return network;
}

}  // namespace

Result<KerasNetwork> parse_keras_h5(SharedBytes file, const std::string& source, const Limits& limits) {
  auto network = from_h5(std::move(file), limits);
  if (!network) return pass(std::move(network), source);
  return network;
}

Result<KerasNetwork> parse_keras_zip(SharedBytes file, const std::string& source, const Limits& limits) {
  auto network = from_zip(std::move(file), limits);
  if (!network) return pass(std::move(network), source);
  return network;
}

}  // namespace narrow
