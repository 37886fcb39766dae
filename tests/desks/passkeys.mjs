// SPDX-License-Identifier: Apache-2.0
// A passkey of a real browser's virtual authenticator: added, signed in with, refused where it has to be. Reads
// {url, name, password, code, chromium, modules} as JSON from standard input; prints one line for each thing that
// held or did not, and ends with 1 when one did not.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const given = JSON.parse(readFileSync(0, "utf8"));
const require = createRequire(path.join(given.modules, "package.json"));
const { chromium } = require("playwright-core");

let failures = 0;
function hold(condition, what) {
    if (!condition)
        failures += 1;
    console.log(`${condition ? "held" : "NOT"}  ${what}`);
}

const browser = await chromium.launch({ executablePath: given.chromium, args: ["--no-sandbox"] });

async function authenticatorIn(page, options = {}) {
    const devtools = await page.context().newCDPSession(page);
    await devtools.send("WebAuthn.enable");
    const { authenticatorId } = await devtools.send("WebAuthn.addVirtualAuthenticator", { options: {
        protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true,
        isUserVerified: true, automaticPresenceSimulation: true, ...options } });
    return { devtools, authenticatorId };
}
const click = (page, style) => page.click(`form.${style} button[type=submit]`);
const arrives = async (page, where) => page.waitForURL(given.url + where, { timeout: 30000 }).then(() => true, () => false);

const context = await browser.newContext({ locale: "en-GB" });
const page = await context.newPage();
await page.goto(`${given.url}/sign-in`);
await page.fill("[name=name]", given.name);
await page.fill("[name=password]", given.password);
await page.fill("[name=code]", given.code);
await page.click("form[action='/sign-in'] button");
await page.waitForURL(`${given.url}/account`);
hold(await page.locator("form.passkey-create").count() === 0, "no passkey is added before a password of one's own");
const fresh = "a long phrase of letters 7";
await page.fill("[name=password]", given.password);
await page.fill("[name=fresh]", fresh);
await page.fill("[name=again]", fresh);
await page.click("form[action='/account'] button");
await page.waitForURL(`${given.url}/`);
hold((await page.content()).includes("An account was given to you"), "who was given an account is told");

const held = await authenticatorIn(page);
await page.goto(`${given.url}/account`);
await page.fill("form.passkey-create [name=name]", "my <key>");
await click(page, "passkey-create");
await page.waitForSelector("td:has-text('my <key>')", { timeout: 30000 });
hold(true, "a passkey is added, and its name stays text");
let { credentials } = await held.devtools.send("WebAuthn.getCredentials", { authenticatorId: held.authenticatorId });
hold(credentials.length === 1 && credentials[0].isResidentCredential && credentials[0].rpId === "localhost",
    "it lies in the authenticator, for this host");
// The browser was asked, and it is the authenticator that refuses: a name is filled in, and the script has begun.
const rows = () => page.locator("main table tbody tr").count();
const before = await rows();
await page.evaluate(() => {
    const create = navigator.credentials.create.bind(navigator.credentials);
    navigator.credentials.create = (...what) => create(...what).then(
        (made) => { document.documentElement.dataset.said = "made"; return made; },
        (error) => { document.documentElement.dataset.said = error.name; throw error; });
});
await page.fill("form.passkey-create [name=name]", "a second");
await click(page, "passkey-create");
await page.waitForSelector("html[data-said]", { timeout: 30000, state: "attached" }).catch(() => {});
const said = await page.evaluate(() => document.documentElement.dataset.said ?? "nothing");
({ credentials } = await held.devtools.send("WebAuthn.getCredentials", { authenticatorId: held.authenticatorId }));
hold(said === "InvalidStateError" && before === 1 && await rows() === 1 && credentials.length === 1,
    `the authenticator that has one makes no second (${said}, ${await rows()} rows, ${credentials.length} keys)`);
await page.goto(`${given.url}/account`);

for (const time of ["first", "second"]) {
    await page.click("form.out button");
    await page.waitForURL(`${given.url}/sign-in`);
    await click(page, "passkey-get");
    hold(await arrives(page, "/"), `the ${time} sign-in with the passkey`);
}
hold((await page.goto(`${given.url}/register`)).status() === 200, "the desks are open");
const cookies = await context.cookies();
hold(cookies.some((one) => one.name === "valise" && one.sameSite === "Strict" && one.httpOnly), "by a session like any other");

// An authenticator that does not know who holds it.
await held.devtools.send("WebAuthn.setUserVerified", { authenticatorId: held.authenticatorId, isUserVerified: false });
await page.click("form.out button");
await page.waitForURL(`${given.url}/sign-in`);
await page.evaluate(() => {
    const get = navigator.credentials.get.bind(navigator.credentials);
    navigator.credentials.get = (...what) => get(...what).then(
        (found) => { document.documentElement.dataset.said = "signed"; return found; },
        (error) => { document.documentElement.dataset.said = error.name; throw error; });
});
await click(page, "passkey-get");
await page.waitForSelector("html[data-said]", { timeout: 30000, state: "attached" }).catch(() => {});
const unverified = await page.evaluate(() => document.documentElement.dataset.said ?? "nothing");
hold(unverified === "NotAllowedError" && page.url() === `${given.url}/sign-in`,
    `nobody is signed in whom the authenticator did not verify (${unverified})`);
await held.devtools.send("WebAuthn.setUserVerified", { authenticatorId: held.authenticatorId, isUserVerified: true });

// A copy of it, which was made before: it counts behind.
({ credentials } = await held.devtools.send("WebAuthn.getCredentials", { authenticatorId: held.authenticatorId }));
await held.devtools.send("WebAuthn.clearCredentials", { authenticatorId: held.authenticatorId });
await held.devtools.send("WebAuthn.addCredential", { authenticatorId: held.authenticatorId,
    credential: { ...credentials[0], signCount: 0 } });
await page.goto(`${given.url}/sign-in`);
await click(page, "passkey-get");
await page.waitForSelector("text=The passkey does not sign you in here.", { timeout: 30000 });
hold(true, "a copy that counts behind is refused");
await held.devtools.send("WebAuthn.clearCredentials", { authenticatorId: held.authenticatorId });
await held.devtools.send("WebAuthn.addCredential", { authenticatorId: held.authenticatorId,
    credential: { ...credentials[0], signCount: 1000 } });
await page.goto(`${given.url}/sign-in`);
await click(page, "passkey-get");
hold(await arrives(page, "/"), "the right one goes on");

await page.goto(`${given.url}/account`);
await page.selectOption("form[action='/account/passkeys/remove'] select", { index: 0 });
await page.click("form[action='/account/passkeys/remove'] button");
hold(await arrives(page, "/sign-in"), "who removes a passkey is out of every session");
await click(page, "passkey-get");
await page.waitForSelector("text=The passkey does not sign you in here.", { timeout: 30000 });
hold(true, "a passkey that was removed is refused");

const without = await browser.newContext({ javaScriptEnabled: false, locale: "en-GB" });
const plain = await without.newPage();
await plain.goto(`${given.url}/sign-in`);
await click(plain, "passkey-get");
hold((await plain.content()).includes("A passkey needs scripts in this browser"), "without scripts the page says what is missing");
await browser.close();
process.exit(failures ? 1 : 0);
