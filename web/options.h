// Options of a page: a JSON object with the names that the command line gives them, without dashes in front.
#pragma once

#include <narrow/compile.h>
#include <narrow/evaluate.h>
#include <narrow/quantize.h>

#include <nlohmann/json.hpp>

namespace narrow::web {

/// "scheme", "quality", "data" and the others of `narrow quantize`. Errors: bad_option, by the option's name.
Result<QuantizeRequest> quantize_request(const nlohmann::json& options);

/// "data", "data-scale", "data-offset", "samples" and "labels".
Result<EvaluateRequest> evaluate_request(const nlohmann::json& options);

/// "target", "optimize", "name" and "package", a list.
Result<CompileRequest> compile_request(const nlohmann::json& options);

}  // namespace narrow::web
