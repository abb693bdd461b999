#include "api/measured_code.h"

#include <fmt/format.h>
#include <stdlib.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>

#include "base/file.h"
#include "base/printable.h"
#include "base/process.h"
#include "base/unfinished.h"
#include "emit/c/object_bytes.h"
#include "emit/c/project.h"

namespace narrow {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using Words = std::vector<std::string>;

constexpr std::chrono::seconds kTimeLimit{120};

Words split(const std::string& text) {
  std::istringstream in(text);
  return {std::istream_iterator<std::string>(in), {}};
}

/// What GCC and Clang have to be told of a target.
Words flags_of(Target target) {
  switch (target) {
    case Target::portable:
    case Target::c28x:
      return {};
    case Target::riscv32:
      return {"-march=rv32imc", "-mabi=ilp32"};
    default:
      return {"-mcpu=" + std::string(to_string(target)), "-mthumb"};
  }
}

/// A folder that nobody else can read, removed with all that is in it when this object goes.
class TemporaryFolder {
 public:
  static Result<TemporaryFolder> create() {
    std::error_code error;
    constexpr size_t kReplaced = 6;  // letters that mkdtemp puts others in the place of
    std::string path = (fs::temp_directory_path(error) / "narrow-").string() + std::string(kReplaced, 'X');
    if (error || !::mkdtemp(path.data()))
      return fail(ErrorKind::io, "no temporary folder can be made for what `cc` compiles", path, "set TMPDIR");
    return TemporaryFolder(path);
  }
  TemporaryFolder(TemporaryFolder&& other) noexcept
      : path_(std::exchange(other.path_, {})), unfinished_(std::move(other.unfinished_)) {}
  TemporaryFolder& operator=(TemporaryFolder&&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  fs::path operator/(const std::string& name) const { return fs::path(path_) / name; }

 private:
  explicit TemporaryFolder(const std::string& path) : path_(path), unfinished_(path) {}
  std::string path_;
  UnfinishedName unfinished_;
};

std::string first_line(const std::string& text) {
  return printable(text.substr(0, text.find_first_of("\r\n")));
}

/// What the compiler says; an error where it cannot be started or does not end with 0.
Result<std::string> said_by(const Words& words, Clock::time_point deadline, const CompileRequest& request) {
  NARROW_TRY(ProcessEnd end, run_process(words, deadline, request.cancel));
  if (end.start_error != 0)
    return refuse("cc", fmt::format("`cc` cannot be started: {}: {}", words[0], std::strerror(end.start_error)),
                  "install it, or give the path of a C compiler");
  if (end.timed_out)
    return fail(ErrorKind::unsupported, fmt::format("{} takes longer than {} s", words[0], kTimeLimit.count()), "`cc`");
  if (end.status != 0)
    return fail(ErrorKind::unsupported,
                fmt::format("{} fails with exit code {}: {}", words[0], end.status,
                            end.output.empty() ? "it says nothing" : first_line(end.output)),
                "`cc`", "its flags and `target` have to fit each other");
  return std::move(end.output);
}

Status write_sources(const std::vector<ProjectFile>& files, const TemporaryFolder& folder) {
  std::error_code ignored;
  fs::create_directory(folder / "kernels", ignored);
  for (const ProjectFile& f : files) {
    std::ofstream out(folder / f.name, std::ios::binary);
    out << f.text;
    out.close();
    if (!out) return fail(ErrorKind::io, "a source for `cc` cannot be written", (folder / f.name).string());
  }
  return {};
}

Result<ObjectBytes> read_object(const fs::path& path) {
  NARROW_TRY(SharedBytes const file, read_file(path.string()));
  auto out = object_bytes(file.bytes());
  if (!out) return pass(std::move(out), "what `cc` has made of " + path.stem().string() + ".c");
  return out;
}

/// Frames by function; from lines as "pool.c:7:6:nw_max_pool_i8 <tab> 80 <tab> static", which -fstack-usage writes.
using Frames = std::map<std::string, int64_t>;

Frames read_frames(const fs::path& path) {
  Frames out;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    size_t const tab = line.find('\t');
    if (tab == std::string::npos) continue;
    size_t const colon = line.rfind(':', tab);
    int64_t const bytes = std::strtoll(line.c_str() + tab, nullptr, 10);
    int64_t& frame = out[line.substr(colon + 1, tab - colon - 1)];
    frame = std::max(frame, bytes);
  }
  return out;
}

/// An estimate of what a kernel has on the stack: its own frame, and the two largest of the functions whose names begin
/// with its own, called from one another or not. Functions that several kernels of a file share are not among them.
int64_t deepest(const Frames& frames, const std::string& kernel) {
  int64_t first = 0, second = 0;
  for (const auto& [name, bytes] : frames) {
    if (!name.starts_with(kernel + "_")) continue;
    if (bytes > first) {
      second = std::exchange(first, bytes);
    } else {
      second = std::max(second, bytes);
    }
  }
  auto const own = frames.find(kernel);
  return own == frames.end() ? 0 : own->second + first + second;
}

std::set<std::string> called_kernels(const CProgram& program) {
  std::set<std::string> out;
  for (const CGraph& g : program.graphs)
    for (const CStep& s : g.steps)
      for (const CCall& c : s.calls) out.insert(c.kernel->name);
  return out;
}

bool names_a_core(const std::string& word) {
  return word.starts_with("-mcpu") || word.starts_with("-march") || word.starts_with("-mmcu");
}

}  // namespace

