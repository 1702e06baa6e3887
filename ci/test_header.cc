// Nothing: the header that CMake precompiles for the tests needs a file to be compiled with.
