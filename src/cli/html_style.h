// The look of pages that commands write.
#pragma once

namespace narrow {

/// CSS that suits a light and a dark page: boxes with figures (.shares, .share) and tables (.scroll).
extern const char* const kHtmlStyle;

}  // namespace narrow
