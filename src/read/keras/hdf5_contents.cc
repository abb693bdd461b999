#include "read/keras/hdf5_contents.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <exception>
#include <new>

#include "read/keras/hdf5_walk.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define NARROW_SHADOW_MEMORY 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define NARROW_SHADOW_MEMORY 1
#endif

namespace narrow::keras {
namespace {

using Clock = std::chrono::steady_clock;

/// What a file of that size may take, in seconds: far more than a sound one needs.
int seconds_for(size_t file_size) {
  return 10 + static_cast<int>(file_size >> 24);
}

void limit(int resource, rlim_t most) {
  rlimit const both{most, most};
  setrlimit(static_cast<__rlimit_resource_t>(resource), &both);
}

/// Bounds the memory of this process to what it has and four times the file and 1 GiB more. Sanitizers that keep shadow
/// memory reserve terabytes, so that nothing can be bounded there.
void limit_memory([[maybe_unused]] size_t file_size) {
#if !defined(NARROW_SHADOW_MEMORY)
  unsigned long long pages = 0;
  if (FILE* about = std::fopen("/proc/self/statm", "r")) {
    if (std::fscanf(about, "%llu", &pages) != 1) pages = 0;
    std::fclose(about);
  }
  if (pages == 0) return;
  limit(RLIMIT_AS, pages * static_cast<rlim_t>(sysconf(_SC_PAGESIZE)) + 4 * rlim_t{file_size} + (rlim_t{1} << 30));
#endif
}

[[noreturn]] void run_child(std::span<const std::byte> file, const Limits& limits, int out) {
  for (int const s : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGPIPE, SIGINT, SIGTERM, SIGXCPU, SIGALRM})
    signal(s, SIG_DFL);
  std::set_new_handler(nullptr);
  if (int const nowhere = open("/dev/null", O_RDWR); nowhere >= 0) {
    dup2(nowhere, STDOUT_FILENO);  // what the C library says of a damaged heap is no message of ours
    dup2(nowhere, STDERR_FILENO);
  }
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_CPU, static_cast<rlim_t>(seconds_for(file.size())));
  limit_memory(file.size());
  bool sound = false;
  try {
    sound = write_hdf5_contents(file, limits, out);
  } catch (const std::exception&) {
    sound = false;
  }
  _exit(sound ? 0 : 1);
}

