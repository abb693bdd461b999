/* Start file for Cortex-M processors under QEMU; text and the exit code go out by Arm's semihosting calls.
 *
 * The counter is that of the MPS2 and MPS3 boards' FPGA (-DCHIP_FPGAIO=ADDRESS of its registers), or timer 0 of the
 * nRF51
 * (-DCHIP_NRF51). Both follow QEMU's virtual time, which -icount advances by the same amount for each instruction. */
#include <stdint.h>

#include "chip.h"

/* From cortex_m.ld. */
extern uint32_t chip_stack_top[], chip_data_start[], chip_data_end[], chip_data_stored[], chip_bss_start[],
    chip_bss_end[];

int main(void);
void chip_reset(void);
static void chip_fault(void);

#define SEMIHOSTING_WRITE 0x04
#define SEMIHOSTING_EXIT 0x20
#define APPLICATION_EXIT 0x20026U

static void semihosting(uint32_t operation, void const *argument) {
  register uint32_t r0 __asm__("r0") = operation;
  register void const *r1 __asm__("r1") = argument;
  __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
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

#define REGISTER(address) (*(uint32_t volatile *)(address))

#ifdef CHIP_NRF51
/* Timers of 32 bits, 16 MHz / 2^prescaler. */
#define TIMER0 0x40008000U
#define TIMER1 0x40009000U

static void start_timer(uint32_t timer, uint32_t prescaler) {
  REGISTER(timer + 0x510U) = prescaler;
  REGISTER(timer + 0x508U) = 3; /* BITMODE: 32 bits */
  REGISTER(timer + 0x000U) = 1; /* START */
}

static void start_counters(void) {
  start_timer(TIMER0, 0);
  start_timer(TIMER1, 9);
}

static unsigned long timer_ticks(uint32_t timer) {
  REGISTER(timer + 0x040U) = 1; /* CAPTURE[0] */
  return REGISTER(timer + 0x540U);
}

unsigned long chip_ticks(void) {
  return timer_ticks(TIMER0);
}

unsigned long chip_slow_ticks(void) {
  return timer_ticks(TIMER1);
}
#else
static void start_counters(void) {}

unsigned long chip_ticks(void) {
  return REGISTER(CHIP_FPGAIO + 0x18U); /* COUNTER */
}

unsigned long chip_slow_ticks(void) {
  return REGISTER(CHIP_FPGAIO + 0x14U); /* CLK100HZ */
}
#endif

__attribute__((section(".vectors"), used)) static void *const vectors[16] = {chip_stack_top,
                                                                             (void *)chip_reset,
                                                                             (void *)chip_fault,
                                                                             (void *)chip_fault,
                                                                             (void *)chip_fault,
                                                                             (void *)chip_fault,
                                                                             (void *)chip_fault,
                                                                             (void *)chip_fault,
                                                                             0,
                                                                             0,
                                                                             0,
                                                                             (void *)chip_fault,
                                                                             (void *)chip_fault,
                                                                             0,
                                                                             (void *)chip_fault,
                                                                             (void *)chip_fault};

static void chip_fault(void) {
  chip_write("fault\n");
  chip_exit(CHIP_FAULT);
}

void chip_reset(void) {
  uint32_t volatile *to;
  uint32_t const *from = chip_data_stored;
#if defined(__ARM_FP) || defined(__ARM_FEATURE_MVE)
  REGISTER(0xE000ED88U) |= 0xFU << 20; /* CPACR: coprocessors 10 and 11, which are the floating-point and vector unit */
  __asm__ volatile("dsb\n isb" : : : "memory");
#endif
#ifdef __ARM_FEATURE_MVE
  REGISTER(0xE000ED14U) |= 1U << 19; /* CCR.LOB: loops with the branch predicted */
#endif
  for (to = chip_data_start; to < chip_data_end; ++to) *to = *from++;
  for (to = chip_bss_start; to < chip_bss_end; ++to) *to = 0;
  start_counters();
  chip_exit(main());
}
