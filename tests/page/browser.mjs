// Drives Chromium for the tests of the page: reads a command as a line of JSON, answers with a line of JSON.
import { createInterface } from "node:readline";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const [modules, program, proxy] = process.argv.slice(2);
const require = createRequire(`${modules}/here.js`);
const { chromium } = require("playwright-core");

const browser = await chromium.launch({
  executablePath: program,
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
  proxy: { server: proxy },
});
let page = null;
let asked = [];
let said = [];

const actions = {
  // Opens the page in a tab of its own.
  async open({ file, width = 1180, height = 900, script = "", hash = "" }) {
    if (page) await page.context().close();
    const context = await browser.newContext({ viewport: { width, height }, acceptDownloads: true });
    if (script) await context.addInitScript(script);
    page = await context.newPage();
    asked = [];
    said = [];
    context.on("request", (request) => asked.push(request.url()));
    page.on("console", (message) => said.push(message.text()));
    page.on("pageerror", (fault) => said.push(fault.message));
    await page.goto(`file://${encodeURI(file)}${hash}`);
  },
  async wait({ selector, seconds = 60, state = "visible" }) {
    await page.locator(selector).first().waitFor({ timeout: seconds * 1000, state });
  },
  async choose({ selector, files }) {
    await page.locator(selector).setInputFiles(files);
  },
  // Drops files from memory on the page, as a mouse does.
  async drop({ files }) {
    const given = files.map(([name, path]) => [name, readFileSync(path).toString("base64")]);
    await page.evaluate((given) => {
      const transfer = new DataTransfer();
      for (const [name, data] of given) {
        transfer.items.add(new File([Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0))], name));
      }
      document.getElementById("drop").dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
    }, given);
  },
  async click({ selector }) {
    await page.locator(selector).first().click();
  },
  async fill({ selector, value }) {
    await page.locator(selector).fill(value);
  },
  async select({ selector, value }) {
    await page.locator(selector).selectOption(value);
  },
  async press({ key }) {
    await page.keyboard.press(key);
  },
  async texts({ selector }) {
    return page.locator(selector).allInnerTexts();
  },
  async evaluate({ expression }) {
    return page.evaluate(expression);
  },
  async download({ selector, path }) {
    const [download] = await Promise.all([page.waitForEvent("download"), page.locator(selector).first().click()]);
    await download.saveAs(path);
    return download.suggestedFilename();
  },
  async picture({ path, whole = false, selector = "" }) {
    if (selector) await page.locator(selector).first().screenshot({ path });
    else await page.screenshot({ path, fullPage: whole });
  },
  async size({ width, height }) {
    await page.setViewportSize({ width, height });
  },
  async asked() {
    return asked;
  },
  async said() {
    return said;
  },
  async axe() {
    await page.evaluate(readFileSync(require.resolve("axe-core/axe.min.js"), "utf8"));
    const found = await page.evaluate(() => window.axe.run());
    return found.violations.map((one) => [one.id, one.nodes.map((node) => node.html.slice(0, 200))]);
  },
  async version() {
    return browser.version();
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const words = JSON.parse(line);
  let answer;
  try {
    answer = { value: (await actions[words.do](words)) ?? null };
  } catch (fault) {
    answer = { fault: String(fault.message || fault).slice(0, 2000), said };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
await browser.close();
