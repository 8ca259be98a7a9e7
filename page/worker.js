// Runs Python away from the page, so that the page never freezes. Nothing is decided here: a request goes to Python as
// JSON (see perfxl/interfaces/browser_page), files go into the worker's own file system, and what Python says goes back.
"use strict";

const WORK = "/work";
const SESSION = "/work/session"; // types and rules of an office's own
const EMPTY_ARCHIVE = new Uint8Array(22); // what is not in memory is among the files
EMPTY_ARCHIVE.set([80, 75, 5, 6]);
const runScript = self.importScripts.bind(self);
let python = null;
let answer = null;
let largest = 0;

// pyodide refuses workers that can load scripts; what it needs is loaded before it looks.
self.importScripts = undefined;

// Nothing is ever fetched: what is asked for is in the page, or is refused. The page's Content-Security-Policy says the
// same to the browser.
const shelf = new Map();
self.fetch = async (where) => {
  const wanted = String(where && where.url ? where.url : where);
  const data = shelf.get(wanted) || (wanted.startsWith("data:") ? fromBase64(wanted.split(",")[1]) : null);
  if (!data) throw new TypeError("not in the page: " + wanted.slice(0, 80));
  const type = wanted.endsWith(".wasm") ? "application/wasm" : "application/octet-stream";
  return new Response(data, { headers: { "Content-Type": type } });
};

function fromBase64(text) {
  const bytes = atob(text);
  const data = new Uint8Array(bytes.length);
  for (let at = 0; at < bytes.length; at++) data[at] = bytes.charCodeAt(at);
  return data;
}

