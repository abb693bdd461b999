// What must hold of any bytes that are given as a model. What does not ends the process with a message.
#pragma once

#include <cstdint>
#include <span>

#include "base/bytes.h"

namespace narrow {

/// The bytes are a valid model, which survives being written and read again, or there is an error: one line, not
/// `internal`, with a place.
void check_reading(const SharedBytes& bytes);

/// Besides, what is valid stays so when simplified, is lowered or refused under every profile, runs inside of its
/// buffers, and the fast kernels compute what the plain loops do, bit for bit in integers.
void check_running(const SharedBytes& bytes);

/// Besides, it is quantized by every scheme or refused, and the outcome is valid and runs.
void check_quantizing(const SharedBytes& bytes);

}  // namespace narrow
