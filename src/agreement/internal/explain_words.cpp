// SPDX-License-Identifier: Apache-2.0
#include "agreement/internal/explain_words.h"

#include <algorithm>
#include <set>

namespace valise::agreement {
namespace {

const Words kWords[] = {
    {"en",
     "Terms {}, version {}: {}.",
     "a draft, for tests only",
     "confirmed",
     "not verified",
     "own proposal",
     " ",
     "In force from {}",
     ", to {}",
     "Parties",
     "Competent authority: {}{}.",
     "{} ({}): {} persons release it.{}",
     "{} becomes {}: {}.",
     " or ",
     "; a person chooses",
     "{} is not listed and is not sent to {}.",
     "Which table of levels is in force is not confirmed. In use for tests: {}.",
     "Also proposed: {}.",
     "Purposes: {}.",
     "The receipt for the contents is due after {} working days; reminder after {}, tracer after "
     "{}.{}",
     "A change of class is marked and acknowledged within {} working days; here it is made by the "
     "role {}. An incident is reported on within {} days.{}",
     "A law that touches protection is acknowledged, and laws that were asked for are supplied, "
     "within {} working days.{}",
     "A link is accredited for {} days at most.{}",
     "At most {} further copies are held.{}",
     "{} persons destroy it; paper by: {}.{}",
     "The place where it lies has: {}.{}",
     "A copy may leave for a client; the registry attests for whom it acts.{}",
     "A copy may leave for a client, and none opens it on the registry's word.{}",
     "No copy leaves for a client.",
     "Its reader may print it, as a numbered copy.{}",
     "Its reader may print the numbered copy that a control officer ordered.{}",
     "It is not printed.",
     "Every {} months all of it is mustered.{}",
     "A spot check of {} in a hundred copies every {} days.{}",
     "A copy is out for {} days at most; after {} months it is asked whether an item is still "
     "needed.{}",
     "It ends {} days after written notice at the earliest; what was received stays protected.{}",
     "Clauses",
     "Clause",
     "Row",
     "What it asks",
     "Permitted.",
     "Refused.",
     "To do: {} until {}."},
    {"ja",
     "協定条件 {}、第{}版:{}。",
     "案(試験専用)",
     "確認済み",
     "未確認",
     "当方の提案",
     "",
     "効力発生 {}",
     "、{}まで",
     "締約国",
     "権限のある当局:{}{}",
     "{}({}):提供には{}名の決定を要する。{}",
     "{} は {} において {} に相当する。",
     "又は",
     "(人が選ぶ)",
     "{} は対応表になく、{}に送付しない。",
     "どの対応表が有効かは未確認。試験に使用中:{}。",
     "別案:{}。",
     "目的:{}。",
     "内容の受領証は{}業務日以内、督促は{}業務日後、追跡は{}業務日後。{}",
     "秘密区分の変更は{}業務日以内に表示し、確認を返す。変更は {} が行う。事案の報告は{}日以内。{}",
     "保護に影響する法令の変更の確認及び求められた法令の提供は{}業務日以内。{}",
     "回線の認定は最長{}日。{}",
     "写しは原本のほか{}部まで。{}",
     "破壊には{}名を要する。紙の方法:{}。{}",
     "保管場所の備え:{}。{}",
     "外部の利用環境へ写しを持ち出せる。誰のためかは登録所が証明する。{}",
     "外部の利用環境へ写しを持ち出せるが、登録所の証明だけでは開けない。{}",
     "外部の利用環境へは写しを持ち出せない。",
     "閲覧者は番号付きの写しとして印刷できる。{}",
     "管理責任者が命じた番号付きの写しに限り、閲覧者が印刷できる。{}",
     "印刷しない。",
     "点検は{}か月ごと。{}",
     "抜打ち検査は写しの{}%、{}日ごと。{}",
     "貸出しは最長{}日。必要性の見直しは{}か月ごと。{}",
     "終了は書面による通告から{}日以後。受領した情報の保護は続く。{}",
     "条項一覧",
     "条項",
     "行",
     "内容",
     "許可。",
     "拒否。",
     "要処理:{}、期限 {}。"},
    {"uk",
     "Умови {}, версія {}: {}.",
     "проєкт, лише для випробувань",
     "підтверджено",
     "не перевірено",
     "власна пропозиція",
     " ",
     "Чинні з {}",
     " до {}",
     "Сторони",
     "Компетентний орган: {}{}.",
     "{} ({}): дозвіл дають {} особи.{}",
     "{} відповідає в {}: {}.",
     " або ",
     "; обирає людина",
     "{} немає в таблиці; для {} не передається.",
     "Яка таблиця ступенів чинна, не підтверджено. Для випробувань діє: {}.",
     "Запропоновано також: {}.",
     "Мета: {}.",
     "Розписка за вміст — за {} робочих днів; нагадування — за {}, розшук — за {}.{}",
     "Зміну грифа наносять і підтверджують за {} робочих днів; тут її здійснює роль {}. Про "
     "інцидент "
     "звітують за {} днів.{}",
     "Зміну закону, що зачіпає захист, підтверджують, а запитані закони надають за {} робочих "
     "днів.{}",
     "Лінію акредитують щонайбільше на {} днів.{}",
     "Зберігають щонайбільше {} додаткових примірників.{}",
     "Знищують {} особи; папір — способом: {}.{}",
     "Місце зберігання має: {}.{}",
     "Примірник може вийти для зовнішньої програми; реєстр засвідчує, за кого вона діє.{}",
     "Примірник може вийти для зовнішньої програми, але за словом реєстру його не відкривають.{}",
     "Для зовнішньої програми примірник не виходить.",
     "Читач може надрукувати його як нумерований примірник.{}",
     "Читач може надрукувати нумерований примірник, який наказала посадова особа з контролю.{}",
     "Його не друкують.",
     "Усе перевіряють кожні {} місяців.{}",
     "Вибіркова перевірка {} % примірників кожні {} днів.{}",
     "Примірник у читача щонайбільше {} днів; через {} місяців питають, чи документ ще потрібен.{}",
     "Закінчується щонайраніше через {} днів після письмового повідомлення; отримане й далі "
     "захищають.{}",
     "Положення угоди",
     "Положення",
     "Рядок",
     "Що вимагає",
     "Дозволено.",
     "Відмовлено.",
     "Зробити: {} до {}."},
};

std::string native_of(const Party& party, const std::string& code) {
    const label::Level* level = party.scheme.by_code(code);
    return level == nullptr ? code : level->native;
}

} // namespace

Result<const Words*> words_for(std::string_view lang) {
    for (const Words& words : kWords)
        if (lang == words.lang)
            return &words;
    return fail(Code::invalid, "agreement.language", "the languages are en, ja and uk");
}

std::string mark(const Words& w, const Provenance& provenance) {
    if (provenance.verified)
        return {};
    const std::string grade =
        provenance.grade == "own proposal" ? w.own_proposal : provenance.grade;
    return fmt::format("{}[{}{}{}]", w.space, grade, grade.empty() ? "" : "; ", w.unverified);
}

std::string period_text(const Words& w, const Period& period) {
    std::string out = say(w.in_force, period.from.date_text());
    if (period.to)
        out += say(w.until, period.to->date_text());
    return out;
}

std::string targets_text(const Words& w, const Party& to, const Equivalence& row) {
    std::string levels;
    for (const std::string& code : row.to_levels)
        levels += (levels.empty() ? "" : w.or_word) + native_of(to, code);
    return levels + (row.needs_person ? w.chooses : "");
}

std::vector<const Equivalence*> rows_of(const std::vector<Equivalence>& table, const Party& from,
                                        const std::string& level) {
    std::vector<const Equivalence*> out;
    for (const Equivalence& row : table)
        if (row.from_party == from.code && row.from_level == level)
            out.push_back(&row);
    std::ranges::stable_sort(out, {}, [](const Equivalence* row) { return row->valid.from; });
    return out;
}

std::vector<std::pair<std::string, std::string>> all_clauses() {
    std::vector<std::pair<std::string, std::string>> out;
    std::set<std::string> seen;
    for (const logbook::ActKind kind : logbook::all_act_kinds())
        for (const auto& clause : clauses_for(kind))
            if (seen.insert(clause.first).second)
                out.push_back(clause);
    return out;
}

} // namespace valise::agreement
