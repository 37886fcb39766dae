# SPDX-License-Identifier: Apache-2.0
# cmake -DOUT=file.cpp "-DFILES=a;b" -P Embed.cmake: files as bytes in the program, by their names, so
# that a desk needs nothing beside it on the disk.
set(table "")
set(text "// Made by cmake/Embed.cmake.\n#include \"desk/internal/embedded.h\"\n\nnamespace valise::desk {\n\nnamespace {\n\n")
set(number 0)
foreach(file IN LISTS FILES)
    file(READ "${file}" hex HEX)
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
    get_filename_component(name "${file}" NAME)
    string(APPEND text "constexpr unsigned char k${number}[] = {${bytes}0};\n")
    string(APPEND table "    {\"${name}\", {reinterpret_cast<const char*>(k${number}), sizeof(k${number}) - 1}},\n")
    math(EXPR number "${number} + 1")
endforeach()
string(APPEND text "\n} // namespace\n\nstd::string_view embedded(std::string_view name) {\n    static const std::pair<std::string_view, std::string_view> kFiles[] = {\n${table}    };\n    for (const auto& [known, bytes] : kFiles)\n        if (known == name)\n            return bytes;\n    return {};\n}\n\n} // namespace valise::desk\n")
file(WRITE "${OUT}" "${text}")
