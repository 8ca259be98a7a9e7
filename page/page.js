// Shows what Python says, and hands it the files. No rule, no text of a finding and no order is decided here.
"use strict";
window.perfxlRead = true;

const at = (id) => document.getElementById(id);

// Returns an element; texts are texts, never markup.
function h(tag, words, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(words || {})) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

function show(element, shown = true) {
  element.hidden = !shown;
}

function say(id, text, kind = "") {
  const place = at(id);
  place.className = `notice ${kind}`;
  place.textContent = text;
  show(place, !!text);
}

// ---- Python ----

const engine = {
  worker: null,
  hello: null,
  ready: null,
  waiting: new Map(),
  count: 0,

  start() {
    const source = new Blob([at("worker").textContent], { type: "text/javascript" });
    const address = URL.createObjectURL(source);
    this.worker = new Worker(address);
    this.ready = new Promise((resolve, reject) => {
      this.worker.onmessage = ({ data }) => {
        if (data.ready) {
          this.hello = data.hello;
          resolve(data.hello);
        } else if (!data.id) reject(new Error(data.lost));
        else this.hear(data);
      };
      this.worker.onerror = (event) => reject(new Error(event.message || "worker"));
    });
    this.ready.finally(() => URL.revokeObjectURL(address)).catch(() => {});
    this.worker.postMessage({ start: JSON.parse(at("assets").textContent) });
    return this.ready;
  },

  hear(data) {
    const waiting = this.waiting.get(data.id);
    if (!waiting) return;
    if (data.progress) {
      waiting.progress(data.progress);
      return;
    }
    this.waiting.delete(data.id);
    if (data.lost) {
      this.restart();
      waiting.resolve({ told: { trouble: `处理这份文件时程序停了（${data.lost}），已经重新启动。别的文件可以接着做。` }, made: [] });
    } else waiting.resolve(data);
  },

  async ask(request, files = [], progress = () => {}) {
    await this.ready;
    return this.send(request, files, progress);
  },

  send(request, files, progress = () => {}) {
    const id = ++this.count;
    return new Promise((resolve) => {
      this.waiting.set(id, { resolve, progress });
      this.worker.postMessage({ request: { ...request, id }, files });
    });
  },

  // Ends what is being done: Python cannot be interrupted, but it starts anew in a second, and gets back what it knew.
  restart() {
    this.worker.terminate();
    for (const { resolve } of this.waiting.values()) resolve({ told: { stopped: true }, made: [] });
    this.waiting.clear();
    const started = this.start();
    this.ready = started.then(async () => {
      for (const { files, isFolder } of own.dropped) await this.send({ ask: "own", is_folder: isFolder }, files);
    });
    return this.ready;
  },
};

// ---- Files ----

