# Writes the sources of the portable kernels into one C++ file, as text, for programs that ship them.
# cmake -DROOT=kernels -DOUT=file.cc -P embed.cmake
file(GLOB_RECURSE FILES RELATIVE ${ROOT} ${ROOT}/portable/*.c ${ROOT}/portable/*.h ${ROOT}/dsp/*.c ${ROOT}/dsp/*.h
  ${ROOT}/helium/*.c ${ROOT}/helium/*.h ${ROOT}/blocked/*.c ${ROOT}/blocked/*.h)
list(APPEND FILES nw_types.h nw_requantize.h nw_memory.h nw_weights.h)
list(SORT FILES)
set(TEXT "#include \"emit/c/kernel_text.h\"\n\nnamespace narrow {\nnamespace {\n\nusing namespace std::string_view_literals;  // which know their length: compilers bound the steps of counting it\n\nconstexpr KernelText kFiles[] = {\n")
foreach(FILE IN LISTS FILES)
  file(READ ${ROOT}/${FILE} CONTENT)
  string(APPEND TEXT "{\"${FILE}\", R\"kernel(${CONTENT})kernel\"sv},\n")
endforeach()
string(APPEND TEXT "};\n\n}  // namespace\n\nstd::span<const KernelText> kernel_texts() {\n  return kFiles;\n}\n\n}  // namespace narrow\n")
file(WRITE ${OUT} "${TEXT}")
