#include "read/data/images.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace narrow {
namespace {

using namespace std::string_view_literals;

struct ImageFormat {
  const char* name;
  std::string_view begin;
};

constexpr std::array kFormats{
    ImageFormat{"PNG", "\x89PNG\r\n"sv}, ImageFormat{"JPEG", "\xFF\xD8\xFF"sv}, ImageFormat{"GIF", "GIF8"sv},
    ImageFormat{"TIFF", "II*\0"sv},      ImageFormat{"TIFF", "MM\0*"sv},        ImageFormat{"BMP", "BM"sv},
};

constexpr std::array kExtensions{".png"sv, ".jpg"sv,  ".jpeg"sv, ".bmp"sv, ".gif"sv,
                                 ".tif"sv, ".tiff"sv, ".webp"sv, ".ppm"sv, ".pgm"sv};

}  // namespace

std::string image_format(std::string_view begin) {
  auto const* const found =
      std::ranges::find_if(kFormats, [&](const ImageFormat& f) { return begin.starts_with(f.begin); });
  return found == kFormats.end() ? "" : found->name;
}

bool is_image_name(std::string extension) {
  for (char& c : extension) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return std::ranges::find(kExtensions, extension) != kExtensions.end();
}

}  // namespace narrow
