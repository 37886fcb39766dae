// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "label/label.h"

namespace valise::label::testing {

// Made up for the tests: nothing here states which levels two real parties hold equal.
inline Scheme japan() {
    return {"TEST-JPN",
            "urn:oid:2.25.329800735698586629295641978511506172918",
            {{"hi", "秘", "hi", {{"en", "CONFIDENTIAL"}, {"ja", "秘"}, {"uk", "Хі"}}, 2, "#0000ff"},
             {"gokuhi",
              "極秘",
              "gokuhi",
              {{"en", "SECRET"}, {"ja", "極秘"}, {"uk", "Гокухі"}},
              3,
              "#ff0000"},
             {"kimitsu", "機密", "kimitsu", {{"en", "TOP SECRET"}, {"ja", "機密"}}, 4, ""}}};
}

inline Scheme ukraine() {
    return {"TEST-UKR",
            "",
            {{"t", "Таємно", "Taiemno", {{"en", "CONFIDENTIAL"}, {"uk", "Таємно"}}, 2, ""},
             {"ct",
              "Цілком таємно",
              "Tsilkom taiemno",
              {{"en", "SECRET"}, {"ja", "ツィルコム・タイェムノ"}, {"uk", "Цілком таємно"}},
              3,
              ""}}};
}

inline Label gokuhi() {
    return {"TEST-JPN",
            "urn:oid:2.25.329800735698586629295641978511506172918",
            "極秘",
            "",
            {{CategoryType::permissive, kContext, {"TEST-JPN"}, ""},
             {CategoryType::permissive, kReleasableTo, {"JPN", "UKR"}, ""}},
            "registry.jpn.example",
            "dNSName",
            Time::parse("2026-11-24T09:30:00Z").value(),
            Time::parse("2031-11-24T00:00:00Z").value()};
}

} // namespace valise::label::testing
