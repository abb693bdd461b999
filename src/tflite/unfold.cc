// Constants that the format stores sparse or quantized in blocks, as dense ones.
#include <cstring>

#include "graph/real_values.h"
#include "graph/unpacked.h"
#include "tflite/passthrough.h"

namespace narrow {
namespace {

std::vector<int64_t> index_values(const format::SparseIndexVectorUnion& stored) {
  if (const auto* v = stored.AsInt32Vector()) return {v->values.begin(), v->values.end()};
  if (const auto* v = stored.AsUint16Vector()) return {v->values.begin(), v->values.end()};
  if (const auto* v = stored.AsUint8Vector()) return {v->values.begin(), v->values.end()};
  return {};
}

/// One dimension in the order of storage: dense, or with the places of its entries in compressed sparse rows.
struct StoredDimension {
  bool dense = true;
  int64_t size = 0;                        // of the dimension when dense
  std::vector<int64_t> segments, entries;  // of a sparse one: entries of parent i are [segments[i], segments[i + 1])
  int axis = 0;                            // of the tensor
  int64_t stride = 1;                      // of the axis: a step here moves so many places along it
};

tl::unexpected<Error> contradiction(const std::string& what) {
  return fail(ErrorKind::bad_file, "its sparse form is contradictory: " + what);
}

/// The entries of a sparse dimension lie within it, and its segments divide them.
Status check_sparse(const StoredDimension& d) {
  if (d.segments.empty() || d.segments.front() < 0 || d.segments.back() > static_cast<int64_t>(d.entries.size()))
    return contradiction("segments lie outside of the entries");
  for (size_t i = 1; i < d.segments.size(); ++i)
    if (d.segments[i] < d.segments[i - 1]) return contradiction("segments do not rise");
  for (int64_t e : d.entries)
    if (e < 0 || e >= d.size) return contradiction("an entry lies outside of its dimension");
  return {};
}

/// Dimensions in the order in which the values are stored: those of the tensor, each in units of its blocks, and those
/// inside of blocks, in any order that `traversal_order` gives.
Result<std::vector<StoredDimension>> stored_dimensions(const format::SparsityParametersT& s, const Shape& shape) {
  auto const rank = static_cast<size_t>(shape.rank()), blocks = s.block_map.size();
  if (s.traversal_order.size() != rank + blocks || s.dim_metadata.size() != rank + blocks)
    return contradiction("it has other dimensions than the tensor and its blocks");
  std::vector<int64_t> block(rank, 1);  // size of blocks along each axis
  std::vector<bool> seen(rank + blocks, false);
  for (size_t i = 0; i < rank + blocks; ++i) {
    auto const d = static_cast<size_t>(s.traversal_order[i]);
    if (s.traversal_order[i] < 0 || d >= rank + blocks || seen[d])
      return contradiction("its order of dimensions is no permutation");
    seen[d] = true;
    if (d < rank) continue;
    int const axis = s.block_map[d - rank];
    if (axis < 0 || static_cast<size_t>(axis) >= rank || block[static_cast<size_t>(axis)] != 1)
      return contradiction("blocks do not fit the axes");
    block[static_cast<size_t>(axis)] = s.dim_metadata[i]->dense_size;
  }
  std::vector<StoredDimension> out;
  for (size_t i = 0; i < rank + blocks; ++i) {
    const format::DimensionMetadataT& stored = *s.dim_metadata[i];
    auto const d = static_cast<size_t>(s.traversal_order[i]);
    StoredDimension dim;
    dim.axis = d < rank ? static_cast<int>(d) : s.block_map[d - rank];
    int64_t const in_block = block[static_cast<size_t>(dim.axis)];
    if (in_block < 1 || shape[dim.axis] % in_block != 0) return contradiction("blocks do not divide their axis");
    dim.size = d < rank ? shape[dim.axis] / in_block : in_block;
    dim.stride = d < rank ? in_block : 1;
    dim.dense = stored.format == format::DimensionType::DENSE;
    if (dim.dense && stored.dense_size != dim.size)
      return contradiction("a dense dimension has another size than the tensor");
    if (!dim.dense) {
      dim.segments = index_values(stored.array_segments);
      dim.entries = index_values(stored.array_indices);
      NARROW_CHECK(check_sparse(dim));
    }
    out.push_back(std::move(dim));
  }
  return out;
}

/// Puts stored values in their places, dimension by dimension.
class Scatter {
 public:
  Scatter(std::vector<StoredDimension> dims, const Tensor& from, Bytes& to)
      : dims_(std::move(dims)), from_(from.data), to_(to), size_(element_bytes(from.dtype)) {
    for (StoredDimension& d : dims_) d.stride *= from.shape.product(d.axis + 1, from.shape.rank());
  }

  Status run() {
    NARROW_CHECK(visit(0, 0, 0));
    if (next_ * size_ != from_.size()) return contradiction("it has more values than places");
    return {};
  }

