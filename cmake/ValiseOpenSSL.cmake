# SPDX-License-Identifier: Apache-2.0
# OpenSSL 3.5 or newer, linked statically from .deps/ where the system's own is older. The symbols
# stay inside our programs (--exclude-libs), so that libraries of the system which use the system's
# OpenSSL never meet ours.
set(VALISE_DEPS "$ENV{VALISE_DEPS}" CACHE PATH "Folder that set-up built the dependencies into")
if(NOT VALISE_DEPS)
    set(VALISE_DEPS "${CMAKE_SOURCE_DIR}/.deps")
endif()

add_library(valise_openssl INTERFACE)
if(EXISTS "${VALISE_DEPS}/openssl/lib/libcrypto.a")
    target_include_directories(valise_openssl SYSTEM BEFORE INTERFACE "${VALISE_DEPS}/openssl/include")
    target_link_libraries(valise_openssl INTERFACE
        "${VALISE_DEPS}/openssl/lib/libssl.a" "${VALISE_DEPS}/openssl/lib/libcrypto.a" dl pthread)
    target_link_options(valise_openssl INTERFACE -Wl,--exclude-libs,libssl.a,--exclude-libs,libcrypto.a)
else()
    find_package(OpenSSL 3.5 REQUIRED)
    target_link_libraries(valise_openssl INTERFACE OpenSSL::SSL OpenSSL::Crypto)
endif()
