#include "read/data/labels.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "base/bytes.h"
#include "base/printable.h"
#include "read/data/byte_source.h"
#include "read/data/convert.h"
#include "read/data/csv_rows.h"
#include "read/data/npy.h"

namespace narrow {
namespace {

using Labels = std::vector<int64_t>;

constexpr size_t kLongestLine = 4096;          // bytes of a line of a .csv
constexpr double kLargestLabel = 0x1p53;       // up to here a number in a .csv is exact
constexpr int64_t kElementsAtOnce = 64 << 10;  // elements of one-hot rows read at a time

/// One integer for each sample.
Result<Labels> integers(const NpyArray& array) {
  auto const converter = Converter::make(array.dtype, array.swapped, InputSpec{{"labels"}, {}, DType::int64, {}}, {});
  if (!converter) return fail(ErrorKind::bad_data, "labels must be integers, these are " + array.text());
  auto const n = static_cast<size_t>(array.elements());
  Bytes stored(n * converter->in_bytes());
  NARROW_CHECK(array.source->read(array.offset, stored));
  Labels labels(n);
  if (auto bad = converter->run(stored.data(), n, reinterpret_cast<std::byte*>(labels.data())))
    return fail(ErrorKind::bad_data, std::string(bad->what) + " among the labels");
  return labels;
}

/// Where the only one of a row is; nothing where it is not a one among zeros.
std::optional<int64_t> place_of_one(std::span<const float> row) {
  auto const one = std::find(row.begin(), row.end(), 1.0F);
  bool const alone = std::count(row.begin(), row.end(), 0.0F) == std::ssize(row) - 1;
  return one != row.end() && alone ? std::optional(one - row.begin()) : std::nullopt;
}

/// A row of zeros and a single one for each sample.
Result<Labels> one_hot(const NpyArray& array, int64_t samples, int64_t classes) {
  NARROW_TRY(Converter const converter,
             Converter::make(array.dtype, array.swapped, InputSpec{{"labels"}, {}, DType::float32, {}},
                             {.allow_nonfinite = true}));
  int64_t const some = std::min(samples, std::max<int64_t>(1, kElementsAtOnce / classes));
  std::vector<float> rows(static_cast<size_t>(some * classes));
  Bytes stored(rows.size() * converter.in_bytes());
  Labels labels;
  for (int64_t first = 0; first < samples; first += some) {
    auto const n = static_cast<size_t>(std::min(some, samples - first) * classes);
    auto const piece = std::span(stored).first(n * converter.in_bytes());
    int64_t const before = first * classes * static_cast<int64_t>(converter.in_bytes());
    NARROW_CHECK(array.source->read(array.offset + before, piece));
    converter.run(piece.data(), n, reinterpret_cast<std::byte*>(rows.data()));
    for (size_t at = 0; at < n; at += static_cast<size_t>(classes)) {
      auto const label = place_of_one(std::span(rows).subspan(at, static_cast<size_t>(classes)));
      if (!label)
        return fail(ErrorKind::bad_data,
                    array.text() + " holds neither one label per sample nor one-hot rows: row " +
                        std::to_string(labels.size()) + " is not a single 1 among zeros",
                    {}, "numpy.argmax(y, axis=-1) makes labels of scores");
      labels.push_back(*label);
    }
  }
  return labels;
}

Result<Labels> from_array(SharedSource source) {
  NARROW_TRY(NpyArray const array, open_npy(std::move(source)));
  std::vector<int64_t> dims;
  std::copy_if(array.shape.begin(), array.shape.end(), std::back_inserter(dims), [](int64_t d) { return d != 1; });
  if (dims.size() < 2) return integers(array);
  if (dims.size() == 2 && dims[0] > 0 && dims[1] > 0) return one_hot(array, dims[0], dims[1]);
  return fail(ErrorKind::bad_data, array.text() + " does not hold one label per sample", {},
              "give integers [samples], or one-hot rows [samples, classes]");
}

Result<Labels> from_rows(const ByteSource& source) {
  NARROW_TRY(CsvPlace const begin, csv_start(source));
  CsvRowReader rows(source, begin, kLongestLine);
  Labels labels;
  std::string_view row;
  CsvPlace place;
  for (bool first = true;; first = false) {
    NARROW_TRY(bool const more, rows.next(row, place));
    if (!more) break;
    if (first && is_csv_heading(row, csv_separator(row))) continue;
    CsvFields fields(row, csv_separator(row));
    std::string_view field, another;
    fields.next(field);
    double value = 0;
    bool const whole =
        parse_csv_number(field, ',', value) && std::abs(value) <= kLargestLabel && value == std::floor(value);
    if (!whole || fields.next(another))
      return fail(
          ErrorKind::bad_data,
          "line " + std::to_string(place.line) + " has '" + readable(std::string(row)) + "', which is not a label", {},
          "a .csv of labels has one column, an integer in each line; its first line may be a heading");
    labels.push_back(static_cast<int64_t>(value));
  }
  return labels;
}

}  // namespace

Result<std::vector<int64_t>> read_labels(const std::string& path) {
  auto const read = [&]() -> Result<Labels> {
    NARROW_TRY(SharedSource source, open_source(path));
    bool const text = path.ends_with(".csv");
    return text ? from_rows(*source) : from_array(std::move(source));
  };
  auto labels = read();
  return labels ? std::move(labels) : pass(std::move(labels), path);
}

}  // namespace narrow
