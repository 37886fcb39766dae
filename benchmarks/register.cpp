// SPDX-License-Identifier: Apache-2.0
// valise-register make FOLDER TERMS ITEMS | measure FOLDER TERMS | desks FOLDER TERMS |
// vault FOLDER TERMS EVENTS | landmarks FOLDER TERMS
// A register of many items in a folder, and what one does with it; ./bench --long register calls
// it.
#include "register.h"

#include "crypto/random.h"
#include "desk/api.h"
#include "logbook/protection.h"
#include "vault/vault_state.h"
#include "world.h"

#include <malloc.h>

#include <charconv>
#include <ctime>

namespace valise::bench {

using logbook::ActKind;

namespace {

HttpResponse ask(const desk::Api& api, const std::string& target) {
    HttpRequest request;
    request.method = "GET";
    request.target = target;
    return api.answer(request);
}

// Milliseconds to the first byte, the first row (or the end, where there is none) and, if it is
// read to its end, to that; and what came.
Json print_book(const desk::Api& api, const std::string& target, bool whole) {
    Json out = {{"book", target}};
    std::uint64_t bytes = 0;
    std::uint64_t lines = 0;
    const auto begin = std::chrono::steady_clock::now();
    const auto since = [&] {
        return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin)
            .count();
    };
    const auto response = ask(api, "/api/v1/reports/" + target);
    if (!response.stream) {
        std::fputs((to_text(response.body) + "\n").c_str(), stderr);
        std::abort();
    }
    Bytes piece(64 << 10);
    while (whole || lines < 2) {
        const std::size_t count = must(response.stream->read(piece));
        if (count == 0)
            break;
        if (bytes == 0)
            out["first_byte_ms"] = since();
        const auto ends = std::ranges::count(ByteView(piece).first(count), '\n');
        if (lines < 2 && lines + static_cast<std::uint64_t>(ends) >= 2)
            out["first_row_ms"] = since();
        lines += static_cast<std::uint64_t>(ends);
        bytes += count;
    }
    if (whole) {
        out["ms"] = since();
        out["rows"] = lines - 2; // without head and end
    }
    return out;
}

double cpu_since(std::clock_t began) {
    return static_cast<double>(std::clock() - began) / CLOCKS_PER_SEC;
}

class Day {
public:
    Day(Office& office, registry::Registry& registry) : office_(office), registry_(registry) {}

    // Paper, so that no sealed file is needed: signed, verified, decided, recorded and durable.
    Json enter(int times) {
        std::vector<double> spent;
        const std::string label =
            to_base64(view(label_of(office_.terms, "guarded", office_.clock.at)));
        for (int i = 0; i < times; ++i) {
            const ItemId item = ItemId::of(crypto::random_bytes(10));
            perform(office_.author, ActKind::enter,
                    {{"item", item.text()},
                     {"level", "guarded"},
                     {"purpose", kPurpose},
                     {"title", "One more"},
                     {"label", label},
                     {"form", "paper"},
                     {"pages", 12},
                     {"authority", "xex-office"}},
                    spent);
            entered_.push_back(item);
        }
        return times_of(std::move(spent));
    }

    // What was entered is put into a safe; the safe is mustered, and a hundredth of the register.
    Json muster() {
        std::vector<double> other, store, begin, count, close, sample;
        perform(office_.clearer, ActKind::clear,
                {{"person", id_of(office_.officer).text()},
                 {"level", "crown"},
                 {"until", "2039-01-01T00:00:00Z"},
                 {"authority", "xex-office"}},
                other);
        const std::string safe = ContainerId::of(crypto::random_bytes(10)).text();
        perform(
            office_.officer, ActKind::container,
            {{"container", safe},
             {"level", "crown"},
             {"access", id_of(office_.officer).text()},
             {"controls", logbook::words_text(
                              registry_.terms().party(registry_.party())->controls.at("crown"))},
             {"name", "Safe in room 2"}},
            other);
        std::string copies;
        std::set<std::string> ids;
        for (const ItemId& item : entered_) {
            const std::string copy = registry_.state().copies_of(item).front().id.text();
            perform(office_.officer, ActKind::store,
                    {{"item", item.text()}, {"copy", copy}, {"container", safe}}, store);
            ids.insert(copy);
        }
        for (const std::string& id : ids)
            copies += (copies.empty() ? "" : ",") + id;
        for (int i = 0; i < 10; ++i) {
            const std::string muster =
                perform(office_.officer, ActKind::begin_muster, {{"container", safe}}, begin)
                    .at("muster");
            perform(office_.reader, ActKind::count,
                    {{"muster", muster}, {"copies", copies}, {"finding", "present"}}, count);
            perform(office_.officer, ActKind::close_muster, {{"muster", muster}}, close);
        }
        perform(office_.officer, ActKind::begin_muster, {{"percent", 1}}, sample);
        return {{"store", times_of(store)}, {"begin", times_of(begin)},
                {"count", times_of(count)}, {"close", times_of(close)},
                {"copies", ids.size()},     {"spot_check_of_all", times_of(sample)}};
    }

private:
    Json perform(const crypto::SigningKey& who, ActKind kind, Json content,
                 std::vector<double>& spent) {
        const Bytes act = office_.act(who, kind, std::move(content));
        Json result;
        spent.push_back(1000 * seconds_of([&] {
                            const auto answer = must(registry_.perform(act));
                            if (!answer.decision.permitted()) {
                                std::fputs((answer.decision.reason() + "\n").c_str(), stderr);
                                std::abort();
                            }
                            result = answer.result;
                        }));
        return result;
    }

