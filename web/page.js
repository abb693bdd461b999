// The page: files and options go to worker.js, what it answers is drawn. Text from files is only ever put in as text.
"use strict";

const $ = (id) => document.getElementById(id);
const roles = ["model", "samples", "test", "labels"];
const files = {};  // by role: File, or {name, arrayBuffer()}
const stageNames = {load: "read", quantize: "quantized", evaluate: "evaluated", report: "reported", compile: "compiled"};
let worker = null, started = false, busy = false, options = {}, downloadUrl = "";

function startWorker() {
  if (worker) worker.terminate();
  started = false;
  worker = new Worker("worker.js");
  worker.onmessage = ({data}) => receive(data);
  worker.onerror = (event) => receive({error: {line: "narrow: error: " + (event.message || "worker.js cannot be loaded"),
                                               remedy: "a server has to serve this folder: docs/web.md says how"}, fatal: true});
  worker.postMessage({task: "choices"});
}

// ---- files

function setFile(role, file) {
  files[role] = file;
  const slot = document.querySelector(`[data-role=${role}]`);
  slot.classList.toggle("filled", Boolean(file));
  slot.querySelector(".name").textContent = file ? file.name : "choose a file";
  $("quantize").disabled = busy || !files.model;
}

// What a dropped file is for, by its name and what is there already.
function roleOf(name) {
  if (!/\.(npy|npz|csv)$/i.test(name)) return "model";
  if (/(label|target|[-_]y)[^/]*$/i.test(name)) return "labels";
  if (/test|eval|valid/i.test(name)) return "test";
  return "samples";
}

for (const role of roles) $(role).addEventListener("change", () => setFile(role, $(role).files[0]));

for (const kind of ["dragover", "dragenter"])
  addEventListener(kind, (event) => {
    event.preventDefault();
    document.body.classList.add("dropping");
  });
addEventListener("dragleave", (event) => event.relatedTarget || document.body.classList.remove("dropping"));
addEventListener("drop", (event) => {
  event.preventDefault();
  document.body.classList.remove("dropping");
  const dropped = [...event.dataTransfer.files], slot = event.target.closest && event.target.closest(".slot");
  for (const file of dropped) setFile(slot && dropped.length === 1 ? slot.dataset.role : roleOf(file.name), file);
});

$("example").addEventListener("click", async () => {
  const names = {model: "float.tflite", samples: "train_x.npy", test: "test_x.npy", labels: "test_y.npy"};
  try {
    for (const role of roles) {
      const answer = await fetch("example/" + names[role]);
      if (!answer.ok) throw new Error(`example/${names[role]} is not there (${answer.status})`);
      const bytes = await answer.arrayBuffer(), name = role === "model" ? "digits.tflite" : names[role];
      setFile(role, {name, arrayBuffer: async () => bytes.slice(0)});
    }
    $("form").elements["data-scale"].value = "0.0625";
  } catch (error) {
    showError({line: "narrow: error: " + error.message});
  }
});

// ---- running

function optionsOfForm() {
  const out = {};
  for (const field of $("form").elements) {
    if (!field.name || field.type === "file") continue;
    if (field.type === "checkbox") {
      if (field.checked) out[field.name] = true;
    } else if (field.type === "radio") {
      if (field.checked) out[field.name] = field.value;
    } else if (field.value !== "") {
      out[field.name] = field.type === "number" || "number" in field.dataset ? Number(field.value) : field.value;
    }
  }
  // Chains are chosen by samples, so that without any there is one way alone.
  if (!files.samples || "range" in out) delete out.quality;
  return out;
}

function setBusy(now) {
  busy = now;
  $("quantize").disabled = now || !files.model;
  $("project").disabled = now;
  $("cancel").hidden = !now;
}

function showError(error) {
  $("error").hidden = !error;
  if (!error) return;
  document.querySelector("#error .line").textContent = error.line;
  document.querySelector("#error .remedy").textContent = error.remedy || "";
}

$("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  if (busy || !files.model) return;
  setBusy(true);
  showError(null);
  $("stages").replaceChildren();
  $("result").hidden = true;
  $("report").hidden = true;
  options = optionsOfForm();
  try {
    const sent = {};
    for (const role of roles)
      if (files[role]) sent[role] = {name: files[role].name, bytes: await files[role].arrayBuffer()};
    worker.postMessage({task: "quantize", files: sent, options}, Object.values(sent).map((file) => file.bytes));
  } catch (error) {  // a file that is gone since it was chosen
    setBusy(false);
    showError({line: "narrow: error: " + error.message, remedy: "choose the file again"});
  }
});

$("cancel").addEventListener("click", () => {
  startWorker();
  setBusy(false);
  $("stages").replaceChildren();
  $("result").hidden = true;
});

$("project").addEventListener("click", () => {
  setBusy(true);
  showError(null);
  worker.postMessage({task: "project", options: {target: $("target").value}});
});

// ---- what comes back

