// SPDX-License-Identifier: Apache-2.0
// Every page works without this. It offers to copy what is to be signed.
"use strict";
for (const button of document.querySelectorAll("button.copy")) {
    if (!navigator.clipboard)
        break;
    button.hidden = false;
    button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(document.getElementById(button.dataset.copies).value);
        button.textContent = button.dataset.copied;
    });
}
