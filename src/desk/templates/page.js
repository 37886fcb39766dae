// SPDX-License-Identifier: Apache-2.0
// Every page works without this. It offers to copy what is to be signed, and says what is under way.
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

// A transfer that ended, or one that the page does not show, is offered as a link and not loaded: a
// page that changes under a reader's hands is worse than one that is a minute old.
const news = document.querySelector("[data-progress]");
if (news && window.EventSource) {
    const shown = new Map([...document.querySelectorAll("td[data-live]")].map((cell) => [cell.dataset.live, cell]));
    const moving = new Set();
    const told = new EventSource(news.dataset.progress);
    told.addEventListener("error", () => told.close());
    told.addEventListener("message", (message) => {
        const now = new Set();
        for (const one of JSON.parse(message.data).transfers) {
            now.add(one.dispatch);
            const cell = shown.get(one.dispatch);
            const text = cell && cell.querySelector("span");
            if (text)
                text.textContent = `${Math.floor(one.durable_bytes * 100 / one.payload_bytes)} %`;
            moving.add(one.dispatch);
        }
        const changed = [...moving].some((dispatch) => !now.has(dispatch) || !shown.has(dispatch));
        news.querySelector("a").hidden = !changed;
    });
}
