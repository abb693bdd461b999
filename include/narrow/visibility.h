// NARROW_API: what a shared library of narrow exports. Everything else in it is hidden.
#pragma once

#define NARROW_API [[gnu::visibility("default")]]