function receive(message) {
  if (message.error) {
    setBusy(false);
    for (const stage of document.querySelectorAll("#stages .busy")) stage.remove();
    showError(message.error);
    if (message.fatal && started) startWorker();  // one that never ran would not run the next time
  } else if (message.done) {
    if (message.done !== "choices") setBusy(false);
  } else if (message.stage in stageNames) {
    showStage(message);
    if (message.answer) (showAnswer[message.stage] || (() => {}))(message.answer);
  } else if (message.stage === "choices") {
    fillChoices(message.answer);
  } else if (message.stage === "model") {
    offerModel(message.bytes);
  } else if (message.stage === "project") {
    save(new Blob([message.bytes], {type: "application/zip"}), message.name + ".zip");
  }
}

function showStage({stage, seconds}) {
  let line = document.querySelector(`#stages [data-stage=${stage}]`);
  if (!line) {
    line = Object.assign(document.createElement("li"), {className: "busy"});
    line.dataset.stage = stage;
    $("stages").append(line);
  }
  line.className = seconds === undefined ? "busy" : "ready";
  line.textContent = stageNames[stage] + (seconds === undefined ? " …" : ` in ${seconds.toFixed(2)} s`);
}

function fillChoices({schemes, targets, version}) {
  started = true;
  $("version").textContent = version + ".";
  if ($("schemes").children.length) return;
  for (const scheme of schemes) {
    const label = document.createElement("label"), input = document.createElement("input");
    Object.assign(input, {type: "radio", name: "scheme", value: scheme, checked: scheme === "int8"});
    label.append(input, Object.assign(document.createElement("span"), {textContent: scheme}));
    $("schemes").append(label);
  }
  for (const target of targets) $("target").append(new Option(target));
}

let loaded = null, made = null;

const showAnswer = {
  load(answer) {
    loaded = answer;
  },
  quantize(answer) {
    made = answer;
    $("result").hidden = false;
    const integer = answer.ops.filter((op) => op.quantized).length;
    $("summary").textContent = `${integer} of ${answer.ops.length} ops in ${answer.scheme}` +
      (answer.chain ? `; the best chain was ${answer.chain}.` : ".");
    fillTable($("rows"), ["", "bytes"], [["float", size(loaded.bytes)], [answer.scheme, size(answer.bytes)]]);
    $("layers").hidden = true;
    remarks([...answer.warnings, ...loaded.notes, ...answer.notes]);
  },
  evaluate({rows}) {
    const columns = ["", "bytes"], cells = [["float", size(loaded.bytes)], [made.scheme, size(made.bytes)]];
    const add = (title, key, text) => {
      if (!rows.some((row) => key in row)) return;
      columns.push(title);
      rows.forEach((row, i) => cells[i].push(i === 0 && key !== "top1" ? "" : text(row[key])));
    };
    add("top-1", "top1", percent);
    add("agreement", "agreement", percent);
    add("SQNR", "sqnr_db", decibels);
    fillTable($("rows"), columns, cells);
    showLayers(rows[1].ops || []);
  },
  report({html}) {
    $("report").hidden = !html;
    if (html) $("report").srcdoc = html;
    else document.querySelector("#stages [data-stage=report]").remove();  // this version makes none
  },
};

const percent = (share) => (100 * share).toFixed(1) + " %";
const decibels = (db) => (db === null ? "exact" : db.toFixed(1) + " dB");
const size = (bytes) => (bytes < 10000 ? bytes + " B" : bytes < 1e6 ? (bytes / 1000).toFixed(1) + " kB" : (bytes / 1e6).toFixed(2) + " MB");

function fillTable(table, columns, rows) {
  const row = (cells, tag) => {
    const out = document.createElement("tr");
    for (const cell of cells) {
      const td = document.createElement(tag);
      td.append(cell);
      out.append(td);
    }
    return out;
  };
  table.replaceChildren(row(columns, "th"), ...rows.map((cells) => row(cells, "td")));
}

function showLayers(ops) {
  $("layers").hidden = ops.length === 0;
  const most = Math.max(1, ...ops.map((op) => op.sqnr_db || 0));
  fillTable(document.querySelector("#layers table"), ["layer", "op", "SQNR", ""], ops.map((op) => {
    const bar = Object.assign(document.createElement("span"), {className: "bar"});
    bar.style.width = 100 * Math.max(0, op.sqnr_db === null ? most : op.sqnr_db) / most + "%";
    return [op.name, op.op, decibels(op.sqnr_db), bar];
  }));
}

function remarks(lines) {
  $("remarks").replaceChildren(...lines.map((text) => Object.assign(document.createElement("li"), {textContent: text})));
}

function offerModel(bytes) {
  if (downloadUrl) URL.revokeObjectURL(downloadUrl);
  downloadUrl = URL.createObjectURL(new Blob([bytes], {type: "application/octet-stream"}));
  const name = files.model.name.replace(/\.[^.]*$/, "") + "_" + made.scheme + ".tflite";
  Object.assign($("download"), {href: downloadUrl, download: name, textContent: `${name} (${size(bytes.length)})`});
}

function save(blob, name) {
  const link = Object.assign(document.createElement("a"), {href: URL.createObjectURL(blob), download: name});
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

startWorker();
