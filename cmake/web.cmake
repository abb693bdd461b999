# The libraries of a build for the browser, which tools/build_web puts into CMAKE_FIND_ROOT_PATH: what are packages of
# CMake elsewhere are targets of the same names here. Headers are found there alone: those of the system are for another
# machine.
set(NARROW_XNNPACK OFF)
set(NARROW_PROCESSES OFF)
set(NARROW_TESTS OFF)
set(NARROW_BENCH OFF)

find_package(Threads REQUIRED)
find_path(LIBRARY_HEADERS fmt/format.h REQUIRED)
find_library(ZLIB_LIBRARY z REQUIRED)
find_library(PROTOBUF_LITE protobuf-lite REQUIRED)
find_program(Protobuf_PROTOC_EXECUTABLE protoc REQUIRED)
set(Protobuf_INCLUDE_DIRS ${LIBRARY_HEADERS})

foreach(NAME fmt::fmt nlohmann_json::nlohmann_json tl::expected ZLIB::ZLIB protobuf::libprotobuf-lite)
  add_library(${NAME} INTERFACE IMPORTED GLOBAL)
  target_include_directories(${NAME} SYSTEM INTERFACE ${LIBRARY_HEADERS})
endforeach()
target_compile_definitions(fmt::fmt INTERFACE FMT_HEADER_ONLY)
target_link_libraries(ZLIB::ZLIB INTERFACE ${ZLIB_LIBRARY})
target_link_libraries(protobuf::libprotobuf-lite INTERFACE ${PROTOBUF_LITE})

# The library of emscripten 3.1 lacks some of C++20, which web/standard_library.h adds to each file.
add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-include${CMAKE_CURRENT_LIST_DIR}/../web/standard_library.h>)
