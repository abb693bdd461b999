#include "ops/def/kernel_call.h"

#include <algorithm>

namespace narrow {
namespace {

template <class T>
T read(const std::byte* from) {
  T value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

std::string element_text(ElementType type, const std::byte* at) {
  if (type == ElementType::f32) return std::to_string(read<float>(at));
  if (type == ElementType::f64) return std::to_string(read<double>(at));
  return std::to_string(integer_at(type, at));
}

/// Bytes between members are not compared.
bool same_params(const KernelCall& a, const KernelCall& b) {
  return std::all_of(a.kernel->params->fields.begin(), a.kernel->params->fields.end(), [&](const ParamField& f) {
    if (f.pointer) return true;
    auto const at = [&](const KernelCall& call) { return call.params.begin() + f.offset; };
    return std::equal(at(a), at(a) + static_cast<std::ptrdiff_t>(f.count * element_size(f.type)), at(b));
  });
}

}  // namespace

int64_t integer_at(ElementType type, const std::byte* at) {
  switch (type) {
    case ElementType::untyped:
    case ElementType::u8:
      return read<uint8_t>(at);
    case ElementType::i8:
      return read<int8_t>(at);
    case ElementType::i16:
      return read<int16_t>(at);
    case ElementType::u16:
      return read<uint16_t>(at);
    case ElementType::i32:
      return read<int32_t>(at);
    case ElementType::u32:
      return read<uint32_t>(at);
    case ElementType::i64:
      return read<int64_t>(at);
    case ElementType::f32:
    case ElementType::f64:
      break;
  }
  return 0;
}

int64_t KernelCall::number(const char* field) const {
  const ParamField* const f = kernel->params->find(field);
  return f && !f->pointer && f->count == 1 ? integer_at(f->type, params.data() + f->offset) : 0;
}

void KernelCall::point(const char* field, ConstantArray values) {
  if (values.bytes.empty()) return;
  pointed.emplace_back(kernel->params->find(field), arrays.size());
  arrays.push_back(std::move(values));
}

bool operator==(const KernelCall& a, const KernelCall& b) {
  return a.kernel == b.kernel && a.arguments == b.arguments && a.arrays == b.arrays && a.pointed == b.pointed &&
         same_params(a, b);
}

std::string to_text(const KernelCall& call) {
  std::string out = call.kernel->name;
  for (const ParamField& f : call.kernel->params->fields) {
    if (f.pointer) continue;
    out += std::string(" ") + f.name + "=";
    for (uint32_t i = 0; i < f.count; ++i)
      out += (i ? "," : "") + element_text(f.type, call.params.data() + f.offset + i * element_size(f.type));
  }
  return out;
}

}  // namespace narrow
