// SPDX-License-Identifier: Apache-2.0
#include "label/internal/words.h"

#include <algorithm>
#include <array>

namespace valise::label::internal {
namespace {

constexpr std::array kWords = {
    Words{
        .lang = "en",
        .releasable = "Releasable to {}",
        .page = "Page {} of {}",
        .copy = "Copy {} of {}",
        .number = "No. {}",
        .received = "Provided by: {} / {} ({})",
        .draft = "[DRAFT] ",
        .translated = "This document contains classified information provided by {}.",
    },
    Words{
        .lang = "ja",
        .releasable = "提供可能: {}",
        .page = "{}/{}頁",
        .copy = "複製 {}/{}",
        .number = "登録番号 {}",
        .received = "提供: {} / {}相当 ({})",
        .draft = "[DRAFT 案] ",
        .translated = "本文書は{}が提供した秘密情報を含む",
    },
    Words{
        .lang = "uk",
        .releasable = "Дозволено передавати: {}",
        .page = "Стор. {} з {}",
        .copy = "Примірник {} з {}",
        .number = "Реєстр. № {}",
        .received = "Надано: {} / {} ({})",
        .draft = "[DRAFT ПРОЄКТ] ",
        .translated = "Документ містить секретну інформацію, надану {}",
    },
};

} // namespace

const Words* words(std::string_view lang) {
    const auto found = std::ranges::find(kWords, lang, &Words::lang);
    return found == kWords.end() ? nullptr : &*found;
}

} // namespace valise::label::internal
