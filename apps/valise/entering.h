// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "acting.h"

#include <string>
#include <vector>

namespace valise::cli {

// What a person says of an item that is entered. Empty: not said.
struct Entry {
    std::string file; // of an electronic one
    std::string level;
    std::string purpose;
    std::string title;
    std::string authority; // else the registry's
    std::string mime_type;
    std::string review = "+365d";
    bool reserve_copying = false;
    std::vector<std::string> rights; // kinds of private rights
    std::string rights_note;
    std::string rights_ground;
    std::vector<std::string> sources; // ids or register numbers
    std::string made_as = "derivative";
    std::string language;
    std::string former;
    std::vector<std::string> release; // else both parties of the agreement
    std::string form = "electronic";
    std::string serial;
    std::string disclosed_by;
    std::string disclosed_to;
    std::string disclosed_at;
    std::int64_t pages = 0;
    std::int64_t sheets = 0;
};

// What describes an item that has no sealed file.
void describe(const Entry& entry, Json& content);

// Labels it, seals an electronic one on this side, to the registry's own key (no byte of it reaches
// the registry or a disk in clear), and hands the act in. The answer with item, number, marking,
// label and form in it. Errors: invalid cli.form, cli.level, cli.purpose; those of reading and
// sealing.
Result<Json> enter_item(Acting& acting, const agreement::Terms& terms, const Entry& entry);

} // namespace valise::cli
