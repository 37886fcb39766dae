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
    {"bytes", Show::bytes, {"Size of the document", "文書の大きさ", "Розмір документа"}},
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

constexpr Words kHandedOver{"Handed over by", "引渡者", "Передав"};
constexpr Words kTakenOver{"Taken over by", "引受者", "Прийняв"};
constexpr Words kPrintedBy{"For the registry of the recipient", "受領者の登録所",
                           "За реєстратуру одержувача"};

constexpr Words kTransmittalSigners[] = {kHandedOver, kTakenOver};
constexpr Words kReceiptSigners[] = {kPrintedBy};

constexpr Pattern kPatterns[] = {
    {FormKind::transmittal_note,
     "transmittal-note",
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
};

} // namespace

std::span<const Pattern> patterns() {
    return kPatterns;
}

const Pattern& pattern_of(FormKind kind) {
    return kPatterns[static_cast<std::size_t>(kind)];
}

} // namespace valise::forms::internal
