#include "source.h"

#include <cstring>

#include "unlocked.h"

namespace nb = nanobind;

namespace narrow::python {
namespace {

using AnyArray = nb::ndarray<nb::ro, nb::c_contig, nb::device::cpu>;

std::span<const std::byte> bytes_of(const AnyArray& a) {
  return {static_cast<const std::byte*>(a.data()), a.nbytes()};
}

Array array_of(std::string name, const AnyArray& a) {
  Array out;
  out.name = std::move(name);
  auto const dtype = dtype_of(a.dtype());
  if (!dtype) throw Failure{{ErrorKind::bad_data, "an array's type is not one of numbers", "`data`", {}, "data"}};
  out.dtype = *dtype;
  for (size_t i = 0; i < a.ndim(); ++i) out.shape.push_back(static_cast<int64_t>(a.shape(i)));
  out.values = bytes_of(a);
  return out;
}

/// Calls Python for samples. Other threads than Python's own call this, so the GIL is taken.
Status read_samples(nb::handle read, Work& work, int64_t first, int count, size_t input, std::span<std::byte> out) {
  nb::gil_scoped_acquire const acquire;
  try {
    auto const values = nb::cast<AnyArray>(read(first, count, input));
    auto const bytes = bytes_of(values);
    if (bytes.size() != out.size())
      return fail(ErrorKind::bad_data,
                  "samples have " + std::to_string(bytes.size()) + " bytes instead of " + std::to_string(out.size()),
                  "`data`, samples " + std::to_string(first) + " to " + std::to_string(first + count - 1));
    std::memcpy(out.data(), bytes.data(), bytes.size());
    return {};
  } catch (nb::python_error& error) {
    work.raise_later(std::move(error));
  } catch (const nb::cast_error&) {
    return fail(ErrorKind::bad_data, "a sample is no array", "`data`");
  }
  return fail(ErrorKind::cancelled, "interrupted");
}

}  // namespace

std::optional<DType> dtype_of(nb::dlpack::dtype dtype) {
  using Code = nb::dlpack::dtype_code;
  auto is = [&](Code code, int bits) { return dtype.code == static_cast<uint8_t>(code) && dtype.bits == bits; };
  if (dtype.lanes != 1) return std::nullopt;
  if (is(Code::Float, 32)) return DType::float32;
  if (is(Code::Float, 64)) return DType::float64;
  if (is(Code::Float, 16)) return DType::float16;
  if (is(Code::Int, 8)) return DType::int8;
  if (is(Code::Int, 16)) return DType::int16;
  if (is(Code::Int, 32)) return DType::int32;
  if (is(Code::Int, 64)) return DType::int64;
  if (is(Code::UInt, 8)) return DType::uint8;
  if (is(Code::UInt, 16)) return DType::uint16;
  if (is(Code::UInt, 32)) return DType::uint32;
  if (is(Code::UInt, 64)) return DType::uint64;
  if (is(Code::Bool, 8)) return DType::boolean;
  return std::nullopt;
}

nb::object numpy_dtype(DType dtype) {
  try {
    return nb::module_::import_("numpy").attr("dtype")(to_string(dtype));
  } catch (nb::python_error&) {
    throw Failure{{ErrorKind::unsupported, std::string("NumPy has no type for ") + to_string(dtype), {}, {}, {}}};
  }
}

Source source_of(nb::handle data, Keywords& keywords, Work& work) {
  Source out;
  keywords.number("data_scale", [&](double x) { out.data.scale = x; });
  keywords.number("data_offset", [&](double x) { out.data.offset = x; });
  keywords.flag("data_is_quantized", &out.data.is_quantized);
  out.data.samples = keywords.count("samples");
  out.data.sequence = keywords.count("sequence");
  if (data.is_none()) return out;
  auto const given = nb::cast<nb::dict>(data);
  if (given.contains("path")) {
    out.data.path = nb::cast<std::string>(given["path"]);
  } else if (given.contains("arrays")) {
    for (nb::handle const pair : nb::cast<nb::list>(given["arrays"])) {
      auto const named = nb::cast<nb::tuple>(pair);
      out.arrays.push_back(nb::cast<AnyArray>(named[1]));
      out.data.arrays.push_back(array_of(nb::cast<std::string>(named[0]), out.arrays.back()));
    }
    if (given.contains("held")) {
      auto const held = nb::cast<nb::dict>(given["held"]);
      out.data.held = HeldShard{nb::cast<int64_t>(held["shard"]), nb::cast<int64_t>(held["shards"]),
                                nb::cast<int64_t>(held["samples"]), nb::cast<uint64_t>(held["fingerprint"])};
    }
  } else {
    out.read = given["read"];
    out.data.reader.samples = nb::cast<int64_t>(given["samples"]);
    out.data.reader.fingerprint = nb::cast<uint64_t>(given["fingerprint"]);
    for (nb::handle const name : nb::cast<nb::list>(given["dtypes"])) {
      auto const text = nb::cast<std::string>(name);
      for (int code = 0; code < 32; ++code)
        if (text == to_string(static_cast<DType>(code))) out.data.reader.dtypes.push_back(static_cast<DType>(code));
    }
    out.data.reader.read = [read = nb::handle(out.read), &work](int64_t first, int count, size_t input,
                                                                std::span<std::byte> values) {
      return read_samples(read, work, first, count, input, values);
    };
  }
  return out;
}

uint64_t fingerprint_of(const nb::list& arrays) {
  std::vector<AnyArray> kept;
  std::vector<Array> all;
  for (nb::handle const pair : arrays) {
    auto const named = nb::cast<nb::tuple>(pair);
    kept.push_back(nb::cast<AnyArray>(named[1]));
    all.push_back(array_of(nb::cast<std::string>(named[0]), kept.back()));
  }
  Unlocked const unlocked;
  return value(fingerprint(all));
}

Labels labels_of(nb::handle labels) {
  Labels out;
  if (labels.is_none()) return out;
  if (nb::isinstance<nb::str>(labels)) {
    out.path = nb::cast<std::string>(labels);
    return out;
  }
  auto const values = nb::cast<nb::ndarray<const int64_t, nb::ndim<1>, nb::c_contig, nb::device::cpu>>(labels);
  out.values.assign(values.data(), values.data() + values.shape(0));
  return out;
}

}  // namespace narrow::python
