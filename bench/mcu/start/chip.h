/* What a start file offers to the program that it starts.
 *
 * A start file brings the processor from reset to main(), ends the emulation with what main() returns, and implements
 * the functions below. Text is ASCII. */
#ifndef CHIP_H
#define CHIP_H

/* The exit code of a run that ended in a processor fault. */
#define CHIP_FAULT 99

/* Writes to where the emulator shows text. */
void chip_write(char const *text);

/* The value of a counter that goes up with the executed instructions, modulo 2^32; machines.py says by how much for
 * each. A machine that is watched from outside marks the moment instead and returns 0. */
unsigned long chip_ticks(void);

/* A slower counter of the same clock, modulo 2^32, which tells how often that of chip_ticks() has begun anew; 0 where
 * that one does not. */
unsigned long chip_slow_ticks(void);

/* The lowest address that the stack may grow down to. */
unsigned char *chip_stack_limit(void);

/* The stack pointer of the function that this is inlined into. */
static inline unsigned char *chip_stack_pointer(void) {
  unsigned char *pointer;
#if defined(__arm__)
  __asm__ volatile("mov %0, sp" : "=r"(pointer));
#elif defined(__riscv)
  __asm__ volatile("mv %0, sp" : "=r"(pointer));
#elif defined(__PPC__)
  __asm__ volatile("mr %0, 1" : "=r"(pointer));
#elif defined(__AVR__)
  /* The AVR's stack pointer is the address of the next free byte. */
  __asm__ volatile("in %A0, 0x3d\n in %B0, 0x3e\n adiw %0, 1" : "=w"(pointer));
#else
#error "no stack pointer is known for this processor"
#endif
  return pointer;
}

#endif
