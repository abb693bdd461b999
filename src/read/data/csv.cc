// .csv: a row is a sample, its numbers in the order of the input's elements; a first row of words is a heading.
#include <algorithm>
#include <charconv>
#include <cstring>
#include <string_view>

#include "base/bytes.h"
#include "read/data/part.h"

namespace narrow {
namespace {

constexpr size_t kMaxNumber = 64;     // characters of one number with the spaces around it
constexpr size_t kMaxIndexed = 4096;  // rows whose place is remembered
constexpr size_t kBuffer = 64 << 10;

/// Lines from `offset` on, without their ends. Empty lines are passed over.
class LineReader {
 public:
  LineReader(const ByteSource& source, int64_t offset, size_t max_line)
      : source_(source), at_(offset), max_line_(max_line) {}

  /// False at the end. `line` lives until the next call; `start` is where it stands in the file.
  Result<bool> next(std::string_view& line, int64_t& start) {
    while (true) {
      std::string_view const rest = std::string_view(buffer_).substr(used_);
      size_t const end = rest.find('\n');
      if (end == std::string_view::npos && at_ < source_.size()) {
        if (rest.size() > max_line_) return fail(ErrorKind::bad_data, "a row is longer than a sample can be");
        NARROW_CHECK(fill());
        continue;
      }
      if (rest.empty()) return false;
      line = rest.substr(0, end);
      start = at_ - static_cast<int64_t>(rest.size());
      used_ += std::min(rest.size(), line.size() + 1);
      if (line.ends_with('\r')) line.remove_suffix(1);
      if (line.find_first_not_of(" \t") != std::string_view::npos) return true;
    }
  }

 private:
  Status fill() {
    buffer_.erase(0, used_);
    used_ = 0;
    size_t const have = buffer_.size();
    size_t const n = std::min(kBuffer, static_cast<size_t>(source_.size() - at_));
    buffer_.resize(have + n);
    NARROW_CHECK(source_.read(at_, std::as_writable_bytes(std::span(buffer_).subspan(have))));
    at_ += static_cast<int64_t>(n);
    return {};
  }

  const ByteSource& source_;
  int64_t at_;  // of the byte behind the buffer
  size_t max_line_;
  std::string buffer_;
  size_t used_ = 0;
};

std::string_view trimmed(std::string_view s) {
  size_t const first = s.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return s.substr(first, s.find_last_not_of(" \t") - first + 1);
}

bool parse_number(std::string_view text, double& out) {
  text = trimmed(text);
  if (text.starts_with('+')) text.remove_prefix(1);
  auto const [end, code] = std::from_chars(text.data(), text.data() + text.size(), out);
  return code == std::errc() && end == text.data() + text.size() && !text.empty();
}

class CsvPart final : public Part {
 public:
  CsvPart(SharedSource source, InputSpec input, Converter converter)
      : source_(std::move(source)), input_(std::move(input)), converter_(converter) {}

  /// Counts the rows and remembers where every stride-th one starts.
  Status scan() {
    LineReader lines = from(0);
    std::string_view line;
    int64_t start = 0;
    while (true) {
      NARROW_TRY(bool more, lines.next(line, start));
      if (!more) return {};
      double number = 0;
      if (!seen_first_ && !parse_number(line.substr(0, line.find(',')), number)) {
        seen_first_ = true;
        continue;
      }
      seen_first_ = true;
      if (rows_ % stride_ == 0) index_.push_back(start);
      ++rows_;
      if (index_.size() > kMaxIndexed) thin_out();
    }
  }

  int64_t size() const override { return rows_; }

  Status read(int64_t first, int count, size_t, std::byte* out, int64_t numbered_from) const override {
    auto const entry = static_cast<size_t>(first / stride_);
    LineReader lines = from(index_[entry]);
    std::string_view line;
    int64_t start = 0;
    for (int64_t row = static_cast<int64_t>(entry) * stride_; row < first; ++row) NARROW_CHECK(lines.next(line, start));
    auto const n = static_cast<size_t>(input_.shape.elements());
    std::vector<double> values(n);
    for (int i = 0; i < count; ++i) {
      int64_t const sample = numbered_from + first + i;
      NARROW_TRY(bool more, lines.next(line, start));
      if (!more) return fail(ErrorKind::bad_data, "the file became shorter while it was read");
      NARROW_CHECK(parse_row(line, values, sample));
      auto const bad = converter_.run(reinterpret_cast<const std::byte*>(values.data()), n,
                                      out + static_cast<size_t>(i) * n * converter_.out_bytes());
      if (bad) return bad_value(*bad, input_, sample);
    }
    return {};
  }

 private:
  LineReader from(int64_t offset) const {
    return {*source_, offset, kMaxNumber * static_cast<size_t>(input_.shape.elements()) + kBuffer};
  }

  void thin_out() {
    for (size_t i = 0; 2 * i < index_.size(); ++i) index_[i] = index_[2 * i];
    index_.resize((index_.size() + 1) / 2);
    stride_ *= 2;
  }

  static Status parse_row(std::string_view line, std::vector<double>& values, int64_t sample) {
    auto const fields = static_cast<size_t>(std::count(line.begin(), line.end(), ',')) + 1;
    if (fields != values.size())
      return fail(ErrorKind::bad_data, "sample " + std::to_string(sample) + " has " + std::to_string(fields) +
                                           " numbers, the input takes " + std::to_string(values.size()));
    for (double& v : values) {
      size_t const end = line.find(',');
      if (!parse_number(line.substr(0, end), v))
        return fail(ErrorKind::bad_data, "'" + std::string(line.substr(0, std::min<size_t>(end, 32))) + "' in sample " +
                                             std::to_string(sample) + " is not a number");
      line.remove_prefix(end == std::string_view::npos ? line.size() : end + 1);
    }
    return {};
  }

  SharedSource source_;
  InputSpec input_;
  Converter converter_;
  std::vector<int64_t> index_;  // starts of rows 0, stride_, 2 * stride_ ...
  int64_t stride_ = 1;
  int64_t rows_ = 0;
  bool seen_first_ = false;
};

}  // namespace

Result<std::unique_ptr<const Part>> open_csv(SharedSource source, const DataRequest& request) {
  const InputSpec& input = request.inputs.front();
  NARROW_TRY(Converter converter, Converter::make(DType::float64, false, input, request.options));
  auto part = std::make_unique<CsvPart>(std::move(source), input, converter);
  NARROW_CHECK(part->scan());
  return part;
}

}  // namespace narrow
