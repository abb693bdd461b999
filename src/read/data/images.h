// Files that people keep samples in and that are not read: what to say of them.
#pragma once

#include <string>
#include <string_view>

namespace narrow {

/// What is read instead, and where the way there is described.
inline constexpr const char* kHowToMakeSamples =
    "samples are .npy, .npz or .csv files, or a folder of these: docs/data.md shows how to make one of images";

/// The format of an image whose first six bytes these are, as in "PNG"; empty for other files.
std::string image_format(std::string_view begin);

/// Whether files with this extension, dot included and in any case, are images.
bool is_image_name(std::string extension);

}  // namespace narrow
