// Lists of tensors, of which loops read one value in each round and to which they write one. The lists are known while
// the graph is read; in the model there are only their elements.
#include "ops/layout/layout.h"
#include "read/graphdef/ops/folded.h"

namespace narrow::graphdef {
namespace {

using List = std::vector<Value>;

constexpr int64_t kMostElements = 1 << 14;

Result<List> list_at(Node& node, size_t operand) {
  NARROW_TRY(Value const v, node.value(operand));
  if (!v.list) return fail(ErrorKind::bad_file, "operand " + std::to_string(operand) + " is no list of tensors");
  node.reading().steps += static_cast<int64_t>(v.list->size()) / 32;  // what it takes to copy them
  return *v.list;
}

Result<size_t> place_in(Node& node, size_t operand, const List& list) {
  NARROW_TRY(int64_t const at, node.one_integer(operand));
  if (at < 0 || at >= static_cast<int64_t>(list.size()))
    return fail(ErrorKind::bad_file, "element " + std::to_string(at) + " of a list of " + std::to_string(list.size()));
  return static_cast<size_t>(at);
}

Result<List> empty_list(Node& node, size_t operand) {
  NARROW_TRY(int64_t const size, node.one_integer(operand));
  if (size < 0 || size > kMostElements)
    return fail(ErrorKind::limit_exceeded, "a list of " + std::to_string(size) + " tensors");
  return List(static_cast<size_t>(size), nothing());
}

/// The parts of a tensor along its first dimension.
Result<List> unstacked(Node& node, size_t operand) {
  NARROW_TRY(int const x, node.tensor(operand));
  const Shape& shape = node.builder().shape(x);
  if (shape.rank() == 0 || shape[0] < 1 || shape[0] > kMostElements)
    return fail(ErrorKind::unsupported, "data of shape " + shape.text() + " taken apart into a list");
  if (const auto& signature = node.builder().at(x).shape_signature; !signature.empty() && signature[0] == -1)
    return fail(ErrorKind::unsupported, "the number of steps of the sequence is free", "",
                "`shape` gives the input a fixed number of steps");
  NARROW_TRY(std::vector<int> const parts,
             node.add_all(kUnpack, UnpackAttributes{shape[0], 0}, {x},
                          std::vector<DType>(static_cast<size_t>(shape[0]), node.builder().at(x).dtype)));
  List out;
  for (int const t : parts) out.push_back(of_tensor(t));
  return out;
}

Result<std::vector<Value>> stacked(Node& node, const List& list) {
  std::vector<int> inputs;
  for (const Value& v : list) {
    if (v.dead) return fail(ErrorKind::unsupported, "a list is read before all of its elements are written");
    NARROW_TRY(int const t, node.place(v));
    inputs.push_back(t);
  }
  if (inputs.empty()) return fail(ErrorKind::unsupported, "an empty list as a tensor");
  PackAttributes const pack{static_cast<int>(inputs.size()), 0};
  return one(node.add(kPack, pack, std::move(inputs)));
}

// TensorFlow 1: the list travels as the `flow`, beside a handle.

Result<std::vector<Value>> read_array(Node& node) {
  NARROW_TRY(List list, empty_list(node, 0));
  Value const v = of_list(std::move(list));
  return std::vector<Value>{v, v};
}

Result<std::vector<Value>> read_array_scatter(Node& node) {
  NARROW_TRY(List list, list_at(node, 3));
  NARROW_TRY(List const parts, unstacked(node, 2));
  NARROW_TRY(std::vector<int64_t> const places, node.integers(1));
  for (size_t i = 0; i < places.size(); ++i) {
    if (i >= parts.size() || places[i] < 0 || places[i] >= static_cast<int64_t>(list.size()))
      return fail(ErrorKind::bad_file, "the node writes beyond a list of " + std::to_string(list.size()));
    list[static_cast<size_t>(places[i])] = parts[i];
  }
  return std::vector<Value>{of_list(std::move(list))};
}

Result<std::vector<Value>> read_array_read(Node& node) {
  NARROW_TRY(List const list, list_at(node, 2));
  NARROW_TRY(size_t const at, place_in(node, 1, list));
  return std::vector<Value>{list[at]};
}

Result<std::vector<Value>> read_array_write(Node& node) {
  NARROW_TRY(List list, list_at(node, 3));
  NARROW_TRY(size_t const at, place_in(node, 1, list));
  NARROW_TRY(list[at], node.value(2));
  return std::vector<Value>{of_list(std::move(list))};
}

Result<std::vector<Value>> read_array_gather(Node& node) {
  NARROW_TRY(List const list, list_at(node, 2));
  NARROW_TRY(std::vector<int64_t> const places, node.integers(1));
  List chosen;
  for (int64_t const p : places) {
    if (p < 0 || p >= static_cast<int64_t>(list.size()))
      return fail(ErrorKind::bad_file, "element " + std::to_string(p) + " of a list of " + std::to_string(list.size()));
    chosen.push_back(list[static_cast<size_t>(p)]);
  }
  return stacked(node, chosen);
}

Result<std::vector<Value>> read_array_size(Node& node) {
  NARROW_TRY(List const list, list_at(node, 1));
  return one(integer_constant(DType::int32, {}, {static_cast<int64_t>(list.size())}));
}

// TensorFlow 2: the list is a value like any other.

Result<std::vector<Value>> read_list_reserve(Node& node) {
  NARROW_TRY(List list, empty_list(node, 1));
  return std::vector<Value>{of_list(std::move(list))};
}

Result<std::vector<Value>> read_list_empty(Node&) {
  return std::vector<Value>{of_list({})};
}

Result<std::vector<Value>> read_list_from_tensor(Node& node) {
  NARROW_TRY(List list, unstacked(node, 0));
  return std::vector<Value>{of_list(std::move(list))};
}

Result<std::vector<Value>> read_list_get(Node& node) {
  NARROW_TRY(List const list, list_at(node, 0));
  NARROW_TRY(size_t const at, place_in(node, 1, list));
  return std::vector<Value>{list[at]};
}

Result<std::vector<Value>> read_list_set(Node& node) {
  NARROW_TRY(List list, list_at(node, 0));
  NARROW_TRY(size_t const at, place_in(node, 1, list));
  NARROW_TRY(list[at], node.value(2));
  return std::vector<Value>{of_list(std::move(list))};
}

Result<std::vector<Value>> read_list_push(Node& node) {
  NARROW_TRY(List list, list_at(node, 0));
  NARROW_TRY(Value v, node.value(1));
  list.push_back(std::move(v));
  return std::vector<Value>{of_list(std::move(list))};
}

Result<std::vector<Value>> read_list_stack(Node& node) {
  NARROW_TRY(List const list, list_at(node, 0));
  return stacked(node, list);
}

Result<std::vector<Value>> read_list_length(Node& node) {
  NARROW_TRY(List const list, list_at(node, 0));
  return one(integer_constant(DType::int32, {}, {static_cast<int64_t>(list.size())}));
}

constexpr const char* kArrayResults[] = {"handle", "flow"};

constexpr NodeRule kListsRules[] = {
    {"EmptyTensorList", read_list_empty},     {"TensorArrayGatherV3", read_array_gather},
    {"TensorArrayReadV3", read_array_read},   {"TensorArrayScatterV3", read_array_scatter},
    {"TensorArraySizeV3", read_array_size},   {"TensorArrayV3", read_array, nullptr, nullptr, kArrayResults},
    {"TensorArrayWriteV3", read_array_write}, {"TensorListFromTensor", read_list_from_tensor},
    {"TensorListGetItem", read_list_get},     {"TensorListLength", read_list_length},
    {"TensorListPushBack", read_list_push},   {"TensorListReserve", read_list_reserve},
    {"TensorListSetItem", read_list_set},     {"TensorListStack", read_list_stack},
};

}  // namespace

std::span<const NodeRule> list_rules() {
  return kListsRules;
}

}  // namespace narrow::graphdef
