// SPDX-License-Identifier: Apache-2.0
#include "logbook/custody.h"

#include "logbook/notices.h"
#include "logbook/package.h"

namespace valise::logbook {
namespace {

constexpr std::string_view kFindings[] = {"kept", "return", "destroy"};
constexpr std::string_view kIncidentFindings[] = {"found", "lost"};
constexpr std::string_view kSeals[] = {"intact", "broken"};

template<class Value, std::size_t N>
std::string_view word_of(const std::string_view (&words)[N], Value value) {
    const auto index = static_cast<std::size_t>(value);
    return index < N ? words[index] : "?";
}

template<class Value, std::size_t N>
Result<Value> parse_word(const std::string_view (&words)[N], std::string_view text,
                         const char* reason, const char* expected) {
    for (std::size_t i = 0; i < N; ++i)
        if (words[i] == text)
            return static_cast<Value>(i);
    return fail(Code::invalid, reason, std::string("expected ") + expected);
}

} // namespace

std::string_view to_string(ReviewFinding finding) {
    return word_of(kFindings, finding);
}
Result<ReviewFinding> parse_review_finding(std::string_view text) {
    return parse_word<ReviewFinding>(kFindings, text, "logbook.finding", "kept, return or destroy");
}

std::string_view to_string(IncidentFinding finding) {
    return word_of(kIncidentFindings, finding);
}
Result<IncidentFinding> parse_incident_finding(std::string_view text) {
    return parse_word<IncidentFinding>(kIncidentFindings, text, "logbook.finding", "found or lost");
}

std::string_view to_string(SealFinding finding) {
    return word_of(kSeals, finding);
}
Result<SealFinding> parse_seal_finding(std::string_view text) {
    return parse_word<SealFinding>(kSeals, text, "logbook.finding", "intact or broken");
}

} // namespace valise::logbook
