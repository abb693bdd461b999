#include "read/data/inflate.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <algorithm>

#include "base/bytes.h"

namespace narrow {
namespace {

Bytes deflated(const Bytes& plain) {
  z_stream z{};
  EXPECT_EQ(deflateInit2(&z, 6, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
  Bytes out(deflateBound(&z, plain.size()));
  z.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(plain.data()));
  z.avail_in = static_cast<uInt>(plain.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(::deflate(&z, Z_FINISH), Z_STREAM_END);
  out.resize(z.total_out);
  deflateEnd(&z);
  return out;
}

Result<void> expand(const Bytes& plain, size_t left_out) {
  Bytes packed = deflated(plain);
  packed.resize(packed.size() - left_out);
  auto const crc =
      static_cast<uint32_t>(crc32(0, reinterpret_cast<const Bytef*>(plain.data()), static_cast<uInt>(plain.size())));
  auto const source = inflated(memory_source(packed), static_cast<int64_t>(plain.size()), crc);
  Bytes back(plain.size());
  NARROW_CHECK(source->read(0, back));
  EXPECT_EQ(back, plain);
  return {};
}

// Runs of zeros stand in few bytes, all of which may have been taken in long before the last zero is given out.
TEST(Inflate, ExpandsWhatEndsAnywhereInABlock) {
  for (size_t const blocks : {1U, 2U, 3U})
    for (int const beyond : {-300, -128, -64, -2, -1, 0, 1, 2, 64, 128, 256, 300}) {
      Bytes const plain(blocks * 65536 + static_cast<size_t>(beyond + 65536) - 65536);
      auto const done = expand(plain, 0);
      EXPECT_TRUE(done) << blocks << " blocks and " << beyond << ": " << done.error().what;
    }
}

TEST(Inflate, RefusesWhatEndsEarly) {
  Bytes plain(200'000);
  for (size_t i = 0; i < plain.size(); ++i) plain[i] = static_cast<std::byte>(i * i >> 3);
  ASSERT_TRUE(expand(plain, 0));
  auto const refused = expand(plain, 1000);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().what, "the compressed data ends early");
}

}  // namespace
}  // namespace narrow
