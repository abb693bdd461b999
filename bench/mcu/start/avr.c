/* Start file for AVR processors under simavr; avr-libc brings the processor to main().
 *
 * simavr reads the section .mmcu of a program: here that bytes written to GPIOR0 are text for its console, and that
 * changes of GPIOR1 go, with their times, into a .vcd file, by default gtkwave_trace.vcd. GPIOR1 is 1 in the first half
 * of a measurement's window and 0 in the second, so each edge is a marked moment. The result of main() is written as
 * 'exit CODE'; sleeping with interrupts off ends the emulation. */
#include <avr/interrupt.h>
#include <avr/io.h>
#include <avr/sleep.h>
#include <stdint.h>

#include "chip.h"

/* Tags and layouts of simavr's section .mmcu: a tag, the number of bytes that follow, and these. */
enum { TAG_NAME = 1, TAG_FREQUENCY = 2, TAG_CONSOLE = 11, TAG_TRACE = 14 };
#define MMCU __attribute__((section(".mmcu"), used))

/* Not static, so that the linker can be told to keep it, and with it the section. */
struct {
  uint8_t tag, bytes;
  char name[64];
} __attribute__((packed)) const chip_name MMCU = {TAG_NAME, 64, CHIP_NAME};

static struct {
  uint8_t tag, bytes;
  uint32_t hertz;
} __attribute__((packed)) const chip_frequency MMCU = {TAG_FREQUENCY, 4, CHIP_HERTZ};

static struct {
  uint8_t tag, bytes;
  void *where;
} __attribute__((packed)) const chip_console MMCU = {TAG_CONSOLE, 2, (void *)&GPIOR0};

static struct {
  uint8_t tag, bytes, mask;
  void *where;
  char name[32];
} __attribute__((packed)) const chip_trace MMCU = {TAG_TRACE, 35, 0, (void *)&GPIOR1, "window"};

int selftest_main(void);

void chip_write(char const *text) {
  for (; *text != 0; ++text) GPIOR0 = (uint8_t)(*text == '\n' ? '\r' : *text); /* at which simavr shows a line */
}

unsigned char *chip_stack_limit(void) {
  extern unsigned char __heap_start[]; /* where avr-libc's linker scripts end the variables */
  return __heap_start;
}

unsigned long chip_ticks(void) {
  GPIOR1 ^= 1;
  return 0;
}

unsigned long chip_slow_ticks(void) {
  return 0;
}

int main(void) {
  char line[] = "exit 0\n";
  line[5] = (char)(line[5] + (selftest_main() & 7));
  chip_write(line);
  cli();
  sleep_enable();
  sleep_cpu();
  return 0;
}
