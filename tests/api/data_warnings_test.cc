// Samples that do not look like what a model takes are noticed.
#include "api/data_warnings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ops/build/graph_builder.h"
#include "ops/layout/layout.h"
#include "tflite/metadata_generated.h"
#include "tflite/normalization.h"

namespace narrow {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Model identity(DType dtype, Quantization quantization = {}) {
  GraphBuilder b;
  Shape const shape = Shape::of({1, 4});
  int const x = b.input({.dtype = dtype, .shape = shape, .name = "image", .quantization = quantization});
  int const y = b.tensor({.dtype = dtype, .shape = shape, .quantization = quantization});
  b.op(kReshape, ReshapeAttributes{{1, 4}}, {x}, {y});
  b.outputs({y});
  return b.model();
}

/// As TensorFlow Lite's metadata writer has it.
SharedBytes metadata(const std::vector<float>& mean, const std::vector<float>& deviation) {
  namespace format = metadata_format;
  flatbuffers::FlatBufferBuilder b;
  auto const options = format::CreateNormalizationOptionsDirect(b, &mean, &deviation);
  std::vector const units{
      format::CreateProcessUnit(b, format::ProcessUnitOptions::NormalizationOptions, options.Union())};
  std::vector const tensors{format::CreateTensorMetadataDirect(b, "image", "what it is", nullptr, 0, &units)};
  std::vector const graphs{format::CreateSubGraphMetadataDirect(b, nullptr, nullptr, &tensors)};
  format::FinishModelMetadataBuffer(b, format::CreateModelMetadataDirect(b, "name", nullptr, nullptr, &graphs));
  return SharedBytes::copy_of(std::span<const uint8_t>(b.GetBufferPointer(), b.GetSize()));
}

std::vector<std::string> warnings(const Model& model, const std::vector<float>& values, double scale = 1) {
  DataSource data;
  data.scale = scale;
  data.arrays.push_back({"", DType::float32, {std::ssize(values) / 4, 4}, std::as_bytes(std::span(values))});
  auto const out = data_warnings(model, 0, data);
  EXPECT_TRUE(out) << out.error().what;
  return out.value_or(std::vector<std::string>{});
}

const std::vector<float> kPixels{0, 255, 17, 100, 3, 0, 0, 20};

TEST(DataWarnings, values_beyond_the_integers_of_an_input) {
  Model const model = identity(DType::uint8, Quantization::of(1.0F / 255, 0));
  EXPECT_THAT(warnings(model, kPixels),
              ElementsAre(HasSubstr("63 % of the values for input 'image' are outside of 0 to 1, "
                                    "which its integers can hold; the data reach from 0 to 255")));
  EXPECT_THAT(warnings(model, kPixels, 1.0 / 255), IsEmpty());
  std::vector<float> few(128, 0.5F);
  std::fill_n(few.begin(), 6, 7.0F);
  EXPECT_THAT(warnings(model, few), IsEmpty());
  DataSource stored;
  stored.is_quantized = true;
  EXPECT_THAT(*data_warnings(model, 0, stored), IsEmpty());
}

TEST(DataWarnings, values_beyond_what_metadata_say) {
  Model model = identity(DType::float32);
  EXPECT_THAT(warnings(model, kPixels), IsEmpty());
  model.metadata.emplace_back("TFLITE_METADATA", metadata({127.5F}, {127.5F}));
  EXPECT_THAT(warnings(model, kPixels),
              ElementsAre(HasSubstr("outside of -1 to 1, which the metadata of the file give for pixels")));
  EXPECT_THAT(warnings(model, kPixels, 1.0 / 255), IsEmpty());
  model.metadata[0].second = metadata({0}, {1});
  EXPECT_THAT(warnings(model, kPixels), IsEmpty());
}

TEST(DataWarnings, normalization_of_several_channels_and_of_damaged_metadata) {
  Model model = identity(DType::float32);
  auto const read = [&](SharedBytes bytes) {
    model.metadata = {{"TFLITE_METADATA", std::move(bytes)}};
    return normalized_pixels(model, 0, 0);
  };
  auto const two = read(metadata({0, 51}, {255, 51}));
  ASSERT_TRUE(two);
  EXPECT_EQ(two->lo, -1);
  EXPECT_EQ(two->hi, 4);
  EXPECT_FALSE(normalized_pixels(model, 0, 1));
  EXPECT_FALSE(normalized_pixels(model, 1, 0));
  EXPECT_FALSE(read(metadata({0}, {0})));
  EXPECT_FALSE(read(metadata({0, 1}, {1})));
  EXPECT_FALSE(read({}));
  SharedBytes const good = metadata({0}, {255});
  for (size_t n = 0; n < good.size(); ++n) {
    Bytes changed(good.bytes().begin(), good.bytes().end());
    changed[n] ^= std::byte{0xFF};
    read(SharedBytes(std::move(changed)));  // whatever it says, it is read within bounds
    read(SharedBytes(Bytes(good.bytes().begin(), good.bytes().begin() + static_cast<std::ptrdiff_t>(n))));
  }
}

}  // namespace
}  // namespace narrow
