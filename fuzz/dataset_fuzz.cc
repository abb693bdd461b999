// Any bytes as a data set: an error, or samples that can all be read.
#include "../tests/data_files.h"
#include "fuzz.h"
#include "read/data/part.h"

namespace narrow {
namespace {

class Memory final : public ByteSource {
 public:
  explicit Memory(std::span<const std::byte> bytes) : bytes_(bytes) {}
  int64_t size() const override { return static_cast<int64_t>(bytes_.size()); }
  Status read(int64_t offset, std::span<std::byte> out) const override {
    if (offset < 0 || offset > size() || static_cast<int64_t>(out.size()) > size() - offset)
      return fail(ErrorKind::bad_file, "beyond the end");
    if (!out.empty()) std::memcpy(out.data(), bytes_.data() + offset, out.size());
    return {};
  }

 private:
  std::span<const std::byte> bytes_;
};

const DataRequest& request() {
  static const DataRequest kRequest{{{{"x", "image"}, Shape::of({1, 2, 2}), DType::float32, {}}}, {}};
  return kRequest;
}

}  // namespace

std::vector<std::string> fuzz_seeds() {
  std::string const array = npy("<f4", "(3, 2, 2)", raw(std::vector<float>(12, 0.5F)));
  std::string const bytes = npy("|u1", "(2, 2, 2)", "abcdefgh");
  return {array,
          bytes,
          npy(">i2", "(1, 2, 2)", "abcdefgh"),
          zip({{"x.npy", array}}),
          zip({{"y.npy", bytes}, {"image.npy", array}}, true),
          "a,b,c,d\n1,2,3,4\r\n\n-1e3, +2.5,nan,0x1\n"};
}

}  // namespace narrow

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace narrow;
  auto const source = std::make_shared<Memory>(std::as_bytes(std::span(data, size)));
  auto const part = open_part(source, true, request());
  if (!part) return 0;
  float out[4];
  for (int64_t i = 0; i < std::min<int64_t>((*part)->size(), 1000); ++i)
    if (!(*part)->read(i, 1, 0, reinterpret_cast<std::byte*>(out), 0)) break;
  return 0;
}
