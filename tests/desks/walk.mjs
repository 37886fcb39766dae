// SPDX-License-Identifier: Apache-2.0
// Walks every desk of two running registries in a real browser: three languages, scripts on and off, wide
// and narrow. Reads {places, valise, chromium, modules, shots} as JSON from standard input; prints one
// line for each thing that held or did not, and ends with 1 when one did not.
import { execFileSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { readFileSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const given = JSON.parse(readFileSync(0, "utf8"));
const require = createRequire(path.join(given.modules, "package.json"));
const { chromium } = require("playwright-core");
const axeSource = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const kLanguages = ["en", "ja", "uk"];
const kDesks = ["/", "/reading", "/register", "/in", "/out", "/release", "/duties", "/acts", "/forms", "/incidents",
    "/musters", "/inspector", "/inspector/register", "/inspector/access", "/agreement", "/log", "/peers", "/people",
    "/health", "/account", "/acts/enter", "/acts/issue", "/acts/open", "/acts/grant", "/acts/report-incident",
    "/enter-document"];
const kHeaviest = 150 * 1024;
const kWithImage = 1024 * 1024;

let failures = 0;
function hold(condition, what) {
    if (!condition)
        failures += 1;
    console.log(`${condition ? "held" : "NOT"}  ${what}`);
    return condition;
}

function oneTimeCode(secret, shift) {
    const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bits = "";
    for (const c of secret)
        bits += letters.indexOf(c).toString(2).padStart(5, "0");
    const key = Buffer.from(bits.match(/.{8}/g).map((one) => parseInt(one, 2)));
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000) + shift));
    const mac = createHmac("sha1", key).update(counter).digest();
    const at = mac[19] & 15;
    return String((mac.readUInt32BE(at) & 0x7fffffff) % 1000000).padStart(6, "0");
}

const browser = await chromium.launch({ executablePath: given.chromium, args: ["--no-sandbox"] });

// A page that notes what a reader would not see: refused resources, errors of scripts.
async function pageOf(context, faults) {
    const page = await context.newPage();
    page.on("console", (message) => {
        if (message.type() === "error" && !/status of 4\d\d/.test(message.text()))
            faults.push(message.text());
    });
    page.on("pageerror", (error) => faults.push(String(error)));
    page.on("requestfailed", (request) => { // the picture in the tab is dropped when the next page is called
        if (request.failure()?.errorText !== "net::ERR_ABORTED")
            faults.push(`failed: ${request.url()}`);
    });
    return page;
}

// The first sign-in of a person, with the keyboard alone, and the password that it asks for.
async function signIn(place, name) {
    const person = place.people[name];
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "en-GB" });
    const page = await context.newPage();
    await page.goto(`${place.url}/register`);
    hold(page.url() === `${place.url}/sign-in`, `${name}: a stranger is sent to the sign-in`);
    await page.keyboard.press("Tab"); // to the page
    await page.keyboard.press("Enter");
    const type = async (text) => {
        await page.keyboard.press("Tab");
        await page.keyboard.type(text);
    };
    await type(name);
    await type(person.password);
    await type(oneTimeCode(person.secret, person.shift ?? 0));
    await page.keyboard.press("Enter");
    await page.waitForURL(`${place.url}/account`);
    hold(true, `${name}: signed in with the keyboard alone; a password of one's own is asked for`);
    await page.goto(`${place.url}/register`);
    hold(page.url() === `${place.url}/account`, `${name}: no desk opens before that`);
    const fresh = `a long phrase of ${place.party} 7`;
    await page.fill("[name=password]", person.password);
    await page.fill("[name=fresh]", fresh);
    await page.fill("[name=again]", fresh);
    await page.click("main button[type=submit]");
    await page.waitForURL(`${place.url}/`);
    person.password = fresh;
    const cookies = await context.cookies();
    const session = cookies.find((one) => one.name === "valise");
    hold(session && session.httpOnly && session.sameSite === "Strict", `${name}: the cookie is HttpOnly and Strict`);
    person.state = await context.storageState();
    await context.close();
}

