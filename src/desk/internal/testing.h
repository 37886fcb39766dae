// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/codec/json.h"

#include <algorithm>
#include <string>
#include <vector>

// For tests: whether a value is what one of the schemas in openapi.cpp says. Knows the words that
// stand there and no others.
namespace valise::desk::testing {

inline void schema_faults(const Json& all, const Json& schema, const Json& value,
                          const std::string& where, std::vector<std::string>& faults);

inline void object_faults(const Json& all, const Json& schema, const Json& value,
                          const std::string& where, std::vector<std::string>& faults) {
    const Json properties = schema.value("properties", Json::object());
    for (const Json& name : schema.value("required", Json::array()))
        if (!value.contains(name.get<std::string>()))
            faults.push_back(where + " lacks " + name.get<std::string>());
    for (const auto& [name, member] : value.items()) {
        std::string place = where;
        place.append(".").append(name);
        if (properties.contains(name))
            schema_faults(all, properties.at(name), member, place, faults);
        else if (schema.at("additionalProperties").is_object())
            schema_faults(all, schema.at("additionalProperties"), member, place, faults);
        else
            faults.push_back(place + " is not in the schema");
    }
}

inline void schema_faults(const Json& all, const Json& schema, const Json& value,
                          const std::string& where, std::vector<std::string>& faults) {
    if (schema.contains("$ref")) {
        const auto name = schema.at("$ref").get<std::string>();
        return schema_faults(all, all.at(name.substr(name.rfind('/') + 1)), value, where, faults);
    }
    if (schema.contains("anyOf")) { // a value or null
        if (!value.is_null())
            schema_faults(all, schema.at("anyOf").at(0), value, where, faults);
        return;
    }
    if (schema.contains("const") && value != schema.at("const"))
        faults.push_back(where + " is not " + schema.at("const").dump());
    if (schema.contains("enum") && std::find(schema.at("enum").begin(), schema.at("enum").end(),
                                             value) == schema.at("enum").end())
        faults.push_back(where + " is " + value.dump() + ", which is not listed");
    const std::string type = schema.value("type", "");
    const bool fits = type.empty() || (type == "string" && value.is_string()) ||
                      (type == "integer" && value.is_number_integer()) ||
                      (type == "boolean" && value.is_boolean()) ||
                      (type == "array" && value.is_array()) ||
                      (type == "object" && value.is_object());
    if (!fits)
        return faults.push_back(where + " is no " + type);
    if (value.is_string() && value.get<std::string>().size() < schema.value("minLength", 0U))
        faults.push_back(where + " is too short");
    if (type == "array")
        for (const Json& element : value)
            schema_faults(all, schema.at("items"), element, where + "[]", faults);
    if (type == "object")
        object_faults(all, schema, value, where, faults);
}

// What in `value` is not as the schema of this name says. Empty: all of it is.
inline std::vector<std::string> schema_faults(const Json& all, const std::string& name,
                                              const Json& value) {
    std::vector<std::string> faults;
    schema_faults(all, all.at(name), value, name, faults);
    return faults;
}

} // namespace valise::desk::testing
