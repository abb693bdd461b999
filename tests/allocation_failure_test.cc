// Memory that runs out at any point of any call of the public interface: an error, and no file but a whole one.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <new>

#include "narrow/narrow.h"

namespace {

std::atomic<long> allocations_left{0};  // the one that counts down to zero fails; none does from zero on
std::atomic<long> allocations{0};

void* allocate(std::size_t bytes, std::size_t alignment) {
  ++allocations;
  if (allocations_left.load() > 0 && --allocations_left == 0) throw std::bad_alloc();
  std::size_t const whole = (std::max<std::size_t>(bytes, 1) + alignment - 1) / alignment * alignment;
  void* const p = std::aligned_alloc(alignment, whole);
  if (!p) throw std::bad_alloc();
  return p;
}

void* allocate_or_null(std::size_t bytes) {
  try {
    return allocate(bytes, alignof(std::max_align_t));
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}

// Not inlined: GCC would take it for a mismatch that free ends what `allocate` began.
[[gnu::noinline]] void release(void* p) {
  std::free(p);
}

}  // namespace

void* operator new(std::size_t bytes) {
  return allocate(bytes, alignof(std::max_align_t));
}
void* operator new[](std::size_t bytes) {
  return allocate(bytes, alignof(std::max_align_t));
}
void* operator new(std::size_t bytes, std::align_val_t alignment) {
  return allocate(bytes, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t bytes, std::align_val_t alignment) {
  return allocate(bytes, static_cast<std::size_t>(alignment));
}
void* operator new(std::size_t bytes, const std::nothrow_t&) noexcept {
  return allocate_or_null(bytes);
}
void* operator new[](std::size_t bytes, const std::nothrow_t&) noexcept {
  return allocate_or_null(bytes);
}
void operator delete(void* p) noexcept {
  release(p);
}
void operator delete[](void* p) noexcept {
  release(p);
}
void operator delete(void* p, std::size_t) noexcept {
  release(p);
}
void operator delete[](void* p, std::size_t) noexcept {
  release(p);
}
void operator delete(void* p, std::align_val_t) noexcept {
  release(p);
}
void operator delete[](void* p, std::align_val_t) noexcept {
  release(p);
}
void operator delete(void* p, std::size_t, std::align_val_t) noexcept {
  release(p);
}
void operator delete[](void* p, std::size_t, std::align_val_t) noexcept {
  release(p);
}

namespace narrow {
namespace {

namespace fs = std::filesystem;

/// What the calls are made with: their own strings are there before memory runs out.
struct Job {
  explicit Job(const std::string& file) : output(file) {
    std::string const folder = NARROW_SOURCE_FOLDER "/examples/digits/";
    model = folder + "float.tflite";
    request.data.path = folder + "train_x.npy";
    request.data.samples = 8;
    request.threads = 2;
    request.explain = "0";
    constants.folder = output + ".constants";
    constants.format = "header";  // the others write JSON, by a library whose destructors cannot do without memory
  }

  std::string model, output;
  QuantizeRequest request;
  ExportRequest constants;
};

/// Every call of the public interface: reads, sums up, quantizes, writes, exports and runs the example.
Result<void> all_calls(const Job& job) {
  NARROW_TRY(ModelPtr const model, load(job.model));
  NARROW_CHECK(summarize(*model));
  NARROW_TRY(QuantizeResult const quantized, quantize(model, job.request));
  NARROW_CHECK(save(*quantized.model, job.output));
  NARROW_CHECK(export_constants(*quantized.model, job.constants));
  NARROW_TRY(Session session, Session::create(quantized.model));
  return session.run();
}

std::string content(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/// How many files and folders there are in a folder.
auto entries(const fs::path& folder) {
  return std::distance(fs::directory_iterator(folder), fs::directory_iterator());
}

class AllocationFailure : public testing::Test {
 protected:
  AllocationFailure() {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  ~AllocationFailure() override { fs::remove_all(folder_); }
  std::string path(const char* name) const { return (folder_ / name).string(); }

  /// What became of the job where the n-th allocation fails: "done", "out of memory" or an error's text.
  std::string outcome(long n) const {
    Job const job(path("out"));
    allocations_left = n;
    auto const done = all_calls(job);
    allocations_left = 0;
    if (done) return "done";
    bool const expected = done.error().kind == ErrorKind::limit_exceeded || done.error().kind == ErrorKind::io;
    return expected ? "out of memory" : done.error().what;
  }

  fs::path folder_ = fs::temp_directory_path() / ("narrow_allocation_failure_" + std::to_string(getpid()));
};

TEST_F(AllocationFailure, LeavesAnErrorAndNoPartOfAFile) {
  ASSERT_TRUE(all_calls(Job(path("whole"))));  // what is made once and kept is made here
  std::string const whole = content(path("whole"));
  auto const constants = entries(path("whole.constants"));
  long const before = allocations;
  ASSERT_EQ(outcome(0), "done");
  long const all = allocations - before;
  std::printf("%ld allocations\n", all);
  long failed = 0;
  for (long n = 1; n <= all; ++n) {
    fs::remove(path("out"));
    fs::remove_all(path("out.constants"));
    std::string const text = outcome(n);
    EXPECT_TRUE(text == "done" || text == "out of memory") << n << ": " << text;
    failed += text != "done";
    if (fs::exists(path("out"))) {
      EXPECT_EQ(content(path("out")), whole) << n;
    }
    if (fs::exists(path("out.constants"))) {
      EXPECT_EQ(entries(path("out.constants")), constants) << n;
    }
    EXPECT_LE(entries(folder_), 4) << n;
  }
  EXPECT_GT(failed, 0);
}

}  // namespace
}  // namespace narrow
