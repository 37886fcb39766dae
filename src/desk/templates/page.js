// SPDX-License-Identifier: Apache-2.0
// Every page works without this, but for passkeys. It offers to copy what is to be signed, and says what is
// under way.
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

// Who signed in a terminal and comes back here finds the decision. Asked when the window is looked at again, and
// loaded only where this page still waits: nothing changes under a reader's hands.
if (document.getElementById("sign-command"))
    window.addEventListener("focus", async () => {
        const answer = await fetch(location.href);
        if (answer.ok && !(await answer.text()).includes('id="sign-command"'))
            location.reload();
    });

// A passkey is asked for here and nowhere else: the form carries what was asked and takes the answer.
const bytes_of = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")),
    (c) => c.charCodeAt(0));
const text_of = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll("+", "-")
    .replaceAll("/", "_").replaceAll("=", "");
async function answer_of(form) {
    const asked = form.elements;
    const challenge = bytes_of(asked.challenge.value);
    if (form.classList.contains("passkey-get")) {
        const made = await navigator.credentials.get({ publicKey: { challenge, rpId: asked.host.value,
            allowCredentials: asked.known ? [{ type: "public-key", id: bytes_of(asked.known.value) }] : [],
            userVerification: "required" } });
        asked.id.value = text_of(made.rawId);
        asked.signature.value = text_of(made.response.signature);
        asked.user.value = text_of(made.response.userHandle ?? new Uint8Array());
        return made.response;
    }
    const known = asked.known.value.split(" ").filter((id) => id);
    const made = await navigator.credentials.create({ publicKey: { challenge,
        rp: { id: asked.host.value, name: "Valise" },
        user: { id: bytes_of(asked.user.value), name: asked.user_name.value,
            displayName: asked.user_name.value },
        pubKeyCredParams: [{ type: "public-key", alg: -7 }, { type: "public-key", alg: -8 }],
        excludeCredentials: known.map((id) => ({ type: "public-key", id: bytes_of(id) })),
        authenticatorSelection: { residentKey: "required", userVerification: "required" },
        attestation: "none" } });
    return made.response;
}
for (const form of document.querySelectorAll("form.passkey-get, form.passkey-create")) {
    if (!window.PublicKeyCredential)
        break;
    form.addEventListener("submit", async (event) => {
        event.preventDefault();
        try {
            const answer = await answer_of(form);
            form.elements.client_data.value = text_of(answer.clientDataJSON);
            form.elements.authenticator_data.value = text_of(answer.authenticatorData ??
                answer.getAuthenticatorData());
            form.submit();
        } catch (error) { // the person changed their mind, or has none
            console.info(String(error));
        }
    });
}