// Hands a file to the user.
function save(name, bytes) {
  const address = URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" }));
  const link = h("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
}

function saveButton(file, primary) {
  return h("button", { type: "button", class: primary ? "primary" : "", "data-kind": file.kind, onclick: () => save(file.name, file.bytes) }, file.label);
}

async function filesOf(entries) {
  const found = [];
  async function walk(entry, inside) {
    if (entry.isFile) {
      const file = await new Promise((resolve) => entry.file(resolve, () => resolve(null)));
      if (file) found.push({ path: inside + file.name, file });
      return;
    }
    const reader = entry.createReader();
    for (;;) {
      const some = await new Promise((resolve) => reader.readEntries(resolve, () => resolve([])));
      if (!some.length) return;
      for (const one of some) await walk(one, `${inside}${entry.name}/`);
    }
  }
  for (const entry of entries) await walk(entry, "");
  return found;
}

const listed = (list) => [...list].map((file) => ({ path: file.webkitRelativePath || file.name, file }));

// Takes what was dropped or chosen: types and rules of an office's own, one workbook, or many.
async function take(files, isFolder) {
  const rest = files.some(({ path }) => /\.(json|zip)$/i.test(path)) ? await takeOwn(files, isFolder) : files;
  if (rest.length === 1 && !isFolder) await checkOne(rest[0].file);
  else if (rest.length) await checkMany(rest);
  else if (!files.length && isFolder) await checkMany([]);
  else if (files.length > rest.length) again();
}

// Types and rules of an office's own: Python says which files are some. They are kept as long as the page is open.
const own = { dropped: [] };

async function takeOwn(files, isFolder) {
  say("working", engine.hello ? "正在看放进来的文件……" : "启动好了就看放进来的文件……");
  const { told } = await engine.ask({ ask: "own", is_folder: isFolder }, files);
  say("working", told.trouble || "", "error");
  if (!told.taken || !told.taken.length) return files;
  const taken = new Set(told.taken);
  own.dropped.push({ files: await kept(files.filter(({ path }) => taken.has(path))), isFolder });
  offer(told);
  if (told.chosen) at("profile").value = told.chosen;
  at("own-said").append(...told.said.map((one) => h("li", { class: one.wrong ? "wrong" : "" }, one.text)));
  show(at("own"));
  return files.filter(({ path }) => !taken.has(path));
}

// Copies in memory: those on the disk may change, and what was taken is what counts.
function kept(files) {
  return Promise.all(files.map(async ({ path, file }) => ({ path, file: new File([await file.arrayBuffer()], file.name) })));
}

function offer(told) {
  for (const [id, choices, first] of [["type", told.types, null], ["profile", told.profiles, at("profile").options[0]]]) {
    const { value } = at(id);
    at(id).replaceChildren(...(first ? [first] : []), ...choices.map((one) => h("option", { value: one.id }, one.title)));
    if ([...at(id).options].some((option) => option.value === value)) at(id).value = value;
  }
}

function forgetOwn() {
  own.dropped = [];
  at("own-said").replaceChildren();
  show(at("own"), false);
  engine.restart().then(() => {
    offer(engine.hello);
    again();
  });
  at("choose").focus();
}

const asked = () => ({ profile: at("profile").value, draft: at("draft").checked });

// ---- One workbook ----

let current = null;

async function checkOne(file, back = null) {
  current = { file, back };
  const now = current;
  at("drop").classList.add("small");
  say("working", engine.hello ? `正在检查“${file.name}”……` : `启动好了就检查“${file.name}”……`);
  const words = asked();
  const mine = { path: file.name, file };
  const { told, made } = await engine.ask({ ask: "check", ...words }, [mine]);
  if (now !== current || told.stopped) return;
  say("working", "");
  const mending = h("div", {});
  showResult(told.trouble ? trouble(told.trouble, file.name) : verdict(told, made, mending), back);
  if (told.trouble) return;
  if (told.mendable) await mend(mine, words, mending, now);
}

function showResult(parts, back) {
  const place = at("result");
  place.replaceChildren(...[back ? h("p", {}, h("button", { type: "button", onclick: back }, "← 返回列表")) : null, ...[parts].flat()].filter(Boolean));
  place.focus({ preventScroll: true });
}

function trouble(sentence, name = "") {
  return h("div", { class: "card verdict fault" }, name ? h("h2", {}, name) : null, ...sentence.split("\n").map((line) => h("p", { class: "sentence" }, line)));
}

function verdict(told, made, mending) {
  const buttons = made.map((file) => saveButton(file, file.kind === "document"));
  const document_ = made.find((file) => file.kind === "document");
  const look = document_ ? preview(document_) : {};
  const card = h("div", { class: `card verdict ${told.state}`, "data-state": told.state },
    h("h2", {}, told.name),
    told.about.length ? h("p", { class: "about" }, told.about.join(" · ")) : null,
    h("p", { class: "sentence" }, told.sentence),
    h("div", { class: "buttons" }, buttons, look.button),
    mending,
    look.place);
  return [card, ...told.sheets.map(sheet), told.next ? onward(told) : null];
}

function sheet(told) {
  return h("section", { class: "sheet" },
    h("div", { class: "head" }, h("h3", {}, told.name), h("p", {}, told.counts)),
    h("ul", { class: "rules" }, told.rules.map(rule)));
}

function rule(told) {
  const cells = (said) => (said.cells ? [h("span", { class: "cells" }, said.cells), "　"] : []);
  return h("li", { "data-code": told.code, "data-severity": told.severity },
    h("div", { class: "mark" }, h("span", { class: `badge ${told.severity}` }, told.label), " ", h("span", { class: "code" }, told.code)),
    h("div", { class: "said" },
      told.said.map((said) => [h("p", {}, ...cells(said), said.message), said.hint ? h("p", { class: "hint" }, said.hint) : null]),
      told.hint ? h("p", { class: "hint" }, told.hint) : null,
      h("details", { class: "why" }, h("summary", {}, "为什么"), h("p", {}, told.cause), told.example ? h("p", {}, `例：${told.example}`) : null)));
}

async function mend(mine, words, place, now) {
  const { told, made } = await engine.ask({ ask: "mend", ...words }, [mine]);
  if (now !== current || told.stopped || told.trouble || !told.changes.length) return;
  place.replaceChildren(
    h("div", { class: "buttons" }, made.map((file) => saveButton(file, false)), h("span", {}, told.summary)),
    h("details", { class: "changes" }, h("summary", {}, `改了哪 ${told.changes.length} 处`),
      h("div", { class: "scroll" }, table(["工作表", "单元格", "原来", "改为", "依据"],
        told.changes.map((change) => [change.sheet, change.cell, h("del", {}, change.before), h("ins", {}, change.after), change.codes]))),
      told.kept_back.length ? h("p", {}, "没有带到新表里的（还在原来的文件里）：") : null,
      told.kept_back.length ? h("ul", {}, told.kept_back.map((one) => h("li", {}, one))) : null));
}

function table(labels, rows, looks = []) {
  return h("table", { class: "stack" }, h("thead", {}, h("tr", {}, labels.map((label) => h("th", { scope: "col" }, label)))),
    h("tbody", {}, rows.map((row, number) => h("tr", { class: looks[number] || "" },
      row.map((cell, column) => h("td", { "data-label": labels[column], class: typeof cell === "number" ? "number" : "" }, typeof cell === "number" ? String(cell) : cell))))));
}

// A document as it looks, more or less: a button, and the place that it opens and closes.
function preview(file) {
  const pages = h("div", { class: "preview", tabindex: "0", role: "region", "aria-label": "Word 文档预览" });
  const place = h("div", { hidden: true }, h("p", { class: "about" }, "预览用来核对内容；字体和分页以 Word、WPS 里打开的为准。"), pages);
  const button = h("button", { type: "button", "aria-expanded": "false", onclick: async () => {
    const open = place.hidden;
    show(place, open);
    button.setAttribute("aria-expanded", String(open));
    button.textContent = open ? "收起预览" : "看一看文档";
    if (!open || pages.childElementCount) return;
    await docx.renderAsync(new Blob([file.bytes]), pages, null, { ignoreLastRenderedPageBreak: true, useBase64URL: true });
    const wrapper = pages.querySelector(".docx-wrapper");
    wrapper.style.zoom = Math.min(1, pages.clientWidth / wrapper.offsetWidth);
  } }, "看一看文档");
  return { button, place };
}

function onward(told) {
  const said = h("p", { class: "notice", role: "status", hidden: true });
  const { file } = current;
  const go = (words, label) => h("button", { type: "button", onclick: async () => {
    const { told: answer, made } = await engine.ask({ ask: "carry", profile: asked().profile, ...words }, [{ path: file.name, file }]);
    said.textContent = answer.trouble || answer.sentence || "";
    show(said);
    for (const one of made) save(one.name, one.bytes);
  } }, label);
  const choices = told.next.types.map((one) => go({ to: one.id }, one.label));
  if (told.next.year) choices.push(go({ year: told.next.year }, told.next.year_label));
  return h("div", { class: "card" }, h("h3", {}, "接着做"), h("p", { class: "about" }, "把已经填好的内容带进新的填报表。"),
    h("div", { class: "buttons" }, choices), said);
}

// ---- Many workbooks ----

async function checkMany(files) {
  current = { files };
  const now = current;
  at("drop").classList.add("small");
  at("result").replaceChildren();
  say("working", `正在处理 ${files.length} 个文件……`);
  const bar = at("progress");
  const [meter, words] = [bar.querySelector("progress"), bar.querySelector("span")];
  show(bar);
  meter.removeAttribute("value");
  words.textContent = "";
  const { told, made } = await engine.ask({ ask: "batch", ...asked() }, files, (progress) => {
    meter.max = progress.total;
    meter.value = progress.done;
    words.textContent = progress.said;
  });
  if (now !== current) return;
  show(bar, false);
  say("working", told.stopped ? "已停止。" : "");
  if (told.stopped) return;
  if (told.trouble) showResult(trouble(told.trouble));
  else showMany(told, made, files);
}

function showMany(told, made, files) {
  const back = () => {
    current = { files };
    say("working", "");
    showResult(parts);
  };
  const known = new Map(files.map((one) => [one.path, one.file]));
  const rows = told.lines.map((line) => [
    line.unit,
    known.has(line.file) ? h("button", { type: "button", class: "link", onclick: () => checkOne(known.get(line.file), back) }, line.file) : line.file,
    h("span", { class: "state" }, line.label), line.errors, line.warnings, line.first]);
  const parts = [
    h("div", { class: `card verdict ${told.state}`, "data-state": told.state },
      told.sentences.map((sentence, number) => h("p", { class: number ? "" : "sentence" }, sentence)),
      h("div", { class: "buttons" }, made.map((file) => saveButton(file, true)), folderButton(made))),
    told.lines.length ? h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "各份填报表" },
      table(["单位", "文件（点开看问题）", "状态", "错误", "警告", "第一处问题"], rows, told.lines.map((line) => line.state))) : null,
  ];
  showResult(parts);
}

