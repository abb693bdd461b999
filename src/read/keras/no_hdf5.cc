// For builds without other processes (NARROW_PROCESSES is off), in which libhdf5 would have to run.
#include "read/keras/hdf5_contents.h"

namespace narrow::keras {

Result<Hdf5Contents> read_hdf5(SharedBytes, const Limits&) {
  return fail(ErrorKind::unsupported, "this build of narrow reads no models of Keras", {},
              "the command line makes a .tflite of it: narrow convert MODEL -o MODEL.tflite");
}

}  // namespace narrow::keras
