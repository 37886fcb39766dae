// SPDX-License-Identifier: Apache-2.0
#include "forms/internal/rows.h"

#include "logbook/protection.h"

namespace valise::forms::internal {

namespace {

using logbook::Direction;
using logbook::DispatchState;

Json text_or_null(std::string text) {
    return text.empty() ? Json() : Json(std::move(text));
}

// A list with one element for each dispatch of the item for which there is anything to say.
template<class Value> Json of_dispatches(const Entry& e, Value value) {
    Json out = Json::array();
    for (const logbook::Dispatch* dispatch : e.belongings->dispatches)
        if (Json one = value(*dispatch); !one.is_null())
            out.push_back(std::move(one));
    return out;
}

Json date_of(const Entry& e, Time logbook::Dates::* which) {
    return of_dispatches(e, [&](const logbook::Dispatch& dispatch) {
        const auto found = e.chronicle.dispatches.find(dispatch.id);
        return found == e.chronicle.dispatches.end() ? Json() : time_or_null(found->second.*which);
    });
}

const char* direction(Direction way) {
    return way == Direction::out ? "out" : "in";
}

Json hash_or_null(const Hash32& hash) {
    return hash == Hash32{} ? Json() : Json(to_base64(hash));
}

std::string event_id(const Entry& e, const char* name) {
    return e.event->id(name);
}

const logbook::Item* item_of_event(const Entry& e) {
    const auto id = ItemId::parse(event_id(e, "item"));
    return id ? e.state.item(*id) : nullptr;
}

Json clauses_that_refused(const Entry& e) {
    Json out = Json::array();
    for (const auto& consulted : e.event->clauses())
        if (consulted.finding == logbook::ClauseFinding::refuse)
            out.push_back(consulted.clause);
    return out;
}

// As it was entered, or as it was corrected last.
Json count_or_null(const Entry& e, std::uint32_t entered,
                   std::uint32_t logbook::EntryNote::* which) {
    for (const logbook::EntryNote& note : e.item->notes)
        if (note.*which != 0)
            entered = note.*which;
    return entered == 0 ? Json() : Json(entered);
}

// Which members, when and by which event: what they say is in the openings.
Json notes_of(const Entry& e) {
    Json out = Json::array();
    for (const logbook::EntryNote& note : e.item->notes)
        out.push_back(std::string(to_string(note.what)) + " " + note.members +
                      (note.members.empty() ? "" : " ") + note.minute.text() + " (event " +
                      std::to_string(note.event) + ")");
    return out;
}

// What of the item's number and copies every book begins with.
Json number_of(const Entry& e) {
    return e.item == nullptr ? Json() : text_or_null(e.item->number);
}
Json item_id(const Entry& e) {
    return e.item == nullptr ? Json() : Json(e.item->id.text());
}
Json original_level(const Entry& e) {
    return level_text(e.terms, e.item->origin, e.item->level);
}
Json own_level(const Entry& e) {
    return e.item->own_level.empty()
               ? Json()
               : Json(level_text(e.terms, e.state.party(), e.item->own_level));
}

//= I6
Json place_of(const Entry& e) {
    if (e.copy == nullptr)
        return {};
    const auto& place = e.copy->place;
    if (const auto* container = std::get_if<ContainerId>(&place))
        return container->text();
    if (const auto* person = std::get_if<PersonId>(&place))
        return person->text();
    if (const auto* by = std::get_if<DispatchId>(&place))
        return by->text();
    if (std::holds_alternative<logbook::Lost>(place))
        return "lost";
    return std::holds_alternative<logbook::Gone>(place) ? "destroyed" : "registry";
}
//= O-17
// What protected the place on the day of the book; outside of containers nothing is declared.
Json controls_of(const Entry& e) {
    const auto* place = e.copy == nullptr ? nullptr : std::get_if<ContainerId>(&e.copy->place);
    const logbook::Container* container = place == nullptr ? nullptr : e.state.container(*place);
    return container == nullptr ? Json() : text_or_null(logbook::words_text(container->controls));
}

Json copy_number(const Entry& e) {
    return e.copy == nullptr
               ? Json()
               : Json(std::to_string(e.copy->number) + "/" + std::to_string(e.item->copies_made));
}
Json copy_id(const Entry& e) {
    return e.copy == nullptr ? Json() : Json(e.copy->id.text());
}
Json copy_form(const Entry& e) {
    return e.copy == nullptr ? Json() : Json(std::string(to_string(e.copy->form)));
}

// Here; on paper; taken out as a copy for a client; or opened there, on the registry's word.
Json how_read(const Entry& e) {
    if (e.event->kind() == logbook::ActKind::print)
        return "printed";
    if (e.event->kind() != logbook::ActKind::export_copy)
        return "here";
    return e.event->id("person").empty() ? "taken-out" : "by-client";
}

} // namespace

Json time_or_null(Time at) {
    return at == Time{} ? Json() : Json(at.text());
}

std::string level_text(const agreement::Terms& terms, const std::string& party,
                       const std::string& code) {
    const label::Scheme* scheme = terms.scheme(party);
    const label::Level* level = scheme == nullptr ? nullptr : scheme->by_code(code);
    return level == nullptr ? code : level->native + " (" + code + ")";
}

const char* Lateness::stage(Time at) const {
    return at >= tracer ? "tracer" : at >= due ? "overdue" : at >= reminder ? "reminder" : "";
}

//= O-36
std::optional<Lateness> lateness(const agreement::Terms& terms, const logbook::Dispatch& dispatch) {
    using enum DispatchState;
    const char* missing = nullptr;
    switch (dispatch.state) {
    case sent:
    case arrived:
        missing = "custody-receipt";
        break;
    case custody_receipted:
    case discrepancy:
    case custody_receipt_sent:
    case marked:
    case opened:
    case discrepancy_sent:
        missing = "contents-receipt";
        break;
    default:
        return std::nullopt;
    }
    const auto& receipt = terms.receipt();
    return Lateness{missing, agreement::plus_working_days(dispatch.moved, receipt.reminder_days),
                    agreement::plus_working_days(dispatch.moved, receipt.due_days),
                    agreement::plus_working_days(dispatch.moved, receipt.tracer_days)};
}

std::span<const Column> register_columns() {
    static constexpr Column kColumns[] = {
        {{"number", "Register number", "登録番号", "Обліковий номер"}, number_of},
        {{"entered", "Entered", "記入日時", "Зареєстровано"},
         [](const Entry& e) { return time_or_null(e.item->entered); }},
        {{"direction", "Direction", "方向", "Напрям"},
         [](const Entry& e) { return Json(direction(e.item->direction)); }},
        {{"origin", "Originating party", "提供締約国政府", "Сторона-джерело"},
         [](const Entry& e) { return Json(e.item->origin); }},
        {{"item", "Item", "物件", "Об'єкт обліку"}, item_id},
        {{"level", "Level of the originator", "提供国の区分", "Ступінь секретності джерела"},
         original_level},
        {{"own_level", "Own level", "自国の区分", "Власний ступінь секретності"}, own_level},
        {{"purpose", "Purpose", "目的", "Мета"},
         [](const Entry& e) { return text_or_null(e.item->purpose); }},
        {{"release", "Releasable to", "提供可能", "Дозволено передавати"},
         [](const Entry& e) { return Json(e.item->release); }},
        {{"form", "Form", "形態", "Форма"},
         [](const Entry& e) { return Json(std::string(to_string(e.item->form))); }},
        {{"pages", "Pages", "頁数", "Сторінки"},
         [](const Entry& e) {
             return count_or_null(e, e.item->pages, &logbook::EntryNote::pages);
         }},
        {{"sheets", "Sheets", "枚数", "Аркуші"},
         [](const Entry& e) {
             return count_or_null(e, e.item->sheets, &logbook::EntryNote::sheets);
         }},
        {{"rights", "Private rights", "私権", "Приватні права"},
         [](const Entry& e) { return text_or_null(logbook::words_text(e.item->rights)); }},
        {{"entry", "State of the entry", "記入の状態", "Стан запису"},
         [](const Entry& e) { return Json(std::string(to_string(e.item->entry))); }},
        {{"notes", "Corrections and cancellations", "訂正及び取消し", "Виправлення та скасування"},
         notes_of},
        {{"copies", "Copies", "複製", "Примірники"},
         [](const Entry& e) { return Json(e.belongings->copies.size()); }},
        {{"entered_by", "Entered by", "記入者", "Хто зареєстрував"},
         [](const Entry& e) {
             return Json(e.item->entered_by ? e.item->entered_by->text() : "registry");
         }},
        {{"dispatch", "Dispatches", "発送", "Відправлення"},
         [](const Entry& e) {
             return of_dispatches(e, [](const logbook::Dispatch& d) { return Json(d.id.text()); });
         }},
        {{"correspondent", "Sent to, or received from", "送付先又は送付元",
          "Кому надіслано або від кого отримано"},
         [](const Entry& e) {
             return of_dispatches(e, [](const logbook::Dispatch& d) { return Json(d.peer); });
         }},
        {{"state", "State of the dispatches", "発送の状態", "Стан відправлень"},
         [](const Entry& e) {
             return of_dispatches(e, [](const logbook::Dispatch& d) {
                 return Json(std::string(to_string(d.state)));
             });
         }},
        {{"moved", "Sent, or arrived", "発送又は到着日時", "Надіслано або прибуло"},
         [](const Entry& e) { return date_of(e, &logbook::Dates::moved); }},
        {{"custody_receipt", "Custody receipt", "保管受領証", "Розписка про приймання"},
         [](const Entry& e) { return date_of(e, &logbook::Dates::custody); }},
        {{"contents_receipt", "Contents receipt", "内容受領証", "Розписка про зміст"},
         [](const Entry& e) { return date_of(e, &logbook::Dates::contents); }},
        {{"finding", "Finding", "検査結果", "Висновок"},
         [](const Entry& e) {
             return of_dispatches(e, [](const logbook::Dispatch& d) {
                 return d.finding ? Json(std::string(to_string(*d.finding))) : Json();
             });
         }},
        {{"closed", "Closed", "完結日時", "Закрито"},
         [](const Entry& e) { return date_of(e, &logbook::Dates::closed); }},
        {{"label_sha256", "SHA-256 of the label", "ラベルのSHA-256", "SHA-256 мітки"},
         [](const Entry& e) { return hash_or_null(e.item->label_sha256); }},
        {{"payload_root", "Root of the sealed payload", "封印内容の根",
          "Корінь запечатаного вмісту"},
         [](const Entry& e) { return hash_or_null(e.item->payload_root); }},
    };
    return kColumns;
}

std::span<const Column> holdings_columns() {
    static constexpr Column kColumns[] = {
        {{"number", "Register number", "登録番号", "Обліковий номер"}, number_of},
        {{"copy_number", "Copy", "複製番号", "Примірник"}, copy_number},
        {{"copy", "Copy id", "複製の識別子", "Ідентифікатор примірника"}, copy_id},
        {{"form", "Form", "形態", "Форма"}, copy_form},
        {{"place", "Holder or place", "保管者又は場所", "У кого або де"}, place_of},
        {{"controls", "Controls of the place", "場所の備え", "Захист місця"}, controls_of},
        {{"due", "Back by", "返却期限", "Повернути до"},
         [](const Entry& e) {
             return e.copy->state == logbook::CopyState::issued ? time_or_null(e.copy->due)
                                                                : Json();
         }},
        {{"certificate", "Destruction certificate", "破壊証明書", "Акт про знищення"},
         [](const Entry& e) {
             return e.copy->state == logbook::CopyState::destroyed && e.copy->destruction
                        ? Json(e.copy->destruction->permit)
                        : Json();
         }},
        {{"item", "Item", "物件", "Об'єкт обліку"}, item_id},
        {{"origin", "Originating party", "提供締約国政府", "Сторона-джерело"},
         [](const Entry& e) { return Json(e.item->origin); }},
        {{"level", "Level of the originator", "提供国の区分", "Ступінь секретності джерела"},
         original_level},
        {{"own_level", "Own level", "自国の区分", "Власний ступінь секретності"}, own_level},
        {{"state", "State", "状態", "Стан"},
         [](const Entry& e) { return Json(std::string(to_string(e.copy->state))); }},
        {{"since", "Held since", "保管開始", "Зберігається з"},
         [](const Entry& e) { return time_or_null(e.item->entered); }},
        {{"opened_by", "Opened by", "閲覧者", "Хто відкривав"},
         [](const Entry& e) {
             Json out = Json::array();
             for (const PersonId& person : e.copy->opened_by)
                 out.push_back(person.text());
             return out;
         }},
        {{"opened", "Opened last", "最終閲覧日時", "Востаннє відкрито"},
         [](const Entry& e) {
             const auto found = e.chronicle.opened.find(e.copy->id);
             return found == e.chronicle.opened.end() ? Json() : time_or_null(found->second);
         }},
    };
    return kColumns;
}

std::span<const Column> overdue_columns() {
    static constexpr Column kColumns[] = {
        {{"dispatch", "Dispatch", "発送", "Відправлення"},
         [](const Entry& e) { return Json(e.dispatch->id.text()); }},
        {{"number", "Register number", "登録番号", "Обліковий номер"}, number_of},
        {{"direction", "Direction", "方向", "Напрям"},
         [](const Entry& e) { return Json(direction(e.dispatch->direction)); }},
        {{"peer", "Other party", "相手締約国", "Інша Сторона"},
         [](const Entry& e) { return Json(e.dispatch->peer); }},
        {{"state", "State", "状態", "Стан"},
         [](const Entry& e) { return Json(std::string(to_string(e.dispatch->state))); }},
        {{"missing", "What is missing", "未着の書類", "Чого бракує"},
         [](const Entry& e) { return Json(lateness(e.terms, *e.dispatch)->missing); }},
        {{"stage", "Stage", "段階", "Етап"},
         [](const Entry& e) { return Json(lateness(e.terms, *e.dispatch)->stage(e.as_of)); }},
        {{"moved", "Sent, or arrived", "発送又は到着日時", "Надіслано або прибуло"},
         [](const Entry& e) { return time_or_null(e.dispatch->moved); }},
        {{"due", "Due", "期限", "Строк"},
         [](const Entry& e) { return time_or_null(lateness(e.terms, *e.dispatch)->due); }},
        {{"tracer", "Tracer from", "追跡開始", "Розшук від"},
         [](const Entry& e) { return time_or_null(lateness(e.terms, *e.dispatch)->tracer); }},
    };
    return kColumns;
}

std::span<const Column> access_columns() {
    static constexpr Column kColumns[] = {
        {{"event", "Event", "事象番号", "Подія"},
         [](const Entry& e) { return Json(e.event->seq()); }},
        {{"minute", "Time", "日時", "Час"},
         [](const Entry& e) { return time_or_null(e.event->minute()); }},
        {{"person", "Person", "閲覧者", "Особа"},
         [](const Entry& e) {
             const std::string of_rewrap = e.event->id("person"); // attested for this person
             return Json(of_rewrap.empty() ? e.event->actor() : of_rewrap);
         }},
        {{"number", "Register number", "登録番号", "Обліковий номер"},
         [](const Entry& e) {
             const logbook::Item* item = item_of_event(e);
             // Entered since: nobody knew it then.
             return item == nullptr || item->event > e.event->seq() ? Json() : Json(item->number);
         }},
        {{"item", "Item", "物件", "Об'єкт обліку"},
         [](const Entry& e) { return text_or_null(event_id(e, "item")); }},
        {{"copy", "Copy id", "複製の識別子", "Ідентифікатор примірника"},
         [](const Entry& e) { return text_or_null(event_id(e, "copy")); }},
        {{"purpose", "Purpose", "目的", "Мета"},
         [](const Entry& e) { return text_or_null(e.event->fact("purpose")); }},
        {{"client", "Client", "利用環境", "Програма"},
         [](const Entry& e) { return text_or_null(e.event->fact("client")); }},
        {{"how", "How", "態様", "Як"}, how_read},
        {{"outcome", "Outcome", "結果", "Результат"},
         [](const Entry& e) { return Json(std::string(to_string(e.event->stage()))); }},
        {{"permit", "Permitted by event", "許可の事象番号", "Дозвіл — подія"},
         [](const Entry& e) { return e.event->permit() ? Json(*e.event->permit()) : Json(); }},
        {{"refused_by", "Refused by the clauses", "拒否した条項", "Відмовили положення"},
         clauses_that_refused},
    };
    return kColumns;
}

//= O-26
std::span<const Column> muster_columns() {
    static constexpr Column kColumns[] = {
        {{"muster", "Muster", "点検", "Перевірка наявності"},
         [](const Entry& e) { return Json(e.muster->id.text()); }},
        {{"begun", "Begun", "開始日時", "Розпочато"},
         [](const Entry& e) { return time_or_null(e.muster->begun); }},
        {{"begun_by", "Begun by", "開始者", "Хто розпочав"},
         [](const Entry& e) { return Json(e.muster->begun_by.text()); }},
        {{"scope", "Of", "対象", "Чого"},
         [](const Entry& e) {
             Json out = Json::array();
             if (!e.muster->level.empty())
                 out.push_back(level_text(e.terms, e.state.party(), e.muster->level));
             if (!e.muster->container.empty())
                 out.push_back(e.muster->container.text());
             if (e.muster->percent != 0)
                 out.push_back(std::to_string(e.muster->percent) + " %");
             return out;
         }},
        {{"closed", "Closed", "終了日時", "Закрито"},
         [](const Entry& e) {
             return e.muster->closed ? time_or_null(*e.muster->closed) : Json();
         }},
        {{"number", "Register number", "登録番号", "Обліковий номер"}, number_of},
        {{"copy_number", "Copy", "複製番号", "Примірник"}, copy_number},
        {{"copy", "Copy id", "複製の識別子", "Ідентифікатор примірника"}, copy_id},
        {{"form", "Form", "形態", "Форма"}, copy_form},
        {{"place", "Holder or place", "保管者又は場所", "У кого або де"}, place_of},
        {{"finding", "Finding", "検査結果", "Висновок"},
         [](const Entry& e) {
             return e.counted == nullptr ? Json()
                                         : Json(std::string(to_string(e.counted->finding)));
         }},
        {{"counted_by", "Counted by", "確認者", "Хто перевірив"},
         [](const Entry& e) {
             return e.counted == nullptr ? Json() : text_or_null(e.counted->by.text());
         }},
        {{"counted", "Counted", "確認日時", "Перевірено"},
         [](const Entry& e) {
             return e.counted == nullptr ? Json() : time_or_null(e.counted->minute);
         }},
    };
    return kColumns;
}

Json row_of(std::span<const Column> columns, const Entry& entry) {
    Json out = Json::object();
    for (const Column& column : columns)
        out[column.heading.name] = column.value(entry);
    return out;
}

std::span<const Heading> inspection_headings() {
    static constexpr Heading kHeadings[] = {
        {"obligation", "Obligation", "義務", "Зобов'язання"},
        {"what", "What", "事項", "Що"},
        {"subject", "Of whom or what", "対象", "Кого або чого стосується"},
        {"detail", "Detail", "詳細", "Подробиці"},
        {"since", "Since", "日時", "Від"},
        {"event", "Event", "事象番号", "Подія"},
    };
    return kHeadings;
}

Json inspection_row(const char* row, std::string_view what, std::string subject, Json detail,
                    Time since, Json event) {
    return {{"obligation", row},
            {"what", std::string(what)},
            {"subject", text_or_null(std::move(subject))},
            {"detail", std::move(detail)},
            {"since", time_or_null(since)},
            {"event", std::move(event)}};
}

} // namespace valise::forms::internal
