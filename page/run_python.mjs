// Runs a Python program with the package in Node, for whoever builds the page:
//   node run_python.mjs FILES LIBRARY.zip ENV.json PROGRAM.py OUT [SNAPSHOT]
// What the program writes below /out goes into the folder OUT, and its memory at the end into the file SNAPSHOT, so that
// a browser need not start Python again. The same files give the same memory: clocks stand still, dice show nothing.
import crypto from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const [files, library, env, program, out, snapshot] = process.argv.slice(2);
const NOON = 1577836800000;
const RealDate = Date;

crypto.randomFillSync = (data) => data.fill(0);
performance.now = () => 0;
globalThis.Date = class extends RealDate {
  constructor(...words) {
    super(...(words.length ? words : [NOON]));
  }
  static now() {
    return NOON;
  }
};

// The files of the package: a line of JSON with names and sizes, then their bytes.
function layFiles(FS, pack) {
  const end = pack.indexOf(10);
  let at = end + 1;
  for (const [name, size] of JSON.parse(pack.subarray(0, end).toString())) {
    FS.mkdirTree(dirname(name));
    FS.writeFile(name, pack.subarray(at, at + size));
    at += size;
  }
}

function takeFiles(FS, folder, target) {
  mkdirSync(target, { recursive: true });
  for (const name of FS.readdir(folder)) {
    if (name === "." || name === "..") continue;
    const path = `${folder}/${name}`;
    if (FS.isDir(FS.stat(path).mode)) takeFiles(FS, path, join(target, name));
    else writeFileSync(join(target, name), FS.readFile(path));
  }
}

// Memory that is free holds what stood there before, which would only make the snapshot larger.
function wipeFreeMemory(module) {
  const top = module._sbrk(0);
  const taken = [];
  for (let size = 1 << 18; size >= 16; size = size > 1024 ? size >> 1 : size - 8) {
    for (;;) {
      const at = module._malloc(size);
      if (!at) break;
      if (at + size > top) {
        module._free(at);
        break;
      }
      module.HEAPU8.fill(0, at, at + size);
      taken.push(at);
    }
  }
  for (const at of taken) module._free(at);
}

const { loadPyodide } = await import("pyodide");
const python = await loadPyodide({
  ...(snapshot ? { _makeSnapshot: true } : {}),
  stdLibURL: library,
  env: JSON.parse(readFileSync(env, "utf8")),
  fsInit: async (FS) => {
    layFiles(FS, readFileSync(files));
    FS.mkdirTree("/out");
  },
});
try {
  python.runPython(readFileSync(program, "utf8"));
} catch (fault) {
  console.error(fault.message);
  process.exit(1);
}
takeFiles(python.FS, "/out", out);
if (snapshot) {
  wipeFreeMemory(python._module);
  writeFileSync(snapshot, python.makeMemorySnapshot());
}
