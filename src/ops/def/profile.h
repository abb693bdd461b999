// ProfileDef: a runtime whose arithmetic narrow follows; ByProfile: what an op does differently from one to another.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace narrow {

/// The profiles, in the order of `all_profiles`.
enum class ProfileId : uint8_t { narrow, tflm, litert, xnnpack };

/// A profile. It says nothing of single ops: where runtimes compute one differently, the op's own file has a ByProfile.
struct ProfileDef {
  ProfileId id;
  const char* name;
  bool own_arithmetic = false;  // takes what the model itself says of its arithmetic
};

/// A value for each profile. What an op or a family of ops computes differently is a constant of this type beside its
/// lowering, which lists only the profiles that differ from a value-initialized T:
///
///   constexpr ByProfile<Forms> kFormsDiv{.litert = {Form::reference, Form::reference}};
///   ... kFormsDiv[context.profile].int8 ...
template <class T>
struct ByProfile {
  T narrow{};
  T tflm{};
  T litert{};
  T xnnpack{};

  constexpr const T& operator[](const ProfileDef& profile) const {
    constexpr T ByProfile::*kMembers[] = {&ByProfile::narrow, &ByProfile::tflm, &ByProfile::litert,
                                          &ByProfile::xnnpack};
    return this->*kMembers[static_cast<size_t>(profile.id)];
  }
};

/// All profiles, the default first: narrow, tflm, litert, xnnpack.
std::span<const ProfileDef> all_profiles();

/// The profile of that name, or null.
const ProfileDef* find_profile(std::string_view name);

}  // namespace narrow
