// Attributes: what an op says beside its operands: strides, padding, axes, a fused activation.
#pragma once

#include <memory>
#include <string>
#include <utility>

namespace narrow {

struct AttributeType;  // graph/attribute_type.h

/// `kNames` lists the names of the values 0, 1, ... of an enumeration that attributes hold. Each enumeration
/// specializes it.
template <class Enum>
struct EnumNames;

/// The attribute struct of one op, or nothing for an op without attributes. Which structs there are is a closed set:
/// each has a static member `kType`, which describes its fields so that code that does not know the op can print,
/// compare and change them. A copy shares the struct until one of the two is edited.
class Attributes {
 public:
  Attributes() = default;

  template <class T, const AttributeType* kOf = &T::kType>
  Attributes(T value) : type_(kOf), value_(std::make_shared<const T>(std::move(value))) {}  // implicit on purpose

  bool empty() const { return !type_; }

  /// The description of the struct; null where there is none.
  const AttributeType* type() const { return type_; }

  /// The struct, where it is a T; else null.
  template <class T>
  const T* get_if() const {
    return type_ == &T::kType ? static_cast<const T*>(value_.get()) : nullptr;
  }

  /// The struct, which must be a T.
  template <class T>
  const T& get() const {
    return *get_if<T>();
  }

  /// The struct for changes, where it is a T; else null. The pointer is valid until the next edit or assignment.
  template <class T>
  T* edit() {
    const T* const now = get_if<T>();
    if (!now) return nullptr;
    auto copy = std::make_shared<T>(*now);
    T* const changeable = copy.get();
    value_ = std::move(copy);
    return changeable;
  }

  /// Equal types and equal values of all fields.
  bool operator==(const Attributes& other) const;

 private:
  const AttributeType* type_ = nullptr;
  std::shared_ptr<const void> value_;
};

/// All fields in the order of the struct: "padding=same, stride_h=2, stride_w=2"; empty where there is none.
std::string print(const Attributes& attributes);

}  // namespace narrow
