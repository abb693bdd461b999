// Runs narrow beside the page, which can end it at any time. A message is {task, ...}; the answers are {stage, ...}, and
// at last {done} or {error: {line, remedy}, fatal}: after a fatal one this worker is of no more use.
"use strict";
importScripts("zip.js", "narrow.js");

const ready = load();
let narrow = null;

async function load() {
  const answer = await fetch("narrow.wasm.gz");
  if (!answer.ok) throw new Error(`narrow.wasm.gz is not there: ${answer.status}`);
  let wasmBinary = await answer.arrayBuffer();
  // Some servers say of what ends in .gz that it is compressed, and the browser has undone it.
  if (new Uint8Array(wasmBinary)[0] === 0x1f) {
    const plain = new Blob([wasmBinary]).stream().pipeThrough(new DecompressionStream("gzip"));
    wasmBinary = await new Response(plain).arrayBuffer();
  }
  return narrowModule({wasmBinary, print: () => {}, printErr: () => {}});
}

class Refused extends Error {}

function ask(request) {
  const answer = JSON.parse(narrow.ccall("narrow_answer", "string", ["string"], [JSON.stringify(request)]));
  if (answer.error) throw Object.assign(new Refused(), {said: answer.error});
  return answer;
}

// Each file lies in a folder that says what it is for, and is called as the user calls it.
function store(files) {
  for (const [role, file] of Object.entries(files)) {
    const folder = "/" + role;
    if (!narrow.FS.analyzePath(folder).exists) narrow.FS.mkdir(folder);
    for (const old of narrow.FS.readdir(folder)) if (!old.startsWith(".")) narrow.FS.unlink(folder + "/" + old);
    narrow.FS.writeFile(folder + "/" + file.name, new Uint8Array(file.bytes));
  }
}

function pathOf(files, role) {
  return files[role] && role + "/" + files[role].name;
}

function stage(name, work) {
  postMessage({stage: name});
  const began = performance.now(), answer = work();
  postMessage({stage: name, seconds: (performance.now() - began) / 1000, answer});
  return answer;
}

let project = "";  // what names in C begin with

const tasks = {
  choices: () => postMessage({stage: "choices", answer: ask({do: "choices"})}),

  // {files: {model, samples, test, labels: {name, bytes}}, options}: each file but the model may be left out.
  quantize({files, options}) {
    narrow.FS.chdir("/");
    store(files);
    stage("load", () => ask({do: "load", model: pathOf(files, "model")}));
    const data = {}, test = {};
    for (const name of ["data-scale", "data-offset"]) if (name in options) data[name] = test[name] = options[name];
    if (files.samples) data.data = pathOf(files, "samples");
    stage("quantize", () => ask({do: "quantize", options: {...options, ...data}, to: "/quantized.tflite"}));
    const bytes = narrow.FS.readFile("/quantized.tflite");
    project = files.model.name.replace(/\.[^.]*$/, "");
    postMessage({stage: "model", bytes}, [bytes.buffer]);
    if (!files.test && !files.samples) return;
    test.data = pathOf(files, files.test ? "test" : "samples");
    if (files.labels) test.labels = pathOf(files, "labels");
    stage("evaluate", () => ask({do: "evaluate", options: test}));
    stage("report", () => ask({do: "report", options: test}));
  },

  // {options}: the project in C of the model quantized last.
  project({options}) {
    const made = stage("compile", () => ask({do: "compile", options, to: "/project", name: cName(project)}));
    const files = made.files.map((name) => ({name: cName(project) + "/" + name,
                                             bytes: narrow.FS.readFile("/project/" + name)}));
    const bytes = zipOf(files);
    postMessage({stage: "project", bytes, name: cName(project)}, [bytes.buffer]);
  },
};

function cName(name) {
  const word = name.replace(/[^A-Za-z0-9_]/g, "_");
  return /^[A-Za-z]/.test(word) ? word : "network_" + word;
}

onmessage = async ({data}) => {
  try {
    narrow = await ready;
    tasks[data.task](data);
    postMessage({done: data.task});
  } catch (error) {
    if (error instanceof Refused) postMessage({error: error.said});
    else postMessage({error: {line: `narrow: error: the program ended (${error.message || error})`,
                              remedy: "it may have run out of a page's memory; the command line has more"}, fatal: true});
  }
};