    Office& office_;
    registry::Registry& registry_;
    std::vector<ItemId> entered_;
};

Json search(const desk::Api& api, const std::string& query) {
    std::vector<double> spent;
    std::size_t found = 0;
    for (int i = 0; i < 100; ++i)
        spent.push_back(1000 * seconds_of([&] {
                            const auto response = ask(api, "/api/v1/items" + query);
                            const Json body = Json::parse(response.body);
                            found = body.contains("items") ? body.at("items").size()
                                                           : body.contains("item");
                        }));
    Json out = times_of(std::move(spent));
    out["query"] = query;
    out["found"] = found;
    return out;
}

// First rows as of moments spread over the whole time, each another one.
Json past_books(const desk::Api& api, const std::string& book) {
    constexpr std::int64_t kTimes = 40;
    std::vector<double> bytes, rows;
    const std::int64_t begin = time_of(kBegin).seconds;
    const std::int64_t span = time_of(kEnd).seconds - begin;
    for (std::int64_t i = 0; i < kTimes; ++i) {
        const Time at{begin + span * (2 * i + 1) / (2 * kTimes) + 61 * i};
        const Json one = print_book(api, book + "?as_of=" + at.text(), false);
        bytes.push_back(one.at("first_byte_ms"));
        rows.push_back(one.value("first_row_ms", one.at("first_byte_ms").get<double>()));
    }
    Json out = {{"book", book},
                {"first_byte", times_of(std::move(bytes))},
                {"first_row", times_of(std::move(rows))}};
    std::fprintf(stderr, "%s\n", out.dump().c_str());
    return out;
}

} // namespace

Json measure_register(const std::filesystem::path& folder, const std::string& terms_file) {
    Office office(folder, terms_file);
    office.clock.at = time_of(kEnd);
    ReadBefore keys(*office.vault,
                    must(office.journal->leaf_count(registry::LogName::private_log)));
    std::unique_ptr<registry::Registry> registry;
    Json out;
    const std::clock_t began = std::clock();
    out["start_seconds"] = seconds_of(
        [&] { registry = must(registry::Registry::open(office.ports(keys), office.setup())); });
    out["start_cpu_seconds"] = cpu_since(began);
    out["start_rss_mib"] = peak_rss_mib();
    out["items"] = registry->state().items().size();
    out["events"] = registry->state().next_seq();
    std::fprintf(stderr, "%s\n", out.dump().c_str());
    const logbook::Item sample = registry->state().items().begin()->second;
    Day day(office, *registry);
    out["enter"] = day.enter(200);
    out["muster"] = day.muster();
    office.clock.at = office.clock.at.plus_seconds(120); // so that "now" is not the last minute
    const desk::Api api(*registry, [] { return std::string(); });
    for (const std::string& query :
         {"?number=" + sample.number, std::string("?limit=100"),
          std::string("?level=crown&form=paper&limit=100"),
          std::string("?level=crown&limit=100&after=XEX-2026-1000"),
          std::string("?purpose=exercise"), std::string("?entry=cancelled"),
          "?entered_by=" + id_of(office.author).text() + "&direction=in"})
        out["search"].push_back(search(api, query));
    out["search"].push_back(search(api, "/" + sample.id.text()));
    out["search_rss_mib"] = peak_rss_mib();
    std::fprintf(stderr, "%s\n", out.dump().c_str());
    for (const char* book : {"register", "holdings", "overdue", "muster", "access", "inspection"})
        out["past"].push_back(past_books(api, book));
    for (const char* book : {"overdue", "muster", "access", "inspection", "register", "holdings",
                             "register?as_of=2023-06-01", "access?as_of=2023-06-01"}) {
        out["books"].push_back(print_book(api, book, true));
        out["books"].back()["peak_rss_mib"] = peak_rss_mib();
        std::fprintf(stderr, "%s\n", out["books"].back().dump().c_str());
    }
    return out;
}

