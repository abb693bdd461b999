// Any bytes as statistics: an error, or statistics that are written back as the same bytes.
#include <zlib.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "calibrate/nstat.h"
#include "fuzz.h"

namespace narrow {

std::vector<std::string> fuzz_seeds() {
  std::vector<std::string> seeds;
  for (bool const all : {false, true}) {
    Statistics s;
    s.kind = {1, 2, all, all, all};
    for (int64_t k : {0, 1, 70}) s.samples.insert(k);
    TensorStatistics& t = s.tensors.emplace_back();
    t.tensor = {0, 3};
    t.name = "x";
    t.count = 3;
    t.min = -1;
    t.max = 2;
    if (all) {
      for (float v : {-1.0F, 0.5F, 2.0F}) t.histogram.add(Histogram::bin_of(v), 1);
      t.samples = {{0, -1, -1}, {1, 0.5F, 0.5F}, {70, 2, 2}};
    }
    Bytes const bytes = encode(s);
    seeds.emplace_back(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  }
  return seeds;
}

namespace {

/// The same bytes with every block's checksum made right, so that damage gets past it.
std::string repaired(std::string bytes) {
  for (size_t at = 8; at + 8 <= bytes.size();) {
    uint32_t length = 0;
    std::memcpy(&length, bytes.data() + at, 4);
    if (length > bytes.size() - at - 8) break;
    auto const crc = static_cast<uint32_t>(
        crc32(0, reinterpret_cast<const Bytef*>(bytes.data() + at), static_cast<uInt>(length) + 4));
    std::memcpy(bytes.data() + at + 4 + length, &crc, 4);
    at += size_t{8} + length;
  }
  return bytes;
}

}  // namespace
}  // namespace narrow

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace narrow;
  std::string const text = repaired({reinterpret_cast<const char*>(data), size});
  auto const bytes = std::as_bytes(std::span(text));
  auto const s = decode(bytes);
  if (!s) return 0;
  Bytes const again = encode(*s);
  if (!std::equal(again.begin(), again.end(), bytes.begin(), bytes.end())) std::abort();
  return 0;
}
