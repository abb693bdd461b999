/* Start file for 32-bit RISC-V on QEMU's board virt, where a program given without firmware begins at 0x80000000; text
 * and the exit code go out by semihosting calls. The counter is minstret, that of retired instructions. */
#include <stdint.h>

#include "chip.h"

/* From riscv32.ld. */
extern uint32_t chip_bss_start[], chip_bss_end[];

int main(void);
void chip_start(void);
void chip_fault(void);

#define SEMIHOSTING_WRITE 0x04
#define SEMIHOSTING_EXIT 0x20
#define APPLICATION_EXIT 0x20026U

/* An emulator knows the call by the three instructions, none of them compressed and all in one page. */
__attribute__((noinline, aligned(16))) static void semihosting(uint32_t operation, void const *argument) {
  register uint32_t a0 __asm__("a0") = operation;
  register void const *a1 __asm__("a1") = argument;
  __asm__ volatile(
      ".balign 16\n.option push\n.option norvc\n"
      "slli x0, x0, 0x1f\n ebreak\n srai x0, x0, 7\n"
      ".option pop"
      : "+r"(a0)
      : "r"(a1)
      : "memory");
}

static void chip_exit(int code) {
  uint32_t const reason[2] = {APPLICATION_EXIT, (uint32_t)code};
  semihosting(SEMIHOSTING_EXIT, reason);
  for (;;) {
  }
}

void chip_write(char const *text) {
  semihosting(SEMIHOSTING_WRITE, text);
}

unsigned char *chip_stack_limit(void) {
  return (unsigned char *)chip_bss_end;
}

unsigned long chip_ticks(void) {
  unsigned long retired;
  __asm__ volatile("csrr %0, minstret" : "=r"(retired) : : "memory");
  return retired;
}

unsigned long chip_slow_ticks(void) {
  unsigned long retired;
  __asm__ volatile("csrr %0, minstreth" : "=r"(retired) : : "memory");
  return retired;
}

void __attribute__((aligned(4))) chip_fault(void) {
  chip_write("fault\n");
  chip_exit(CHIP_FAULT);
}

void __attribute__((used)) chip_begin(void) {
  uint32_t volatile *to;
  for (to = chip_bss_start; to < chip_bss_end; ++to) *to = 0;
  chip_exit(main());
}

__asm__(
    ".section .start, \"ax\"\n"
    ".globl chip_start\n"
    "chip_start:\n"
    "  la sp, chip_stack_top\n"
    "  la t0, chip_fault\n"
    "  csrw mtvec, t0\n"
    "  j chip_begin\n"
    ".text");
