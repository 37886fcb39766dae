// SPDX-License-Identifier: Apache-2.0
#include "forms/internal/pattern.h"

// The catalogue of the printed forms: their sections, members and words.
namespace valise::forms::internal {

namespace {

constexpr Line kParties[] = {
    {"sender", Show::party, {"Sender", "送付者", "Відправник"}},
    {"recipient", Show::party, {"Recipient", "受領者", "Одержувач"}},
};

constexpr Line kDispatch[] = {
    {"dispatch", Show::text, {"Dispatch", "発送番号", "Відправлення"}},
    {"serial",
     Show::count,
     {"Serial of the sender", "送付者の通し番号", "Порядковий номер відправника"}},
    {"dated", Show::time, {"Date of the dispatch", "発送日時", "Дата відправлення"}},
    {"reference",
     Show::text,
     {"Sender's register number", "送付者の登録番号", "Обліковий номер відправника"}},
};

constexpr Line kContents[] = {
    {"level", Show::level, {"Level", "区分", "Ступінь секретності"}},
    // Of a package, in place of the size of a document.
    {"form", Show::word, {"Form", "形態", "Форма"}, true},
    {"copy_number", Show::count, {"Copy", "複製番号", "Примірник №"}, true},
    {"pages", Show::count, {"Pages", "枚数", "Аркушів"}, true},
    {"seals", Show::text, {"Seals", "封印番号", "Печатки"}, true},
    {"bytes", Show::bytes, {"Size of the document", "文書の大きさ", "Розмір документа"}, true},
    {"approvals",
     Show::count,
     {"Persons who released it", "提供承認者の人数", "Кількість осіб, що дозволили передання"}},
};

constexpr Line kReceived[] = {
    {"number",
     Show::text,
     {"Entered by the recipient as", "受領者の登録番号", "Обліковий номер одержувача"}},
    {"at", Show::time, {"Receipt signed", "受領証の署名日時", "Розписку підписано"}},
    {"finding", Show::finding, {"Finding", "検査結果", "Висновок"}},
    {"bytes", Show::bytes, {"Size of the document", "文書の大きさ", "Розмір документа"}},
};

constexpr Line kSenderProof[] = {
    {"payload_root", Show::hash, {"Root of the payload", "内容の根", "Корінь вмісту"}},
    {"statement", Show::hash, {"Sender's statement", "送付者の陳述", "Заява відправника"}},
    {"signature",
     Show::hash,
     {"SHA-256 of the sender's signature", "送付者の署名のSHA-256", "SHA-256 підпису відправника"}},
};

constexpr Line kReceiptProof[] = {
    {"payload_root", Show::hash, {"Root of the payload", "内容の根", "Корінь вмісту"}},
    {"statement", Show::hash, {"Sender's statement", "送付者の陳述", "Заява відправника"}},
    {"receipt",
     Show::hash,
     {"SHA-256 of the signed receipt", "署名済み受領証のSHA-256", "SHA-256 підписаної розписки"}},
    {"signature",
     Show::hash,
     {"SHA-256 of the recipient's signature", "受領者の署名のSHA-256",
      "SHA-256 підпису одержувача"}},
};

constexpr Line kRegistry[] = {
    {"party", Show::party, {"Registry of", "登録所", "Реєстратура"}},
    {"origin", Show::party, {"Originating party", "提供締約国政府", "Сторона-джерело"}},
};
constexpr Line kOwnRegistry[] = {
    {"party", Show::party, {"Registry of", "登録所", "Реєстратура"}},
};

constexpr Line kCopy[] = {
    {"reference", Show::text, {"Register number", "登録番号", "Обліковий номер"}},
    {"copy_number", Show::count, {"Copy", "複製番号", "Примірник №"}},
    {"copy", Show::text, {"Copy id", "複製の識別子", "Ідентифікатор примірника"}},
    {"form", Show::word, {"Form", "形態", "Форма"}},
    {"level", Show::level, {"Level", "区分", "Ступінь секретності"}},
    {"pages", Show::count, {"Pages counted", "確認した枚数", "Перелічено аркушів"}},
};

constexpr Line kDestruction[] = {
    {"certificate",
     Show::count,
     {"Certificate (event of the register)", "証明書番号（登録簿の事象番号）",
      "Номер акта (подія журналу)"}},
    {"method", Show::word, {"Method", "方法", "Спосіб"}},
    {"at", Show::time, {"Destroyed", "破壊日時", "Знищено"}},
    {"destroyed_by", Show::people, {"Destroyed by", "破壊者", "Хто знищив"}},
    {"witnesses", Show::people, {"Witnesses", "立会人", "Свідки"}},
    {"certified_by", Show::people, {"Certified by", "証明者", "Хто засвідчив"}},
    {"remaining", Show::count, {"Copies that remain", "残りの部数", "Залишилося примірників"}},
    // Of equipment that was modified.
    {"modification_report",
     Show::hash,
     {"Digest of the modification report", "改造の報告書の要約値", "Дайджест звіту про зміну"},
     true},
};

constexpr Line kIncident[] = {
    {"incident", Show::text, {"Incident", "事案", "Інцидент"}},
    {"reference", Show::text, {"Register number", "登録番号", "Обліковий номер"}},
    {"copy", Show::text, {"Copy", "写し", "Примірник"}},
    {"what", Show::word, {"What happened", "事由", "Що сталося"}},
    {"reported", Show::time, {"Reported", "報告日時", "Повідомлено"}},
    {"state", Show::word, {"State", "状態", "Стан"}},
    {"at", Show::time, {"In this state since", "この状態になった日時", "У цьому стані з"}},
};
constexpr Line kIncidentProof[] = {
    {"report",
     Show::hash,
     {"Digest of the findings and measures", "調査結果及び措置の要約値",
      "Дайджест висновків і заходів"}},
};

constexpr Line kMuster[] = {
    {"muster", Show::text, {"Muster", "点検", "Перевірка"}},
    {"of_level", Show::text, {"Of the level", "対象の区分", "За ступенем"}},
    {"container", Show::text, {"Of the container", "対象の保管庫", "У сховищі"}},
    {"percent",
     Show::count,
     {"Spot check, in a hundred (0: all)", "抜打ちの割合（0は全部）",
      "Вибірка у відсотках (0 — усе)"}},
    {"begun", Show::time, {"Begun", "開始日時", "Розпочато"}},
    {"begun_by", Show::people, {"Begun by", "開始者", "Хто розпочав"}},
    {"at", Show::time, {"Closed", "終了日時", "Закрито"}},
};
constexpr Line kMusterResult[] = {
    {"copies",
     Show::count,
     {"Copies that should be there", "あるべき部数", "Має бути примірників"}},
    {"present", Show::count, {"Found", "確認した部数", "Наявні"}},
    {"missing", Show::count, {"Missing", "不明の部数", "Відсутні"}},
    {"counters", Show::count, {"Persons who counted", "確認者の人数", "Скільки осіб перевіряли"}},
};

constexpr Words kPartiesHeading{"Parties", "当事者", "Сторони"};
constexpr Words kDispatchHeading{"Dispatch", "発送", "Відправлення"};
constexpr Words kContentsHeading{"Enclosed item", "同封物件", "Вкладений об'єкт"};
constexpr Words kReceivedHeading{"Receipt", "受領", "Приймання"};
constexpr Words kProofHeading{"Proof", "証明", "Докази"};

constexpr Section kTransmittalSections[] = {
    {kPartiesHeading, kParties},
    {kDispatchHeading, kDispatch},
    {kContentsHeading, kContents},
    {kProofHeading, kSenderProof},
};
constexpr Section kReceiptSections[] = {
    {kPartiesHeading, kParties},
    {kDispatchHeading, kDispatch},
    {kReceivedHeading, kReceived},
    {kProofHeading, kReceiptProof},
};

constexpr Words kRegistryHeading{"Registry", "登録所", "Реєстратура"};
constexpr Words kCopyHeading{"Copy", "写し", "Примірник"};
constexpr Words kDestructionHeading{"Destruction", "破壊", "Знищення"};
constexpr Words kIncidentHeading{"Incident", "事案", "Інцидент"};
constexpr Words kMusterHeading{"Muster", "点検", "Перевірка наявності"};
constexpr Words kResultHeading{"Result", "結果", "Результат"};

constexpr Section kCertificateSections[] = {
    {kRegistryHeading, kRegistry},
    {kCopyHeading, kCopy},
    {kDestructionHeading, kDestruction},
};
constexpr Section kIncidentSections[] = {
    {kRegistryHeading, kRegistry},
    {kIncidentHeading, kIncident},
    {kProofHeading, kIncidentProof},
};
constexpr Section kMusterSections[] = {
    {kRegistryHeading, kOwnRegistry},
    {kMusterHeading, kMuster},
    {kResultHeading, kMusterResult},
};

constexpr Words kHandedOver{"Handed over by", "引渡者", "Передав"};
constexpr Words kTakenOver{"Taken over by", "引受者", "Прийняв"};
constexpr Words kPrintedBy{"For the registry of the recipient", "受領者の登録所",
                           "За реєстратуру одержувача"};

constexpr Words kTransmittalSigners[] = {kHandedOver, kTakenOver};
constexpr Words kReceiptSigners[] = {kPrintedBy};

constexpr Words kDestroyer{"Destroyed by", "破壊者", "Знищив"};
constexpr Words kWitness{"Witness", "立会人", "Свідок"};
constexpr Words kOfficer{"Control officer", "管理責任者", "Посадова особа з контролю"};
constexpr Words kSecond{"Second person", "他の確認者", "Друга особа"};

constexpr Words kCertificateSigners[] = {kDestroyer, kWitness};
constexpr Words kIncidentSigners[] = {kOfficer};
constexpr Words kMusterSigners[] = {kOfficer, kSecond};

constexpr Pattern kPatterns[] = {
    {FormKind::transmittal_note,
     "transmittal-note",
     "dispatch",
     {"Transmittal note", "送付書", "Супровідний лист"},
     {"The sender transmits the item below under the agreement. The recipient is to answer with a "
      "custody receipt, and with a contents receipt once it was opened and compared.",
      "送付者は、協定に基づき下記の物件を送付する。受領者は保管受領証により回答し、開封及び照合の後"
      "に内容受領証により回答するものとする。",
      "Відправник передає зазначений нижче об'єкт згідно з угодою. Одержувач відповідає розпискою "
      "про приймання, а після розкриття та звірення — розпискою про зміст."},
     true,
     kTransmittalSections,
     kTransmittalSigners},
    {FormKind::custody_receipt,
     "custody-receipt",
     "dispatch",
     {"Custody receipt", "保管受領証", "Розписка про приймання"},
     {"The dispatch below arrived whole and was entered in the register. Its contents were not "
      "seen. With this receipt the recipient is responsible for its custody.",
      "下記の発送は完全な状態で到着し、登録簿に記入された。内容は閲覧していない。この受領証をもって"
      "受領者が保管の責任を負う。",
      "Зазначене нижче відправлення прибуло цілим і внесене до журналу обліку. Зміст не "
      "переглядався. "
      "Від моменту цієї розписки за зберігання відповідає одержувач."},
     false,
     kReceiptSections,
     kReceiptSigners},
    {FormKind::contents_receipt,
     "contents-receipt",
     "dispatch",
     {"Contents receipt", "内容受領証", "Розписка про зміст"},
     {"The dispatch below was opened by a person entitled to it and compared with what the sender "
      "stated. The finding is given below.",
      "下記の発送は、権限を有する者が開封し、送付者の記載と照合した。検査結果は下記のとおり。",
      "Зазначене нижче відправлення розкрито уповноваженою особою та звірено із заявою "
      "відправника. "
      "Висновок наведено нижче."},
     false,
     kReceiptSections,
     kReceiptSigners},
    {FormKind::destruction_certificate,
     "destruction-certificate",
     "copy",
     {"Certificate of destruction", "破壊証明書", "Акт про знищення"},
     {"The copy below was destroyed so that nothing of it can be reconstructed. Each of the "
      "persons "
      "named signed for it with a key of their own.",
      "下記の写しは、復元できない方法により破壊された。記載の者はそれぞれ自らの鍵により署名した。",
      "Зазначений нижче примірник знищено так, що відтворити його неможливо. Кожна названа особа "
      "підписала це власним ключем."},
     false,
     kCertificateSections,
     kCertificateSigners},
    {FormKind::incident_report,
     "incident-report",
     "incident",
     {"Incident report", "事案報告書", "Звіт про інцидент"},
     {"A loss or compromise, actual or possible, is notified to the originating party at once, "
      "investigated, and reported on.",
      "紛失又は漏せつ（そのおそれを含む。）は、直ちに提供締約国政府に通報し、調査し、報告する。",
      "Про втрату чи компрометацію, дійсну або можливу, негайно повідомляють Сторону-джерело, "
      "проводять розслідування та звітують."},
     false,
     kIncidentSections,
     kIncidentSigners},
    {FormKind::muster_report,
     "muster-report",
     "muster",
     {"Muster report", "点検報告書", "Акт перевірки наявності"},
     {"Every copy that the register says should be there was looked at by a person.",
      "登録簿上あるべき全ての写しを、人が現物で確認した。",
      "Кожен примірник, який за журналом має бути наявним, оглянула людина."},
     false,
     kMusterSections,
     kMusterSigners},
};

} // namespace

std::span<const Pattern> patterns() {
    return kPatterns;
}

const Pattern& pattern_of(FormKind kind) {
    return kPatterns[static_cast<std::size_t>(kind)];
}

} // namespace valise::forms::internal
