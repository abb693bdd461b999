// .csv: a row is a sample, its numbers in the order of the input's elements; a first row without numbers is a heading.
#include <algorithm>
#include <string_view>

#include "base/bytes.h"
#include "base/printable.h"
#include "read/data/csv_rows.h"
#include "read/data/part.h"

namespace narrow {
namespace {

constexpr size_t kMaxNumber = 64;     // bytes of one number with the spaces and quotes around it
constexpr size_t kMaxIndexed = 4096;  // rows whose place is remembered
constexpr size_t kMaxHeading = 64 << 10;

tl::unexpected<Error> bad_row(int64_t line, const std::string& what) {
  return fail(ErrorKind::bad_data, "line " + std::to_string(line) + " " + what, {},
              "a row holds the numbers of one sample; a first row in which no field is a number is a heading");
}

class CsvPart final : public Part {
 public:
  CsvPart(SharedSource source, InputSpec input, Converter converter)
      : source_(std::move(source)), input_(std::move(input)), converter_(converter) {}

  /// Tells separator and heading by the first row, counts the rows and remembers where every stride-th one starts.
  Status scan() {
    NARROW_TRY(CsvPlace const begin, csv_start(*source_));
    CsvRowReader rows = from(begin);
    std::string_view row;
    CsvPlace place;
    for (bool first = true;; first = false) {
      NARROW_TRY(bool const more, rows.next(row, place));
      if (!more) return {};
      if (first) {
        separator_ = csv_separator(row);
        if (is_csv_heading(row, separator_)) continue;
      }
      if (rows_ % stride_ == 0) index_.push_back(place);
      ++rows_;
      if (index_.size() > kMaxIndexed) thin_out();
    }
  }

  int64_t size() const override { return rows_; }

  Status read(int64_t first, int count, size_t, std::byte* out, int64_t numbered_from) const override {
    auto const entry = static_cast<size_t>(first / stride_);
    CsvRowReader rows = from(index_[entry]);
    std::string_view row;
    CsvPlace place;
    for (int64_t k = static_cast<int64_t>(entry) * stride_; k < first; ++k) NARROW_CHECK(rows.next(row, place));
    auto const n = static_cast<size_t>(input_.shape.elements());
    std::vector<double> values(n);
    for (int i = 0; i < count; ++i) {
      NARROW_TRY(bool const more, rows.next(row, place));
      if (!more) return fail(ErrorKind::bad_data, "the file became shorter while it was read");
      NARROW_CHECK(parse_row(row, place.line, values));
      auto const bad = converter_.run(reinterpret_cast<const std::byte*>(values.data()), n,
                                      out + static_cast<size_t>(i) * n * converter_.out_bytes());
      if (bad) return bad_value(*bad, input_, numbered_from + first + i);
    }
    return {};
  }

 private:
  CsvRowReader from(CsvPlace place) const {
    return {*source_, place, kMaxNumber * static_cast<size_t>(input_.shape.elements()) + kMaxHeading};
  }

  void thin_out() {
    for (size_t i = 0; 2 * i < index_.size(); ++i) index_[i] = index_[2 * i];
    index_.resize((index_.size() + 1) / 2);
    stride_ *= 2;
  }

  Status parse_row(std::string_view row, int64_t line, std::vector<double>& values) const {
    CsvFields fields(row, separator_);
    size_t n = 0;
    for (std::string_view field; fields.next(field); ++n) {
      if (n < values.size() && !parse_csv_number(field, separator_, values[n]))
        return bad_row(line, field.empty() ? "has an empty field, number " + std::to_string(n + 1)
                                           : "has '" + readable(std::string(field)) + "', which is not a number");
    }
    if (n == values.size()) return {};
    return bad_row(line, "has " + std::to_string(n) + (n == 1 ? " number" : " numbers") + ", the input takes " +
                             std::to_string(values.size()));
  }

  SharedSource source_;
  InputSpec input_;
  Converter converter_;
  char separator_ = ',';
  std::vector<CsvPlace> index_;  // starts of rows 0, stride_, 2 * stride_ ...
  int64_t stride_ = 1;
  int64_t rows_ = 0;
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
