// SPDX-License-Identifier: Apache-2.0
// A passkey of a real browser's virtual authenticator signs acts: asked for by its person, confirmed by an officer,
// second after somebody's key, and never as a second person. Reads {url, name, password, code, valise, key, acting,
// item, chromium, modules} as JSON from standard input; prints one line for each thing that held or did not, and ends
// with 1 when one did not.
import { execFileSync } from "node:child_process";
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
// What somebody does at the command line.
const valise = (person, ...words) => execFileSync(given.valise, words, { env: { PATH: process.env.PATH,
    ...given.acting[person] }, stdio: ["pipe", "pipe", "pipe"] }).toString();

const browser = await chromium.launch({ executablePath: given.chromium, args: ["--no-sandbox"] });
const context = await browser.newContext({ locale: "en-GB" });
const page = await context.newPage();
await page.goto(`${given.url}/sign-in`);
await page.fill("[name=name]", given.name);
await page.fill("[name=password]", given.password);
await page.fill("[name=code]", given.code);
await page.click("form[action='/sign-in'] button");
await page.waitForURL(`${given.url}/account`);
const fresh = "a long phrase of letters 7";
await page.fill("[name=password]", given.password);
await page.fill("[name=fresh]", fresh);
await page.fill("[name=again]", fresh);
await page.click("form[action='/account'] button");
await page.waitForURL(`${given.url}/`);

const devtools = await context.newCDPSession(page);
await devtools.send("WebAuthn.enable");
await devtools.send("WebAuthn.addVirtualAuthenticator", { options: { protocol: "ctap2", transport: "internal",
    hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true } });
await page.goto(`${given.url}/account`);
await page.fill("form.passkey-create [name=name]", "my key");
await page.click("form.passkey-create button[type=submit]");
await page.waitForSelector("td:has-text('my key')", { timeout: 30000 });

// The person asks, with the key that the register has of them.
const way = await page.locator("a[href^='/acts/passkey?']").getAttribute("href");
const passkey = new URL(way, given.url).searchParams.get("passkey");
valise(given.name, "person", "passkey", given.person, "--passkey", passkey);
await page.goto(`${given.url}/account`);
hold((await page.content()).includes("waits for a control officer"), "a passkey that its person asked for signs nothing yet");
valise("ishikawa", "person", "passkey", given.person, "--passkey", passkey);
await page.goto(`${given.url}/account`);
hold(await page.locator("a[href^='/acts/revoke?']").count() === 1, "an officer confirmed it");

async function prepared() {
    await page.goto(`${given.url}/acts/approve-release?item=${given.item}&recipient=UKR`);
    await page.click("main form button[type=submit]");
    return page.url();
}
const buttons = () => page.locator("form.passkey-get button[type=submit]").count();
const first = await prepared();
hold(first.includes("/prepared/") && await buttons() === 0, "a passkey is not offered as the first signature");
valise("kobayashi", "release", "approve", given.item, "--to", "UKR");
await page.goto(first);
hold(await buttons() === 1 && (await page.content()).includes("valise sign"), "it is offered after somebody's key, beside valise sign");
await page.click("form.passkey-get button[type=submit]");
await page.waitForSelector("text=Permitted and recorded", { timeout: 30000 }).catch(() => {});
hold((await page.content()).includes("Permitted and recorded"), "it approves a release");

// The same person, by the passkey again and by the key.
await prepared();
await page.click("form.passkey-get button[type=submit]");
await page.waitForSelector("text=Refused by the agreement", { timeout: 30000 }).catch(() => {});
hold((await page.content()).includes("release-distinct-persons"), "one person does not approve twice");
let refused = "";
try {
    valise(given.name, "release", "approve", given.item, "--to", "UKR", "--json");
} catch (error) {
    refused = String(error.stdout);
}
hold(refused.includes("release-distinct-persons"), "nor with the key file");

// Without scripts the page says what to do.
const next = await prepared();
const plain = await browser.newContext({ javaScriptEnabled: false, locale: "en-GB", storageState: await context.storageState() });
const still = await plain.newPage();
await still.goto(next);
const said = await still.locator("main").innerText();
hold(said.includes("without them") && said.includes("valise sign"), `without scripts the page says what signs (${still.url()})`);
await browser.close();
process.exit(failures ? 1 : 0);