 private:
  /// `parent`: position among all of the dimensions before; `place`: element of the dense tensor.
  Status visit(size_t level, int64_t parent, int64_t place) {
    if (level == dims_.size()) {
      if ((next_ + 1) * size_ > from_.size()) return contradiction("it has fewer values than places");
      std::memcpy(to_.data() + static_cast<size_t>(place) * size_, from_.data() + next_++ * size_, size_);
      return {};
    }
    const StoredDimension& d = dims_[level];
    if (d.dense) {
      for (int64_t i = 0; i < d.size; ++i) NARROW_CHECK(visit(level + 1, parent * d.size + i, place + i * d.stride));
      return {};
    }
    if (parent + 1 >= static_cast<int64_t>(d.segments.size())) return contradiction("segments are missing");
    auto const at = static_cast<size_t>(parent);
    for (int64_t i = d.segments[at]; i < d.segments[at + 1]; ++i)
      NARROW_CHECK(visit(level + 1, i, place + d.entries[static_cast<size_t>(i)] * d.stride));
    return {};
  }

  std::vector<StoredDimension> dims_;
  const SharedBytes& from_;
  Bytes& to_;
  size_t size_;
  size_t next_ = 0;  // stored value
};

Result<Tensor> dense(const format::SparsityParametersT& sparsity, const Tensor& tensor) {
  size_t const size = element_bytes(tensor.dtype);
  if (size == 0)
    return fail(ErrorKind::unsupported, std::string("sparse values of ") + to_string(tensor.dtype) + " are not known");
  NARROW_TRY(std::vector<StoredDimension> dims, stored_dimensions(sparsity, tensor.shape));
  Bytes values(static_cast<size_t>(tensor.elements()) * size);  // places without a value hold the integer or float 0
  NARROW_CHECK(Scatter(std::move(dims), tensor, values).run());
  Tensor out = tensor;
  out.data = SharedBytes(std::move(values));
  return out;
}

/// The real values of a constant tensor that has one for each of `blocks` blocks; nothing where it is no such tensor.
std::optional<std::vector<float>> block_values(const Graph& graph, int index, int64_t blocks) {
  if (index < 0 || static_cast<size_t>(index) >= graph.tensors.size()) return std::nullopt;
  const Tensor& t = graph.tensor(index);
  if (!t.constant || t.opaque || t.elements() != blocks) return std::nullopt;
  if (storage_bytes(t.dtype, blocks) != static_cast<int64_t>(t.data.size())) return std::nullopt;
  std::vector<float> out(static_cast<size_t>(blocks));
  real_values(t, t.data.data(), out);
  return out;
}

/// Integers with a scale for each `block_size` neighbours along the last dimension, as floats.
Result<Tensor> real(const format::BlockwiseQuantizationT& q, const Graph& graph, const Tensor& tensor) {
  auto refuse = [](const char* what) {
    return fail(ErrorKind::unsupported, std::string("its quantization in blocks ") + what);
  };
  if (tensor.shape.rank() < 1 || q.block_size < 1 || tensor.shape.back() % q.block_size != 0)
    return refuse("does not divide its last dimension");
  int64_t const blocks = tensor.elements() / q.block_size;
  auto const scales = block_values(graph, q.scales, blocks);
  if (!scales) return refuse("has no constant scale for each block");
  // 0 and -1 both stand for none in files of the format.
  auto const zeros = q.zero_points > 0 ? block_values(graph, q.zero_points, blocks) : std::nullopt;
  Tensor out = tensor;
  out.quantization = {};
  std::vector<float> values(static_cast<size_t>(tensor.elements()));
  Tensor const integers = unpacked(out);
  if (storage_bytes(integers.dtype, tensor.elements()) != static_cast<int64_t>(integers.data.size()))
    return fail(ErrorKind::bad_file, "it has another number of values than its shape");
  real_values(integers, integers.data.data(), values);
  for (size_t i = 0; i < values.size(); ++i) {
    size_t const block = i / static_cast<size_t>(q.block_size);
    values[i] = (values[i] - (zeros ? (*zeros)[block] : 0.0f)) * (*scales)[block];
  }
  out.dtype = DType::float32;
  out.data = SharedBytes::copy_of(std::span<const float>(values));
  return out;
}

}  // namespace

Result<Tensor> PassthroughTensor::unfolded(const Graph& graph, const Tensor& tensor) const {
  auto const kept = table.unpack();
  const auto* blocks = kept.quantization ? kept.quantization->details.AsBlockwiseQuantization() : nullptr;
  bool const other_details =
      kept.quantization && !blocks && kept.quantization->details.type != format::QuantizationDetails::NONE;
  if (kept.external_buffer != 0 || other_details || (kept.sparsity && blocks))
    return fail(ErrorKind::unsupported, "its values are stored in an encoding that narrow only copies");
  NARROW_TRY(Tensor out, blocks ? real(*blocks, graph, tensor) : dense(*kept.sparsity, tensor));
  out.opaque = false;
  out.passthrough = nullptr;
  return out;
}

}  // namespace narrow