Status measure_code(const CProgram& program, const CompileRequest& request, CompileResult& result) {
  Words const given = split(request.cc);
  if (given.empty())
    return refuse("cc", "`cc` does not take '" + request.cc + "'", "give a C compiler, as arm-none-eabi-gcc");
  auto const deadline = Clock::now() + kTimeLimit;
  NARROW_TRY(std::string const version, said_by({given[0], "--version"}, deadline, request));
  Words words{given[0],
              "-std=c99",
              "-c",
              "-ffunction-sections",
              "-fdata-sections",
              "-fstack-usage",
              request.optimize == Optimize::size ? "-Os" : "-O2"};
  if (std::ranges::none_of(given, names_a_core)) {
    Words const own = flags_of(request.target);
    words.insert(words.end(), own.begin(), own.end());
  }
  words.insert(words.end(), given.begin() + 1, given.end());

  NARROW_TRY(TemporaryFolder const folder, TemporaryFolder::create());
  std::vector<ProjectFile> const files = network_files(program);
  NARROW_CHECK(write_sources(files, folder));
  ObjectBytes sum;
  int64_t own_frames = 0, kernel_frames = 0;
  bool frames_known = true;
  std::set<std::string> const kernels = called_kernels(program);
  for (const ProjectFile& f : files) {
    if (!f.name.ends_with(".c")) continue;
    std::string const stem = f.name.substr(0, f.name.size() - 2);
    Words compile = words;
    compile.insert(compile.end(), {(folder / f.name).string(), "-o", (folder / (stem + ".o")).string()});
    NARROW_CHECK(said_by(compile, deadline, request));
    NARROW_TRY(ObjectBytes const bytes, read_object(folder / (stem + ".o")));
    result.code.push_back({f.name, bytes.code});
    sum.code += bytes.code;
    sum.constants += bytes.constants;
    sum.data += bytes.data;
    std::error_code ignored;
    frames_known = frames_known && (fs::exists(folder / (stem + ".su"), ignored) || bytes.code == 0);
    Frames const frames = read_frames(folder / (stem + ".su"));
    for (const std::string& kernel : kernels) kernel_frames = std::max(kernel_frames, deepest(frames, kernel));
    if (stem == program.name)
      for (const auto& [name, frame] : frames) own_frames += frame;
  }
  std::ranges::sort(result.code, {}, &MeasuredSource::source);
  result.measured_by = first_line(version);
  result.code_bytes = sum.code;
  result.flash_bytes = sum.code + sum.constants + sum.data;
  if (frames_known) {
    result.stack_bytes = own_frames + kernel_frames;
  } else {
    result.notes.emplace_back("the compiler says nothing of stack frames: the stack is modelled");
  }
  return {};
}

std::string measured_lines(const CompileResult& result) {
  if (result.measured_by.empty()) return {};
  return fmt::format(
      "- code: {} bytes, and a stack of about {} bytes (measured: {})\n"
      "- flash, code and all constants: {} bytes\n",
      *result.code_bytes, *result.stack_bytes, result.measured_by, *result.flash_bytes);
}

}  // namespace narrow
