// load, save and to_bytes of the public interface.
#include "narrow/model.h"

#include "api/recurrent_layers.h"
#include "base/bytes.h"
#include "base/file.h"
#include "base/guarded.h"
#include "read/read.h"
#include "simplify/plain_forms.h"
#include "tflite/write.h"

namespace narrow {
Result<ModelPtr> load(const std::string& path, const LoadOptions& options) {
  return guarded([&]() -> Result<ModelPtr> {
    NARROW_TRY(Model model, parse_model(path, options));
    NARROW_CHECK(settle_layers(model, options));
    return std::make_shared<const Model>(std::move(model));
  });
}

Result<ModelPtr> load(std::span<const std::byte> bytes, const std::string& name, const LoadOptions& options) {
  return guarded([&]() -> Result<ModelPtr> {
    NARROW_TRY(Model model, parse_model(SharedBytes::copy_of(bytes), name, options));
    NARROW_CHECK(settle_layers(model, options));
    return std::make_shared<const Model>(std::move(model));
  });
}

Result<std::vector<std::string>> stored_forms(const Model& model) {
  return guarded([&]() -> Result<std::vector<std::string>> {
    NARROW_TRY(PlainModel plain, in_plain_forms(model));
    std::vector<std::string> changes = model.notes;
    changes.insert(changes.end(), plain.changes.begin(), plain.changes.end());
    return changes;
  });
}

Result<int64_t> save(const Model& model, const std::string& path) {
  return guarded([&]() -> Result<int64_t> {
    NARROW_TRY(Bytes const bytes, write_tflite(model));
    NARROW_CHECK(write_file_atomically(path, bytes));
    return static_cast<int64_t>(bytes.size());
  });
}

Result<std::vector<std::byte>> to_bytes(const Model& model) {
  return guarded([&]() -> Result<std::vector<std::byte>> {
    NARROW_TRY(Bytes const bytes, write_tflite(model));
    return std::vector<std::byte>(bytes.begin(), bytes.end());
  });
}

}  // namespace narrow
