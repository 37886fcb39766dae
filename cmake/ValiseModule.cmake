# SPDX-License-Identifier: Apache-2.0

# valise_module(NAME USES module... LINKS library...)
# One room of the house: every .cpp of the folder except *_test.cpp becomes the static library
# valise_NAME; every *_test.cpp the test program NAME_test. USES is the row of the table in
# docs/architecture.md; tests/layers checks the includes against that table.
function(valise_module name)
    cmake_parse_arguments(M "" "" "USES;LINKS;TEST_LINKS" ${ARGN})
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp")
    set(tests ${sources})
    list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
    list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
    add_library(valise_${name} STATIC ${sources})
    target_link_libraries(valise_${name} PUBLIC valise_flags fmt::fmt nlohmann_json::nlohmann_json)
    foreach(used ${M_USES})
        target_link_libraries(valise_${name} PUBLIC valise_${used})
    endforeach()
    target_link_libraries(valise_${name} PUBLIC ${M_LINKS})
    if(VALISE_TESTS AND tests)
        valise_test(${name}_test SOURCES ${tests} LINKS valise_${name} ${M_TEST_LINKS})
    endif()
endfunction()

# valise_test(NAME SOURCES file... LINKS library...): a GoogleTest program whose cases CTest knows.
function(valise_test name)
    cmake_parse_arguments(T "" "TIMEOUT" "SOURCES;LINKS" ${ARGN})
    if(NOT T_TIMEOUT)
        set(T_TIMEOUT 120)
    endif()
    add_executable(${name} ${T_SOURCES})
    target_link_libraries(${name} PRIVATE ${T_LINKS} GTest::gtest GTest::gtest_main)
    target_compile_definitions(${name} PRIVATE
        VALISE_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
        VALISE_VECTORS_DIR="${CMAKE_SOURCE_DIR}/../shared/vectors")
    gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT ${T_TIMEOUT}
        ENVIRONMENT "LSAN_OPTIONS=print_suppressions=0:suppressions=${CMAKE_SOURCE_DIR}/tests/leaks.supp")
endfunction()

# valise_program(NAME USES module...): a composition root under apps/.
function(valise_program name)
    cmake_parse_arguments(P "" "" "USES;LINKS" ${ARGN})
    file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp")
    add_executable(${name} ${sources})
    foreach(used ${P_USES})
        target_link_libraries(${name} PRIVATE valise_${used})
    endforeach()
    target_link_libraries(${name} PRIVATE ${P_LINKS})
endfunction()