// Where the browser may write into a folder that people choose, the results go there one by one.
function folderButton(made) {
  const archive = made.find((file) => file.kind === "archive");
  if (!archive || !window.showDirectoryPicker) return null;
  const button = h("button", { type: "button", onclick: async () => {
    let folder;
    try {
      folder = await window.showDirectoryPicker({ mode: "readwrite" });
    } catch (refused) {
      return; // closed without a choice
    }
    button.disabled = true;
    try {
      const packed = await JSZip.loadAsync(archive.bytes);
      for (const entry of Object.values(packed.files)) {
        if (entry.dir) continue;
        const steps = entry.name.split("/");
        let inside = folder;
        for (const step of steps.slice(0, -1)) inside = await inside.getDirectoryHandle(step, { create: true });
        const stream = await (await inside.getFileHandle(steps[steps.length - 1], { create: true })).createWritable();
        await stream.write(await entry.async("uint8array"));
        await stream.close();
      }
      button.textContent = "已存进文件夹";
    } catch (fault) {
      say("working", `没有全部存进去：${fault.message}。请改用“下载全部成品”。`, "error");
    }
    button.disabled = false;
  } }, "存进一个文件夹");
  return button;
}

// ---- What people do ----

// Does the last thing once more: with other rules, or with a type that has come.
function again() {
  if (current && current.file) checkOne(current.file, current.back);
  else if (current && current.files) checkMany(current.files);
}

