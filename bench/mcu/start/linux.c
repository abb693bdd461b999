/* For programs of another processor that QEMU runs as Linux programs: the C library starts them. There is no counter.
 */
#include <stdio.h>

#include "chip.h"

void chip_write(char const *text) {
  fputs(text, stdout);
  fflush(stdout);
}

unsigned long chip_ticks(void) {
  return 0;
}

unsigned long chip_slow_ticks(void) {
  return 0;
}

/* Linux lets the main stack grow to megabytes. */
unsigned char *chip_stack_limit(void) {
  return chip_stack_pointer() - 65536;
}