// What is packed stands in the page as text: four bytes in five characters, all but those that end a script.
const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%.()*+-;,=>?@^_`{|}~";
const VALUES = new Uint8Array(128).fill(84); // what is missing at the end counts as the last digit
for (let at = 0; at < 85; at++) VALUES[DIGITS.charCodeAt(at)] = at;

function fromBase85(text) {
  const length = Math.floor((text.length * 4) / 5);
  const data = new Uint8Array(length + 4);
  for (let at = 0, to = 0; at < text.length; to += 4) {
    let value = 0;
    for (const end = at + 5; at < end; at++) value = value * 85 + VALUES[text.charCodeAt(at) & 127];
    data[to] = value >>> 24;
    data[to + 1] = value >>> 16;
    data[to + 2] = value >>> 8;
    data[to + 3] = value;
  }
  return data.subarray(0, length);
}

// The snapshot travels as its difference from the memory that the program itself lays down when it starts.
function addInitialMemory(snapshot, wasm) {
  const heap = snapshot.subarray(new Uint32Array(snapshot.buffer, snapshot.byteOffset, 2)[1]);
  let at = 8;
  const number = (signed) => {
    let value = 0;
    let shift = 0;
    let byte;
    do {
      byte = wasm[at++];
      value |= (byte & 127) << shift;
      shift += 7;
    } while (byte & 128);
    return signed ? value : value >>> 0;
  };
  while (at < wasm.length) {
    const section = wasm[at++];
    const end = number() + at;
    if (section === 11) {
      for (let left = number(); left > 0; left--) {
        at += 2; // an active segment, and i32.const
        const start = number(true);
        at += 1; // end of the expression
        const length = number();
        for (let byte = 0; byte < length; byte++) heap[start + byte] ^= wasm[at + byte];
        at += length;
      }
    }
    at = end;
  }
}

// A snapshot may be larger than the memory with which the program begins.
function roomy(settings, bytes) {
  const instantiate = settings.instantiateWasm;
  settings.instantiateWasm = (imports, done) =>
    instantiate(imports, (instance, module) => {
      const missing = bytes - instance.exports.memory.buffer.byteLength;
      if (missing > 0) instance.exports.memory.grow(Math.ceil(missing / 65536));
      done(instance, module);
    });
  return settings;
}

// The files of the package: a line of JSON with names and sizes, then their bytes.
function layFiles(FS, pack) {
  const end = pack.indexOf(10);
  let at = end + 1;
  for (const [name, size] of JSON.parse(new TextDecoder().decode(pack.subarray(0, end)))) {
    FS.mkdirTree(name.slice(0, name.lastIndexOf("/")));
    FS.writeFile(name, pack.subarray(at, at + size));
    at += size;
  }
}

async function start(assets) {
  const zstd = new ZSTDDecoder();
  await zstd.init();
  const unpacked = (name) => zstd.decode(fromBase85(assets.packed[name]), assets.sizes[name]);
  const wasm = unpacked("wasm");
  const files = unpacked("files");
  const script = URL.createObjectURL(new Blob([unpacked("script")], { type: "text/javascript" }));
  runScript(script);
  URL.revokeObjectURL(script);
  shelf.set("perfxl:/pyodide.asm.wasm", wasm);
  shelf.set("perfxl:/library.zip", assets.bare ? unpacked("library") : EMPTY_ARCHIVE);
  let snapshot = null;
  if (!assets.bare) {
    snapshot = unpacked("snapshot");
    addInitialMemory(snapshot, wasm);
  }
  python = await self.loadPyodide({
    indexURL: "perfxl:/",
    packageBaseUrl: "perfxl:/",
    stdLibURL: "perfxl:/library.zip",
    lockFileContents: assets.lock,
    createPyodideModule: (settings) => self._createPyodideModule(roomy(settings, snapshot ? snapshot.length : 0)),
    env: assets.env,
    fsInit: async (FS) => layFiles(FS, files),
    stdout: () => {},
    stderr: (line) => console.warn(line),
    ...(snapshot ? { _loadSnapshot: snapshot } : {}),
  });
  shelf.clear();
  if (assets.bare) return null;
  python.FS.mkdirTree(WORK);
  python.globals.get("unpack_files")();
  answer = python.globals.get("answer");
  const hello = JSON.parse(answer(JSON.stringify({ ask: "hello" })));
  largest = hello.largest;
  return hello;
}

// Returns the bytes of a file, or nothing where it cannot be read: it is a folder, or another program has it open.
async function read(file) {
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch (fault) {
    return null;
  }
}

async function ask(request, files) {
  const { FS } = python;
  const folder = `${WORK}/${request.id}`;
  for (const name of ["in", "out"]) FS.mkdirTree(`${folder}/${name}`);
  const unreadable = {};
  try {
    for (const { path, file } of files) {
      const target = `${folder}/in/${path}`;
      const data = file.size > largest ? null : await read(file);
      if (data) {
        FS.mkdirTree(target.slice(0, target.lastIndexOf("/")));
        FS.writeFile(target, data, { canOwn: true });
      } else unreadable[path] = file.size > largest ? file.size : 0;
    }
    const tell = (said) => self.postMessage({ id: request.id, progress: JSON.parse(said) });
    const told = JSON.parse(answer(JSON.stringify({ ...request, folder, unreadable, session: SESSION }), tell));
    const made = (told.files || []).map((one) => ({ ...one, bytes: FS.readFile(one.path) }));
    return { told, made };
  } finally {
    clear(FS, folder);
  }
}

function clear(FS, folder) {
  for (const name of FS.readdir(folder)) {
    if (name === "." || name === "..") continue;
    const path = `${folder}/${name}`;
    if (FS.isDir(FS.stat(path).mode)) clear(FS, path);
    else FS.unlink(path);
  }
  FS.rmdir(folder);
}

function importLater() {
  try {
    python.globals.get("import_later")();
  } catch (fault) {
    console.warn(fault.message); // whoever needs it will hear of it
  }
}

let turn = Promise.resolve();
self.onmessage = ({ data }) => {
  turn = turn.then(async () => {
    try {
      if (data.start) {
        const hello = await start(data.start);
        self.postMessage({ ready: true, hello });
        // Whoever waits already goes first.
        if (hello) setTimeout(() => (turn = turn.then(importLater)), 300);
      } else {
        const { told, made } = await ask(data.request, data.files);
        self.postMessage({ id: data.request.id, told, made }, made.map((one) => one.bytes.buffer));
      }
    } catch (fault) {
      // Python answers its own faults in sentences; what arrives here took the interpreter with it.
      self.postMessage({ id: data.request ? data.request.id : 0, lost: String((fault && fault.message) || fault) });
    }
  });
};
