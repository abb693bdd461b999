/* Firmware of the size of a blinking LED: recognizes a handwritten digit, and blinks as often as it says.
 *
 * It lies beside the folder that `narrow compile examples/digits/float.tflite --name digits -o digits ...` writes. */
#include "digits/digits.h"
#include "digits/digits_float.h"

/* The LED of Arm's MPS2 boards: put your board's here, and in main() what sets up its pin. */
#define LED (*(volatile unsigned long *)0x40028000UL)

/* What a sensor would give: 8 x 8 pixels from 0 (paper) to 16 (ink). The network was trained on pixel / 16. */
static const unsigned char pixels[DIGITS_INPUT_0_LENGTH] = {
    0, 0, 9, 16, 16, 12, 2, 0, 0, 3, 13, 5, 4, 14, 5, 0, 0, 0, 0, 0, 7, 15, 2, 0, 0, 0, 0,  5,  16, 11, 0, 0,
    0, 0, 0, 0,  8,  16, 7, 0, 0, 0, 0,  0, 0, 13, 8, 0, 0, 0, 4, 5, 5, 15, 4, 0, 0, 0, 12, 16, 15, 5,  0, 0,
};

static float values[DIGITS_INPUT_0_LENGTH];
static nw_i64 arena[(DIGITS_ARENA_BYTES + sizeof(nw_i64) - 1) / sizeof(nw_i64)];

static void wait(void) {
  volatile long i;
  for (i = 0; i < 100000; ++i) {
  }
}

int main(void) {
  nw_i32 digit, i;
  for (i = 0; i < DIGITS_INPUT_0_LENGTH; ++i) values[i] = (float)pixels[i] / 16.0f;

  digits_quantize_input_0(arena, values);
  digits_run(arena);
  digit = digits_argmax_output_0(arena);

  for (i = 0; i < digit; ++i) {
    LED = 1;
    wait();
    LED = 0;
    wait();
  }
  return (int)digit; /* for an emulator; firmware would go on with the next picture */
}
