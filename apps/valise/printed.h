// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "client.h"
#include "forms/form.h"

namespace valise::cli {

struct PrintedForm {
    Json value; // the registry's answer
    forms::Form form;
    agreement::Terms terms;
    Bytes pdf;
};

// The registry gives the form as a value; what stands on the paper is made here, from that value
// and the terms alone. Errors: those of the registry, cli.answer.
Result<PrintedForm> printed_form(Client& client, const std::string& kind,
                                 const std::string& subject);

} // namespace valise::cli
