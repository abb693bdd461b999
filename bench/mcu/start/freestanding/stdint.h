/* The compiler's own <stdint.h>, which is complete without a C library's. */
#include <stdint-gcc.h>
