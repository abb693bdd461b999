// The style and the script of the report, whole: nothing is loaded from elsewhere.
#pragma once

namespace narrow {

extern const char* const kReportStyle;
extern const char* const kReportScript;

}  // namespace narrow