/// The process that runs `run_child` and the end of the pipe that it writes to.
class Child {
 public:
  Child(pid_t pid, int from, Clock::time_point until) : pid_(pid), from_(from), until_(until) {}
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    kill(pid_, SIGKILL);
    close(from_);
    while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }

  /// Fills `out`; false where the child ends or the time is over before.
  bool read(void* out, size_t size) {
    auto* at = static_cast<char*>(out);
    while (size > 0) {
      auto const left = std::chrono::duration_cast<std::chrono::milliseconds>(until_ - Clock::now()).count();
      if (left <= 0) return false;
      pollfd waiting{from_, POLLIN, 0};
      int const ready = poll(&waiting, 1, static_cast<int>(std::min<int64_t>(left, 60'000)));
      if (ready < 0 && errno != EINTR) return false;
      if (ready <= 0) continue;
      ssize_t const n = ::read(from_, at, size);
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return false;
      at += n;
      size -= static_cast<size_t>(n);
    }
    return true;
  }
  template <class T>
  bool number(T& out) {
    return read(&out, sizeof out);
  }
  bool text(std::string& out) {
    uint32_t size = 0;
    if (!number(size) || size > kMostTextBytes) return false;
    out.resize(size);
    return read(out.data(), size);
  }

 private:
  pid_t pid_;
  int from_;
  Clock::time_point until_;
};

tl::unexpected<Error> damaged() {
  return fail(ErrorKind::bad_file, "the HDF5 file is damaged", "", "save the model again");
}

/// Takes frames from the child, as untrusted as the file: the child may have been led astray by it.
class Receiver {
 public:
  Receiver(Child& child, const Limits& limits) : child_(child), limits_(limits) {}

  Result<Hdf5Contents> all() {
    for (;;) {
      auto frame = Frame::end;
      if (!child_.number(frame)) return damaged();
      switch (frame) {
        case Frame::texts:
          NARROW_CHECK(texts());
          break;
        case Frame::array:
          NARROW_CHECK(array());
          break;
        case Frame::refusal:
          return refusal();
        case Frame::end:
          return std::move(contents_);
        default:
          return damaged();
      }
    }
  }

 private:
  Status texts() {
    std::string path, name;
    uint32_t count = 0;
    if (!child_.text(path) || !child_.text(name) || !child_.number(count) || count > kMostTexts) return damaged();
    std::vector<std::string> list;
    for (uint32_t i = 0; i < count; ++i) {
      if (!child_.text(list.emplace_back())) return damaged();
      NARROW_CHECK(take(list.back().size()));
    }
    contents_.texts[{std::move(path), std::move(name)}] = std::move(list);
    return {};
  }

  Status array() {
    std::string path;
    uint32_t rank = 0;
    if (!child_.text(path) || !child_.number(rank) || rank > static_cast<uint32_t>(limits_.rank)) return damaged();
    std::vector<int32_t> dims;
    for (uint32_t i = 0; i < rank; ++i) {
      int64_t dim = 0;
      if (!child_.number(dim) || dim < 0) return damaged();
      if (dim > INT32_MAX) return fail(ErrorKind::limit_exceeded, "the array has too many values", path);
      dims.push_back(static_cast<int32_t>(dim));
    }
    auto shape = Shape::make(dims, limits_);
    if (!shape) return pass(std::move(shape), path);
    KerasArray a{path.substr(path.rfind('/') + 1), *shape, {}};
    auto const count = static_cast<size_t>(shape->elements());
    NARROW_CHECK(take(count * sizeof(float)));
    a.values.reserve(count);           // memory is only taken where values are written
    while (a.values.size() < count) {  // as the values come
      size_t const from = a.values.size();
      a.values.resize(from + std::min(count - from, std::max<size_t>(from, 1 << 18)));
      if (!child_.read(&a.values[from], (a.values.size() - from) * sizeof(float))) return damaged();
    }
    contents_.arrays[std::move(path)] = std::move(a);
    return {};
  }

  tl::unexpected<Error> refusal() {
    uint8_t kind = 0;
    std::string what, path;
    if (!child_.number(kind) || !child_.text(what) || !child_.text(path)) return damaged();
    for (ErrorKind const known : {ErrorKind::unsupported, ErrorKind::limit_exceeded, ErrorKind::bad_file})
      if (kind == static_cast<uint8_t>(known)) return fail(known, std::move(what), std::move(path));
    return damaged();
  }

  Status take(size_t bytes) {
    taken_ += bytes;
    if (taken_ > static_cast<size_t>(limits_.file_bytes))
      return fail(ErrorKind::limit_exceeded, "the weights take more memory than the limit on files", "",
                  how_to_raise("file-bytes"));
    return {};
  }

  Child& child_;
  const Limits& limits_;
  Hdf5Contents contents_;
  size_t taken_ = 0;
};

}  // namespace

Result<Hdf5Contents> read_hdf5(SharedBytes file, const Limits& limits) {
  if (file.empty()) return damaged();
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return fail(ErrorKind::io, "no pipe can be made to read the HDF5 file");
  pid_t const pid = fork();
  if (pid == 0) {
    close(ends[0]);
    run_child(file.bytes(), limits, ends[1]);
  }
  close(ends[1]);
  if (pid < 0) {
    close(ends[0]);
    return fail(ErrorKind::io, "no process can be started to read the HDF5 file");
  }
  Child child(pid, ends[0], Clock::now() + std::chrono::seconds(seconds_for(file.size())));
  file = {};
  return Receiver(child, limits).all();
}

}  // namespace narrow::keras
