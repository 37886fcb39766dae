// SPDX-License-Identifier: Apache-2.0
#include "acting.h"

#include "adapters/clock/system_clock.h"
#include "base/text.h"
#include "crypto/random.h"
#include "sentences.h"

#include <fmt/core.h>

#include <charconv>

namespace valise::cli {

Result<Acting> Acting::begin() {
    TRY_ASSIGN(const auto file, acting_person());
    TRY_ASSIGN(auto key, file.person());
    TRY_ASSIGN(auto client, Client::connect());
    return Acting{std::move(client), std::move(key)};
}

Result<logbook::SignedAct> Acting::sign(logbook::ActKind kind, Json content) const {
    if (!globals().deputised.empty())
        content["for"] = globals().deputised;
    TRY_ASSIGN(auto act, logbook::Act::make(kind, client.party(), client.terms_digest(),
                                            adapters::SystemClock().now(), key.public_bytes(),
                                            std::move(content), crypto::random_array<16>()));
    return logbook::SignedAct::make(std::move(act), key);
}

Result<Json> Acting::hand_in(const logbook::SignedAct& act) {
    if (!globals().dry_run)
        return client.post("/api/v1/acts", act.bytes());
    TRY_ASSIGN(Json considered, client.post("/api/v1/acts/consider", act.act().bytes()));
    considered.erase("people");
    considered["dry_run"] = true;
    return considered;
}

Result<Json> Acting::act(logbook::ActKind kind, Json content) {
    TRY_ASSIGN(const auto signed_act, sign(kind, std::move(content)));
    return hand_in(signed_act);
}

bool permitted(const Json& answer) {
    const auto outcome = answer.find("outcome");
    return outcome != answer.end() && *outcome == "permit";
}

bool performed(const Json& answer) {
    return permitted(answer) && !answer.contains("dry_run");
}

Result<std::uint64_t> event_in(const Json& answer) {
    const auto event = answer.find("event");
    if (event == answer.end() || !event->contains("index") ||
        !event->at("index").is_number_integer() || event->at("index") < 0)
        return fail(Code::invalid, "cli.answer", "the registry's answer lacks the event");
    return event->at("index").get<std::uint64_t>();
}

std::string refusals_of(const Json& answer) {
    std::string out = "REFUSED";
    for (const Json& clause : answer.value("clauses", Json::array()))
        if (clause.value("finding", "") == "refuse")
            out +=
                fmt::format("; clause {} ({}): {}", shown(clause, "clause"), shown(clause, "row"),
                            sentence_of_reason(shown(clause, "reason"), shown(clause, "clause")));
    return out;
}

namespace {

std::string decision_lines(const Json& answer) {
    static const Json kNone = Json::array();
    const Json event = answer.value("event", Json::object());
    const auto each = [&](const char* name) -> const Json& {
        const auto found = answer.find(name);
        return found != answer.end() && found->is_array() ? *found : kNone;
    };
    std::string out;
    if (permitted(answer)) {
        out = fmt::format("permitted by {} clauses, event {} of the {} log ({})\n",
                          each("clauses").size(), shown(event, "index"), shown(event, "log"),
                          shown(answer, "evidence"));
        for (const Json& duty : each("duties"))
            out += fmt::format("  duty: {} until {} (clause {})\n", shown(duty, "what"),
                               shown(duty, "due"), shown(duty, "clause"));
        return out;
    }
    out = fmt::format("REFUSED by the agreement, event {} of the {} log ({})\n",
                      shown(event, "index"), shown(event, "log"), shown(answer, "evidence"));
    for (const Json& clause : each("clauses"))
        if (clause.value("finding", "") == "refuse")
            out +=
                fmt::format("  clause {} ({}): {}\n", shown(clause, "clause"), shown(clause, "row"),
                            sentence_of_reason(shown(clause, "reason"), shown(clause, "clause")));
    return out;
}

Exit conclude_dry_run(Json answer_value) {
    const bool done = permitted(answer_value);
    for (const char* name : {"result", "number", "dispatch", "incident", "copy_number"})
        if (const auto found = answer_value.find(name);
            found != answer_value.end() && (found->empty() || *found == ""))
            answer_value.erase(found);
    std::string lines = done ? "would be permitted; nothing was recorded\n"
                             : "WOULD BE REFUSED by the agreement; nothing was recorded\n";
    for (const Json& clause : answer_value.value("clauses", Json::array()))
        lines +=
            fmt::format("  {:<14} {} ({}): {}\n", shown(clause, "finding"), shown(clause, "clause"),
                        shown(clause, "row"),
                        sentence_of_reason(clause.value("reason", ""), shown(clause, "clause")));
    answer(std::move(answer_value), lines);
    return done ? Exit::done : Exit::refused;
}

} // namespace

Exit conclude(Json answer_value, std::string_view more) {
    if (answer_value.contains("dry_run"))
        return conclude_dry_run(std::move(answer_value));
    const bool done = permitted(answer_value);
    std::string lines = done ? std::string(more) : std::string();
    if (!lines.empty() && lines.back() != '\n')
        lines += '\n';
    lines += decision_lines(answer_value);
    answer(std::move(answer_value), lines);
    return done ? Exit::done : Exit::refused;
}

Result<Exit> act_and_conclude(logbook::ActKind kind, Json content, std::string_view what) {
    TRY_ASSIGN(auto acting, Acting::begin());
    TRY_ASSIGN(auto value, acting.act(kind, std::move(content)));
    return conclude(std::move(value), what);
}

Result<Time> parse_until(std::string_view text) {
    if (text.starts_with('+') && text.ends_with('d')) {
        std::int64_t days = 0;
        const auto digits = text.substr(1, text.size() - 2);
        const auto [end, error] =
            std::from_chars(digits.data(), digits.data() + digits.size(), days);
        if (error == std::errc() && end == digits.data() + digits.size() && days >= 0 &&
            days <= 36500)
            return adapters::SystemClock().now().plus_days(days);
    }
    const auto time = Time::parse(text);
    if (!time)
        return fail(Code::invalid, "cli.until",
                    "'" + printable(text) + "' is no 2027-01-31, 2027-01-31T12:00:00Z or +30d");
    return *time;
}

Result<std::string> person_named(const std::string& text) {
    if (PersonId::parse(text))
        return text;
    auto file = PublicKeyFile::read(text, KeyKind::person);
    if (!file && file.error().code() == Code::not_found)
        return fail(Code::not_found, "cli.no_person",
                    "'" + printable(text) + "' is neither a person's id nor a key file");
    if (!file)
        return fail(file.error());
    return file->id();
}

} // namespace valise::cli
