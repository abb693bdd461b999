// Memory that runs out at any point of any call of the public interface: an error, and no file but a whole one.
#include <execinfo.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <new>
#include <set>

#include "narrow/narrow.h"

namespace {

std::atomic<long> allocations_left{0};  // the one that counts down to zero fails; none does from zero on
std::atomic<long> allocations{0};

/// From which calls each allocation comes, while that is asked for: by its number, a digest of the innermost frames.
/// Not in a vector, which would allocate.
constexpr long kMostNoted = 1 << 20;
std::atomic<bool> notes_callers{false};
std::uint64_t callers[kMostNoted];

[[gnu::noinline]] void note_caller(long number) {
  constexpr int kFrames = 16;
  void* frames[kFrames];
  int const count = backtrace(frames, kFrames);
  std::uint64_t digest = 0;
  for (int i = 0; i < count; ++i) digest = (digest ^ reinterpret_cast<std::uintptr_t>(frames[i])) * 0x9E3779B97F4A7C15;
  if (number < kMostNoted) callers[number] = digest;
}

void* allocate(std::size_t bytes, std::size_t alignment) {
  long const number = allocations++;
  if (notes_callers.load()) note_caller(number);
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

const std::string kExample = NARROW_SOURCE_FOLDER "/examples/digits/";
constexpr long kAtEvenDistances = 200;  // failures of each group of calls, beside the first of each call stack

/// Memory runs out at each allocation in turn: there are to be few.
QuantizeRequest fast() {
  QuantizeRequest out;
  out.quality = Quality::fast;
  return out;
}

/// What calls are made with: their own strings are there before memory runs out.
struct Job {
  explicit Job(const fs::path& folder) {
    data.path = kExample + "train_x.npy";
    data.samples = 8;
    calibration.data = quantization.data = run.data = evaluation.data = data;
    calibration.threads = quantization.threads = run.threads = evaluation.threads = 2;
    quantization.explain = "0";
    run.output = (folder / "y.npz").string();
    run.receive = [](const OutputBatch&) { return Status(); };
    evaluation.per_op = true;
    constants.folder = (folder / "constants").string();
    constants.format = ExportFormat::header;  // the others write JSON, by a library whose destructors need memory
    code.folder = (folder / "code").string();
    code.headers_only = true;
    model = (folder / "model").string();
    statistics = (folder / "statistics").string();
  }

  std::string source = kExample + "float.tflite";
  std::string model, statistics;
  DataSource data;
  CalibrateRequest calibration;
  QuantizeRequest quantization = fast();
  RunRequest run;
  mutable EvaluateRequest evaluation;  // a copy would take memory of its own
  ExportRequest constants;
  CompileRequest code;
};

Status quantizes(const Job& job) {
  NARROW_TRY(ModelPtr const model, load(job.source));
  NARROW_TRY(QuantizeResult const quantized, quantize(model, job.quantization));
  NARROW_CHECK(save(*quantized.model, job.model));
  NARROW_CHECK(export_constants(*quantized.model, job.constants));
  NARROW_CHECK(compile(quantized.model, job.code));
  NARROW_TRY(Session session, Session::create(quantized.model, {.max_batch = 2}));
  return session.run(2);
}

Status calibrates(const Job& job) {
  NARROW_TRY(ModelPtr const model, load(job.source));
  NARROW_TRY(StatisticsPtr const seen, calibrate(model, job.calibration));
  NARROW_CHECK(report(*seen));
  NARROW_CHECK(save_statistics(*seen, job.statistics));
  NARROW_TRY(StatisticsPtr const read, load_statistics(job.statistics));
  StatisticsPtr const parts[] = {read};
  NARROW_CHECK(merge(parts));
  return {};
}

Status runs(const Job& job) {
  NARROW_TRY(ModelPtr const model, load(job.source));
  NARROW_CHECK(run(model, job.run));
  job.evaluation.reference = model;
  auto evaluated = evaluate({&model, 1}, job.evaluation);
  job.evaluation.reference = nullptr;
  NARROW_CHECK(std::move(evaluated));
  return {};
}

Status describes(const Job& job) {
  NARROW_TRY(ModelPtr const read, load(job.source));
  NARROW_TRY(auto const bytes, to_bytes(*read));
  NARROW_TRY(ModelPtr const model, load(bytes, job.source));
  NARROW_CHECK(inspect(*model));
  NARROW_CHECK(summarize(*model));
  NARROW_CHECK(weight_histograms(*model));
  for (Runtime const r : all<Runtime>()) NARROW_CHECK(verify(*model, r));
  NARROW_CHECK(supported_ops());
  return {};
}

std::string content(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/// Files by their path in a folder.
std::map<std::string, std::string> files(const fs::path& folder) {
  std::map<std::string, std::string> out;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) out[fs::relative(entry.path(), folder).string()] = content(entry.path());
  return out;
}

class AllocationFailure : public testing::Test {
 protected:
  using Calls = Status (*)(const Job&);

  AllocationFailure() { fs::remove_all(folder_); }
  ~AllocationFailure() override { fs::remove_all(folder_); }

  fs::path made(const char* name) const {
    fs::remove_all(folder_ / name);
    fs::create_directories(folder_ / name);
    return folder_ / name;
  }

  /// What became of the calls where the n-th allocation fails: "done", "out of memory" or an error's text.
  /// `allocations` is then how many there were.
  static std::string outcome(Calls calls, const fs::path& folder, long n, bool notes = false) {
    Job const job(folder);
    notes_callers = notes;
    allocations = 0;
    allocations_left = n;
    auto const done = calls(job);
    allocations_left = 0;
    notes_callers = false;
    if (done) return "done";
    bool const expected = done.error().kind == ErrorKind::limit_exceeded || done.error().kind == ErrorKind::io;
    return expected ? "out of memory" : done.error().what;
  }

  /// Which allocations of the calls to fail: the first from each call stack, since all others from there are handled by
  /// the same code, and some at even distances, which find it in other states.
  std::set<long> failing_allocations(Calls calls) const {
    EXPECT_EQ(outcome(calls, made("out"), 0, true), "done");
    long const all = allocations;
    EXPECT_LE(all, kMostNoted);
    std::set<std::uint64_t> seen;
    std::set<long> out;
    for (long k = 0; k < std::min(all, kMostNoted); ++k)
      if (seen.insert(callers[k]).second) out.insert(k + 1);
    for (long n = 1; n <= all; n += std::max(1L, all / kAtEvenDistances)) out.insert(n);
    std::printf("%ld allocations from %zu call stacks, %zu fail\n", all, seen.size(), out.size());
    return out;
  }

  /// Fails allocations of the calls, one at a time: each leaves an error, and no part of a file.
  void check(Calls calls) const {
    fs::path const first = made("first");  // what is made once and kept is made here
    ASSERT_EQ(outcome(calls, first, 0), "done");
    auto const whole = files(first);
    std::set<long> const failing = failing_allocations(calls);
    long failed = 0;
    for (long n : failing) {
      fs::path const out = made("out");
      std::string const text = outcome(calls, out, n);
      EXPECT_TRUE(text == "done" || text == "out of memory") << n << ": " << text;
      failed += text != "done";
      std::map<std::string, int> in_folder;
      for (const auto& [name, bytes] : files(out)) {
        auto const expected = whole.find(name);
        ASSERT_NE(expected, whole.end()) << n << ": " << name;
        EXPECT_EQ(bytes, expected->second) << n << ": " << name;
        ++in_folder[fs::path(name).parent_path().string()];
      }
      for (const char* folder : {"constants", "code"})
        EXPECT_TRUE(!in_folder.contains(folder) || in_folder[folder] == 2) << n << ": " << folder;
    }
    EXPECT_GT(failed, 0);
  }

  fs::path folder_ = fs::temp_directory_path() / ("narrow_allocation_failure_" + std::to_string(getpid()));
};

TEST_F(AllocationFailure, of_quantization_and_export) {
  check(quantizes);
}

TEST_F(AllocationFailure, of_calibration) {
  check(calibrates);
}

TEST_F(AllocationFailure, of_runs) {
  check(runs);
}

TEST_F(AllocationFailure, of_descriptions) {
  check(describes);
}

}  // namespace
}  // namespace narrow