async function contextOf(place, name, language, scripts, width, scale = 1) {
    const state = structuredClone(place.people[name].state);
    const host = new URL(place.url).hostname;
    state.cookies.push({ name: "valise-language", value: language, domain: host, path: "/", expires: -1,
        httpOnly: true, secure: false, sameSite: "Strict" });
    return browser.newContext({ storageState: state, javaScriptEnabled: scripts,
        viewport: { width, height: width === 390 ? 844 : Math.round(800 / scale) }, deviceScaleFactor: scale,
        locale: "en-GB" });
}

async function axeFaults(page) {
    await page.evaluate(axeSource);
    const found = await page.evaluate(() => globalThis.axe.run(document, {
        runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
    return found.violations.map((one) => `${one.id}: ${one.nodes.slice(0, 2).map((node) =>
        `${node.target} ${node.any[0]?.message ?? ""}`).join(" | ")}`);
}

async function lookAt(place, page, at, width, scripts, language, faults, shots, heaviest = kHeaviest) {
    const before = faults.length;
    let weight = 0;
    const weigh = async (response) => {
        weight += (await response.body().catch(() => Buffer.alloc(0))).length;
    };
    const weighing = [];
    const listener = (response) => weighing.push(weigh(response));
    page.on("response", listener);
    const response = await page.goto(place.url + at, { waitUntil: "load" });
    await Promise.all(weighing);
    page.off("response", listener);
    const wrong = [];
    if (response.status() !== 200)
        wrong.push(`status ${response.status()}`);
    if (weight > heaviest)
        wrong.push(`${weight} bytes`);
    if (await page.locator("html").getAttribute("lang") !== language)
        wrong.push("another language");
    if (await page.locator(".banner").count() !== 2 || await page.locator(".draft").count() !== 2)
        wrong.push("level and draft banner do not stand at top and bottom");
    if (faults.length > before)
        wrong.push(...faults.slice(before));
    if (scripts) {
        const over = await page.evaluate(() => document.documentElement.scrollWidth - globalThis.innerWidth);
        if (over > 0)
            wrong.push(`${over} pixels too wide`);
        wrong.push(...await axeFaults(page));
    }
    if (shots && scripts) {
        mkdirSync(shots, { recursive: true });
        const name = at === "/" ? "overview" : at.slice(1).replaceAll("/", "-").replace(/(itm|mst)-\w+/, "one")
            .replace(/^reading-\d+/, "document");
        await page.screenshot({ path: path.join(shots, `${name}-${language}-${width}.png`), fullPage: true });
    }
    hold(wrong.length === 0, `${place.city} ${at} ${language} ${width} scripts ${scripts ? "on" : "off"}` +
        `, ${weight} bytes${wrong.length ? ": " + wrong.join("; ") : ""}`);
}

async function walk(place, name, more) {
    for (const language of kLanguages)
        for (const [scripts, width] of [[true, 1280], [true, 390], [false, 1280]]) {
            const context = await contextOf(place, name, language, scripts, width);
            const faults = [];
            const page = await pageOf(context, faults);
            for (const at of [...kDesks, ...more])
                await lookAt(place, page, at, width, scripts, language, faults, given.shots &&
                    path.join(given.shots, place.city));
            await context.close();
        }
}

// A page enlarged in a window of 1280 pixels: at 200 % no function is lost (WCAG 1.4.4), and at 400 % nobody
// reads by scrolling to the side (1.4.10).
async function enlarge(place, name, more) {
    for (const language of kLanguages)
        for (const times of [2, 4]) {
            const context = await contextOf(place, name, language, true, 1280 / times, times);
            const page = await context.newPage();
            for (const at of [...kDesks, ...more]) {
                await page.goto(place.url + at);
                const wrong = await page.evaluate(() => {
                    const out = [];
                    const wide = globalThis.innerWidth;
                    if (document.documentElement.scrollWidth > wide)
                        out.push(`${document.documentElement.scrollWidth - wide} pixels too wide`);
                    for (const one of document.querySelectorAll("main a, main button, main input, main select, main textarea, .banner")) {
                        const box = one.getBoundingClientRect();
                        if (box.width > 0 && (box.left < -1 || box.right > wide + 1) && !one.closest(".scroll"))
                            out.push(`${one.tagName} ${one.name ?? ""} is cut off`);
                    }
                    return out;
                });
                hold(wrong.length === 0, `${place.city} ${at} ${language} at ${times}00 %${wrong.length ? ": " +
                    wrong.slice(0, 3).join("; ") : ""}`);
            }
            await context.close();
        }
}

// On A4, inside margins of one centimetre: both banners, no menus, nothing cut off.
async function onPaper(place, name, more) {
    for (const language of kLanguages) {
        const context = await contextOf(place, name, language, true, 718);
        const page = await context.newPage();
        await page.emulateMedia({ media: "print" });
        for (const at of [...kDesks, ...more]) {
            await page.goto(place.url + at);
            const wrong = [];
            if (await page.locator(".banner:visible").count() !== 2)
                wrong.push("the level does not stand at top and bottom");
            if (await page.locator(".side:visible, .menu:visible, .skip:visible, .languages:visible").count() !== 0)
                wrong.push("menus are printed");
            const over = await page.evaluate(() => Math.max(...[...document.querySelectorAll("main, main *")].map((one) =>
                one.getBoundingClientRect().right)) - globalThis.innerWidth);
            if (over > 1)
                wrong.push(`${Math.round(over)} pixels are cut off`);
            const pdf = await page.pdf({ format: "A4", margin: { top: "1cm", bottom: "1cm", left: "1cm", right: "1cm" } });
            if (pdf.subarray(0, 5).toString() !== "%PDF-")
                wrong.push("it does not print");
            if (given.shots && language !== "en" && ["/register", "/forms"].includes(at)) {
                mkdirSync(path.join(given.shots, place.city), { recursive: true });
                await page.screenshot({ path: path.join(given.shots, place.city, `paper${at.replaceAll("/", "-")}-${language}.png`),
                    fullPage: true });
            }
            hold(wrong.length === 0, `${place.city} ${at} ${language} on paper${wrong.length ? ": " + wrong.join("; ") : ""}`);
        }
        await context.close();
    }
}

// Tab after Tab from the top to the last control: each is reached once, in the order of the page, and is
// seen to have the focus and not hidden by a banner (WCAG 2.1.1, 2.1.2, 2.4.3, 2.4.7, 2.4.11).
async function byKeyboard(place, name, more) {
    const context = await contextOf(place, name, "en", true, 1280);
    const page = await context.newPage();
    for (const at of [...kDesks, ...more]) {
        await page.goto(place.url + at);
        const wanted = await page.evaluate(() => {
            const all = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]")]
                .filter((one) => one.checkVisibility() && !one.disabled && one.tabIndex >= 0);
            all.forEach((one, number) => { one.dataset.place = number; });
            return all.length;
        });
        const wrong = [];
        let last = -1;
        for (let i = 0; last + 1 < wanted && i < 4 * wanted; ++i) {
            await page.keyboard.press("Tab");
            const found = await page.evaluate(() => {
                const one = document.activeElement;
                const style = getComputedStyle(one);
                const box = one.getBoundingClientRect();
                const top = document.elementFromPoint(box.left + Math.min(box.width, 8) / 2, box.top + box.height / 2);
                return { parts: one.type === "date" || one.type === "datetime-local", place: Number(one.dataset.place ?? -1), name: `${one.tagName} ${one.name ?? one.textContent.trim().slice(0, 20)}`,
                    shown: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== "none",
                    covered: !(top && (one.contains(top) || top.contains(one))) };
            });
            if (found.place !== last + 1 && !(found.parts && found.place === last))
                wrong.push(`${found.name} comes out of order`);
            if (!found.shown)
                wrong.push(`${found.name}: the focus is not seen`);
            if (found.covered)
                wrong.push(`${found.name} is covered while it has the focus`);
            last = found.place;
        }
        hold(wrong.length === 0, `${place.city} ${at} by keyboard, ${wanted} controls${wrong.length ? ": " +
            wrong.slice(0, 3).join("; ") : ""}`);
    }
    await context.close();
}

async function shoot(page, place, name) {
    if (!given.shots)
        return;
    mkdirSync(path.join(given.shots, place.city), { recursive: true });
    await page.screenshot({ path: path.join(given.shots, place.city, `${name}.png`), fullPage: true });
}

// What a person does elsewhere: `valise sign` with the text that the page shows.
function sign(place, name, text) {
    return execFileSync(given.valise, ["sign", "--yes", "--as", place.people[name].key, "--passphrase-file",
        place.passphrase], { input: text, env: { PATH: process.env.PATH }, stdio: ["pipe", "pipe", "ignore"] })
        .toString().trim();
}

// The command that a page shows, in a shell, as it was copied.
function typed(command) {
    execFileSync("sh", ["-c", `${command} --yes`], { env: { PATH: process.env.PATH }, stdio: "ignore" });
}

// One act through the pages, signed by the command that hands it in: nothing is pasted back. Digests and ids stand
// letter for letter, as the command prints them. With scripts the page that is looked at again shows the decision.
async function byCommand(place, name, kind, members, scripts) {
    const context = await contextOf(place, name, "en", scripts, 1280);
    const page = await context.newPage();
    await page.goto(`${place.url}/acts/${kind}?${new URLSearchParams(members)}`);
    await page.click("main form button[type=submit]");
    const raised = await page.evaluate(() => [...document.querySelectorAll("dd.id > span, dd .sub")].filter((one) =>
        getComputedStyle(one, "::first-letter").textTransform !== "none").length);
    hold(raised === 0, `${name} sees ids and digests of ${kind} letter for letter`);
    typed(await page.locator("#sign-command").inputValue());
    if (scripts) {
        await page.evaluate(() => globalThis.dispatchEvent(new Event("focus")));
        await page.waitForSelector(".note.good .head:has-text('Permitted and recorded')", { timeout: 10000 });
    } else {
        await page.click("main a[href^='/prepared/']");
    }
    const came = await page.locator(".note .head").first().textContent();
    hold(came === "Permitted and recorded" && await page.locator("#to-sign, #sign-command").count() === 0,
        `${name} signs ${kind} by the command alone, scripts ${scripts ? "on" : "off"}: ${came}`);
    await shoot(page, place, `by-command-${kind}-${name}`);
    await context.close();
}

// One act through the pages, scripts off; the title of what came of it.
async function act(place, name, kind, members, change = (text) => text, signer = name) {
    const context = await contextOf(place, name, "en", false, 1280);
    const page = await context.newPage();
    await page.goto(`${place.url}/acts/${kind}`);
    for (const [member, value] of Object.entries(members)) {
        const field = page.locator(`main [name="${member}"]`);
        if (await field.evaluate((node) => node.tagName).catch(() => "") === "SELECT")
            await field.selectOption(value);
        else
            await field.fill(value);
    }
    await page.click("main form button[type=submit]");
    const foreseen = await page.locator(".note .head").first().textContent();
    const out = { foreseen, url: page.url(), page: await page.content() };
    if (page.url().includes("/prepared/")) {
        const text = await page.locator("#to-sign").inputValue();
        await shoot(page, place, `prepared-${kind}-${name}`);
        await page.fill("[name=signed]", change(sign(place, signer, text)));
        await page.click("main form button[type=submit]");
        out.came = await page.locator(".note .head").first().textContent();
        out.page = await page.content();
        out.url = page.url();
        await shoot(page, place, `decided-${kind}-${name}`);
    }
    await context.close();
    return out;
}

// Where the first link of this kind on a page leads.
async function firstLink(place, name, at, prefix) {
    const context = await contextOf(place, name, "en", false, 1280);
    const page = await context.newPage();
    await page.goto(place.url + at);
    const link = await page.locator(`main a[href^="${prefix}"]`).first().getAttribute("href", { timeout: 5000 })
        .catch(() => null);
    await context.close();
    return link;
}

async function read(place, name, at) {
    const context = await contextOf(place, name, "en", false, 1280);
    const page = await context.newPage();
    await page.goto(place.url + at);
    const text = await page.locator("main").innerText();
    await context.close();
    return text;
}

async function prints(place, name, at) {
    const context = await contextOf(place, name, "en", false, 1280);
    const link = await firstLink(place, name, at, "/forms/transmittal-note/");
    const answer = link && await context.request.get(place.url + link);
    const bytes = answer && await answer.body();
    hold(bytes && answer.headers()["content-type"] === "application/pdf" && bytes.subarray(0, 5).toString() === "%PDF-",
        `a transmittal note comes as PDF: ${link}, ${bytes?.length} bytes`);
    await context.close();
}

async function exchange(tokyo, kyiv) {
    const went = (one, foreseen, came, what) => hold(one.foreseen === foreseen && one.came === came,
        `${what}: ${one.foreseen} / ${one.came}`);
    const yes = ["The agreement would permit it", "Permitted and recorded"];
    const no = ["The agreement would refuse it", "Refused by the agreement"];
    // Markup in what people write stays what it is: text.
    const hostile = "<script>alert(1)</script><b>\"'&";
    const paper = await act(tokyo, "tanaka", "enter", { form: "paper", level: "hi", purpose: "exercise",
        title: hostile, pages: "3", label_rights: "patent, copyright", label_rights_note: "Ask the maker first" });
    went(paper, ...yes, "tanaka enters an item on paper");
    const made = await firstLink(tokyo, "ishikawa", "/register?form=paper", "/register/itm-");
    const shown = await read(tokyo, "ishikawa", made);
    hold(shown.includes("Private rights: copyright, patent"), "its marking names the private rights");
    hold(paper.page.includes("&lt;script&gt;alert(1)") && !paper.page.includes("<script>alert"),
        "markup in a title is shown as text");
    const release = { item: given.item, recipient: "UKR" };
    went(await act(tokyo, "yamada", "approve-release", release), ...yes, "yamada approves the release");
    const twice = await act(tokyo, "yamada", "approve-release", release);
    went(twice, ...no, "yamada approves it a second time");
    hold(twice.page.includes("release-distinct-persons"), "the clause that refuses is named");
    went(await act(tokyo, "ishikawa", "dispatch", release), ...no, "ishikawa dispatches what one person approved");
    const other = await act(tokyo, "kobayashi", "approve-release", release,
        (text) => Buffer.from(text, "base64").toString("base64").replace(/^(.{40})./, "$1A"));
    hold(other.foreseen === yes[0] && other.came === "It was not handed in",
        `what was changed on the way back is not taken: ${other.came}`);
    went(await act(tokyo, "kobayashi", "approve-release", release), ...yes, "kobayashi approves the release");
    went(await act(tokyo, "ishikawa", "dispatch", release), ...yes, "ishikawa dispatches it");
    const bad = await act(tokyo, "ishikawa", "report-incident", { item: "JPN-2026-9999", what: "loss" });
    hold(bad.foreseen === "The input is not right." && bad.page.includes("desk.no_item"),
        `a form with a number that is not in the register is given back: ${bad.foreseen}`);
    went(await act(tokyo, "ishikawa", "begin-muster", {}), ...yes, "ishikawa begins a muster");
    for (const scripts of [true, false])
        await byCommand(tokyo, "tanaka", "brief", { briefing: "what you were told" }, scripts);
    await prints(tokyo, "ishikawa", "/forms");
    let arrived = null;
    for (let i = 0; i < 100 && !arrived; ++i) {
        const context = await contextOf(kyiv, "kovalenko", "en", false, 1280);
        const page = await context.newPage();
        await page.goto(`${kyiv.url}/in`);
        arrived = await page.locator("td.key a").first().getAttribute("href", { timeout: 300 }).catch(() => null);
        await context.close();
    }
    hold(arrived !== null, `the item stands in Kyiv's in tray: ${arrived}`);
    went(await act(kyiv, "kovalenko", "report-incident", { item: arrived.split("/").pop(), what: "suspected",
        note: hostile }), ...yes, "kovalenko reports a suspected compromise");
    return arrived;
}

// A document, from the list of what is issued to its reader to its last page, without a script; then its page in
// every language and width.
async function reads(place, name) {
    const context = await contextOf(place, name, "en", false, 1280);
    const page = await context.newPage();
    await page.goto(`${place.url}/reading`);
    await page.locator('main a[href^="/acts/open?"]').first().click();
    await page.click("main form button[type=submit]");
    const foreseen = await page.locator(".note .head").first().textContent();
    hold(foreseen === "The agreement would permit it" && await page.getByText("need-to-know").count() > 0,
        `${name} sees the decision and its clauses before signing: ${foreseen}`);
    await page.fill("[name=signed]", sign(place, name, await page.locator("#to-sign").inputValue()));
    await page.click("main form button[type=submit]");
    await page.locator('main a[href^="/reading/"]').first().click();
    hold(await page.locator(".sheet img").count() === 0, "nothing is shown before it is asked for");
    await page.click("main form button[type=submit]");
    const at = new URL(page.url()).pathname;
    const width = await page.locator(".sheet img").evaluate((node) => node.naturalWidth);
    hold(width > 800, `${name} reads ${at} as an image of ${width} pixels`);
    const image = await context.request.get(`${place.url}${at}/1`);
    hold(image.headers()["cache-control"] === "no-store" && image.headers()["content-type"] === "image/png",
        "no copy of it is to be kept");
    await context.close();
    for (const language of kLanguages)
        for (const [scripts, wide] of [[true, 1280], [true, 390], [false, 1280]]) {
            const other = await contextOf(place, name, language, scripts, wide);
            const faults = [];
            await lookAt(place, await pageOf(other, faults), at, wide, scripts, language, faults, given.shots &&
                path.join(given.shots, place.city), kWithImage);
            await lookAt(place, await pageOf(other, faults), "/reading", wide, scripts, language, faults, given.shots &&
                path.join(given.shots, `${place.city}-${name}`));
            await other.close();
        }
    const last = await contextOf(place, name, "en", false, 1280);
    const closing = await last.newPage();
    await closing.goto(place.url + at);
    await closing.click("main form button[type=submit]");
    hold((await last.request.get(`${place.url}${at}/1`)).status() === 404, `${name} closes it, and it is gone`);
    await last.close();
}

try {
    const { tokyo, kyiv } = given.places;
    for (const name of Object.keys(tokyo.people))
        await signIn(tokyo, name);
    for (const name of Object.keys(kyiv.people))
        await signIn(kyiv, name);
    await reads(tokyo, "nakamura");
    const arrived = await exchange(tokyo, kyiv);
    const item = await firstLink(tokyo, "ishikawa", `/register?number=${given.item}`, "/register/itm-");
    const muster = await firstLink(tokyo, "ishikawa", "/musters", "/musters/mst-");
    await walk(tokyo, "ishikawa", [item, muster]);
    await walk(kyiv, "kovalenko", [arrived]);
    await enlarge(tokyo, "ishikawa", [item, muster]);
    await onPaper(tokyo, "ishikawa", [item, muster]);
    await byKeyboard(tokyo, "ishikawa", [item, muster]);
    // The page of the sign-in itself, which is seen by nobody who is signed in.
    for (const language of kLanguages)
        for (const width of [1280, 390]) {
            const context = await browser.newContext({ viewport: { width, height: 800 }, locale: language });
            const faults = [];
            const page = await pageOf(context, faults);
            await lookAt(tokyo, page, "/sign-in", width, true, language, faults, given.shots &&
                path.join(given.shots, "tokyo"));
            await context.close();
        }
} finally {
    await browser.close();
}
console.log(`${failures} did not hold`);
process.exit(failures ? 1 : 0);
