# Builds narrow, and makes an image that runs it:
#   docker build -t narrow .
#   docker run --rm -v "$PWD:/work" narrow quantize model.tflite --data train.npy -o model_int8.tflite
FROM debian:bookworm AS build
COPY . /source
WORKDIR /source
RUN tools/setup demo && tools/build -DNARROW_TESTS=OFF -DNARROW_BENCH=OFF && cmake --install build --prefix /opt/narrow

FROM debian:bookworm-slim
# What build/narrow is linked to; tests/packaging_test.py compares.
RUN apt-get update && apt-get install -y --no-install-recommends \
      libfmt9 libhdf5-103-1 libprotobuf-lite32 libre2-9 libxnnpack0 zlib1g \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /opt/narrow /opt/narrow
ENV PATH=/opt/narrow/bin:$PATH
WORKDIR /work
ENTRYPOINT ["narrow"]
