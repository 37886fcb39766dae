// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "forms/form.h"
#include "forms/words.h"

namespace valise::forms::internal {

// How a member of a form is checked and shown.
enum class Show : std::uint8_t {
    text,
    word,
    party,
    people,
    time,
    bytes,
    count,
    finding,
    level,
    hash
};

struct Line {
    const char* member;
    Show show;
    Words label;
    bool optional = false; // a form may be without it
};
struct Section {
    Words heading;
    std::span<const Line> lines;
};

// All that distinguishes one kind of form. A new kind is a new row of patterns() and what
// Form::make() takes its members from.
struct Pattern {
    FormKind kind;
    const char* name;
    const char* subject; // member that names what it is about
    Words title;
    Words declaration;
    bool carries_level; // a receipt travels openly //= O-35 //= O-36
    std::span<const Section> sections;
    std::span<const Words> signers;
};

std::span<const Pattern> patterns();
const Pattern& pattern_of(FormKind kind);

} // namespace valise::forms::internal