Json measure_desks(const std::filesystem::path& folder, const std::string& terms_file) {
    Office office(folder, terms_file);
    office.clock.at = time_of(kEnd);
    ReadBefore keys(*office.vault,
                    must(office.journal->leaf_count(registry::LogName::private_log)));
    const auto registry = must(registry::Registry::open(office.ports(keys), office.setup()));
    const logbook::Item sample = registry->state().items().begin()->second;
    return {{"items", registry->state().items().size()},
            {"pages", measure_pages(*registry, office.clock, id_of(office.officer), sample)}};
}

// What the key process does with events at a start, with what the registry does to show them: the
// first time it checks all of them; again, as after it signed their tree.
Json show_vault(const std::filesystem::path& folder, const std::string& terms_file,
                std::uint64_t events) {
    Office office(folder, terms_file);
    office.clock.at = time_of(kEnd);
    auto secrets = must(office.vault->daemon_secrets());
    // Only to read: the same rows as the registry shows them.
    const auto ledger = must(registry::Ledger::open(
        *office.journal, office.clock,
        must(crypto::RecordCipher::create(std::move(secrets.storage_key))), office.terms.digest()));
    const auto& tree = ledger.tree(registry::LogName::private_log);
    Json out;
    const auto read = [&](const char* name, std::uint64_t end, std::uint64_t checked) {
        std::uint64_t known = must(office.vault->begin(office.terms_bytes, false));
        const std::clock_t began = std::clock();
        const double seconds = seconds_of([&] {
            while (known < end) {
                auto shown = must(ledger.shown(known, checked));
                shown.resize(std::min<std::size_t>(shown.size(), end - known));
                known = must(office.vault->record(known, shown));
            }
        });
        out[name] = {{"events", known}, {"seconds", seconds}, {"cpu_seconds", cpu_since(began)}};
    };
    read("first", std::min<std::uint64_t>({events, tree.size(), 20'000}), 0);
    const std::uint64_t size = std::min(events, tree.size());
    const auto keystore = keystore_in(folder, office);
    vault::VaultState state;
    state.trees[keystore.private_log.name] = {size, must(tree.root_at(size))};
    const auto cipher = must(crypto::RecordCipher::create(
        keystore.state_key.clone(SecretAccess::because("a state as after signing"))));
    must(state.save(office.vault_state, cipher));
    office.vault =
        must(vault::Vault::start(keystore_in(folder, office), office.vault_state, office.clock));
    read("again", size, size);
    return out;
}

// What the ladder of past states costs: bytes held by a fold without it, and with it.
Json weigh_landmarks(const std::filesystem::path& folder, const std::string& terms_file) {
    Office office(folder, terms_file);
    Json out;
    for (const bool ladder : {false, true}) {
        const std::size_t before = mallinfo2().uordblks;
        logbook::State state;
        logbook::Chronicle chronicle;
        logbook::Landmarks landmarks;
        const double seconds = seconds_of([&] {
            for (;;) {
                const auto page = must(office.journal->events(state.next_seq(), 512));
                for (const auto& stored : page) {
                    const auto skeleton = must(logbook::Skeleton::parse(stored.skeleton));
                    must(state.apply(skeleton));
                    chronicle.take(skeleton);
                    if (ladder)
                        landmarks.follow(state, chronicle);
                }
                if (page.empty())
                    break;
            }
        });
        out[ladder ? "with" : "without"] = {
            {"mib", static_cast<double>(mallinfo2().uordblks - before) / (1 << 20)},
            {"seconds", seconds},
            {"landmarks", landmarks.size()},
            {"spacing", landmarks.spacing()},
            {"events", state.next_seq()}};
    }
    return out;
}

} // namespace valise::bench

int main(int count, char** words) {
    using namespace valise;
    const std::string_view what = count > 3 ? words[1] : "";
    std::uint64_t number = 0;
    if (count == 5) {
        const std::string_view text = words[4];
        std::from_chars(text.data(), text.data() + text.size(), number);
    }
    Json out;
    if (what == "make" && number > 0)
        out = bench::make_register(words[2], words[3], (number + 499) / 500 * 500); // whole batches
    else if (what == "measure" && count == 4)
        out = bench::measure_register(words[2], words[3]);
    else if (what == "desks" && count == 4)
        out = bench::measure_desks(words[2], words[3]);
    else if (what == "vault" && number > 0)
        out = bench::show_vault(words[2], words[3], number);
    else if (what == "landmarks" && count == 4)
        out = bench::weigh_landmarks(words[2], words[3]);
    if (out.is_null()) {
        std::fputs(
            "usage: valise-register make FOLDER TERMS ITEMS | measure FOLDER TERMS |\n"
            "       desks FOLDER TERMS | vault FOLDER TERMS EVENTS | landmarks FOLDER TERMS\n",
            stderr);
        return 2;
    }
    out["peak_rss_mib"] = bench::peak_rss_mib();
    std::puts(out.dump().c_str());
    return 0;
}
