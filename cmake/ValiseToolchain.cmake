# SPDX-License-Identifier: Apache-2.0
option(VALISE_TESTS "Build the tests" ON)
option(VALISE_FUZZ "Build the fuzz targets (clang only)" OFF)
option(VALISE_FUZZ_REPLAY "Build programs that feed the fuzz corpora once, as tests" OFF)
option(VALISE_BENCH "Build the benchmarks" OFF)
option(VALISE_HARDEN "Hardened release flags" OFF)
set(VALISE_SANITIZE "" CACHE STRING "Sanitizers, comma separated")

add_library(valise_flags INTERFACE)
target_compile_options(valise_flags INTERFACE
    -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror)
target_include_directories(valise_flags INTERFACE "${CMAKE_SOURCE_DIR}/src")

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # g++ 12 reports false positives of these two inside its own std::vector and std::variant code
    # once inlined; clang-tidy and the sanitizers watch the same ground.
    target_compile_options(valise_flags INTERFACE -Wno-stringop-overflow -Wno-array-bounds
        -Wno-maybe-uninitialized -Wno-restrict)
endif()

if(VALISE_FUZZ)
    add_compile_options(-fsanitize=fuzzer-no-link)
endif()

if(VALISE_SANITIZE)
    add_compile_options(-fsanitize=${VALISE_SANITIZE} -fno-sanitize-recover=all
        -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${VALISE_SANITIZE})
endif()

if(VALISE_HARDEN)
    add_compile_options(-D_FORTIFY_SOURCE=3 -fstack-protector-strong -fstack-clash-protection
        -fcf-protection -D_GLIBCXX_ASSERTIONS)
    add_link_options(-Wl,-z,relro,-z,now -Wl,-z,noexecstack -pie)
endif()

find_program(VALISE_CCACHE ccache)
if(VALISE_CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER "${VALISE_CCACHE}")
    set(CMAKE_C_COMPILER_LAUNCHER "${VALISE_CCACHE}")
endif()
find_program(VALISE_MOLD mold)
if(VALISE_MOLD AND NOT VALISE_HARDEN)
    add_link_options(-fuse-ld=mold)
endif()