function choosePanel(name) {
  for (const tab of document.querySelectorAll("[role=tab]")) {
    const chosen = tab.id === `tab-${name}`;
    tab.setAttribute("aria-selected", String(chosen));
    tab.tabIndex = chosen ? 0 : -1;
    show(at(tab.getAttribute("aria-controls")), chosen);
  }
}

function listen() {
  const tabs = [...document.querySelectorAll("[role=tab]")];
  tabs.forEach((tab, number) => {
    tab.addEventListener("click", () => choosePanel(tab.getAttribute("aria-controls")));
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const next = tabs[(number + step + tabs.length) % tabs.length];
      choosePanel(next.getAttribute("aria-controls"));
      next.focus();
    });
  });
  at("own-away").addEventListener("click", forgetOwn);
  at("to-new").addEventListener("click", () => { choosePanel("new"); at("type").focus(); });
  at("to-check").addEventListener("click", () => { choosePanel("check"); at("choose").focus(); });
  at("choose").addEventListener("click", () => at("files").click());
  at("choose-folder").addEventListener("click", () => at("folder").click());
  for (const [id, isFolder] of [["files", false], ["folder", true]]) {
    at(id).addEventListener("change", ({ target }) => {
      const files = listed(target.files);
      target.value = "";
      if (files.length || isFolder) take(files, isFolder);
    });
  }
  at("stop").addEventListener("click", () => engine.restart());
  at("profile").addEventListener("change", again);
  at("draft").addEventListener("change", again);
  at("blank").addEventListener("submit", async (event) => {
    event.preventDefault();
    say("blank-said", "正在生成……");
    const words = { type: at("type").value, year: at("year").value, projects: at("projects").value, buttons: at("buttons").checked };
    const { told, made } = await engine.ask({ ask: "new", ...words });
    say("blank-said", told.trouble || told.sentence || "", told.trouble ? "error" : "");
    for (const file of made) save(file.name, file.bytes);
  });
  const drop = at("drop");
  document.addEventListener("dragover", (event) => { event.preventDefault(); drop.classList.add("over"); });
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) drop.classList.remove("over"); });
  document.addEventListener("drop", async (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    const items = [...event.dataTransfer.items].filter((item) => item.kind === "file");
    const entries = items.map((item) => item.webkitGetAsEntry && item.webkitGetAsEntry());
    choosePanel("check");
    if (entries.length && entries.every(Boolean)) await take(await filesOf(entries), entries.some((entry) => entry.isDirectory));
    else await take(listed(event.dataTransfer.files), false);
  });
}

async function begin() {
  at("year").value = new Date().getFullYear() + 1;
  listen();
  try {
    const hello = await engine.start();
    document.body.dataset.ready = "yes";
    if (!hello) return; // a page of the interpreter alone, for measuring
    offer(hello);
    show(at("starting"), false);
  } catch (fault) {
    say("starting", `程序没有启动起来（${fault.message}）。请关闭这个页面再打开；还不行就换一个浏览器，或者找维护人员。`, "error");
  }
}

if (window.perfxlEnough) begin();
