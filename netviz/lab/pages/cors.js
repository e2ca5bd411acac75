// The CORS lab's page: asks the server of tea, shows what this script could read, turns the server's switches.
// Everything from outside is put in as text, never as markup.
"use strict";

const ACTIONS = {
  "simple": { method: "GET", path: "/tea" },
  "post": { method: "POST", path: "/tea", headers: { "Content-Type": "text/plain" }, body: "one more cup" },
  "put": { method: "PUT", path: "/tea", headers: { "Content-Type": "application/json", "X-Tea": "green" }, body: '{"cups": 1}' },
  "delete": { method: "DELETE", path: "/tea" },
  "credentials": { method: "GET", path: "/tea", credentials: "include" },
  "expose": { method: "GET", path: "/tea", reads: ["content-type", "content-length", "x-tea-count", "date"] },
  "cache": { method: "PUT", path: "/tea", headers: { "Content-Type": "application/json" }, body: '{"cups": 1}', twice: true },
  "no-cors": { method: "GET", path: "/tea", mode: "no-cors" },
};
const MOST_RESULTS = 12;
const byId = (id) => document.getElementById(id);
let setup, language, state = { positions: {}, stock: 0, seen: [] }, fresh = 0, asked = 0;

function word(key) { return (setup.words[key] || {})[language] || key; }

function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

function tea() { return "http://" + location.hostname + ":" + setup.tea; }

async function ask(name) {
  const action = ACTIONS[name];
  // A path of its own each time for the cache: what an earlier click taught the browser does not count.
  const url = tea() + action.path + (action.twice ? "?cup=" + Date.now() + "-" + (++fresh) : "");
  for (let times = action.twice ? 2 : 1; times > 0; times--) await once(name, action, url);
  await refresh();
}

async function once(name, action, url) {
  const item = element("li");
  item.append(element("b", action.method + " " + url.slice(tea().length) + "  "), document.createTextNode(word("action." + name) + "\n"));
  const { method, headers, body } = action;
  try {
    const response = await fetch(url, { method, headers, body, mode: action.mode || "cors", credentials: action.credentials || "omit" });
    const text = await response.text();
    item.className = "good";
    item.append(element("b", "✓ " + word("readable"), "good-word"));
    item.append(document.createTextNode("  status " + response.status + ", type " + response.type + "\n"));
    for (const header of action.reads || []) item.append(document.createTextNode("  " + header + ": " + (response.headers.get(header) ?? "null") + "\n"));
    item.append(document.createTextNode("  " + (text || word("nothing"))));
  } catch (error) {
    item.className = "bad";
    item.append(element("b", "✗ " + word("blocked"), "bad-word"));
    item.append(document.createTextNode("  " + error.name + ": " + error.message + "\n  " + word("why")));
  }
  asked += 1;
  const results = byId("results");
  results.prepend(item);
  results.start = asked;
  while (results.children.length > MOST_RESULTS) results.lastChild.remove();
  return item;
}

async function turn(changes) {
  const answer = await fetch("/switches", { method: "PUT", headers: { "Content-Type": "application/json" }, body: JSON.stringify(changes) });
  if (answer.ok) await refresh();
}

async function refresh() {
  state = await (await fetch("/state")).json();
  showState();
}

function atStart() {
  return Object.fromEntries(Object.entries(setup.switches).map(([name, positions]) => [name, positions[0]]));
}

function noteCase(name) {
  const chosen = setup.cases[name];
  byId("case-note").textContent = chosen ? word("then") + " " + word("action." + chosen.action) : "";
  for (const button of byId("actions").children) button.setAttribute("aria-current", String(Boolean(chosen) && button.dataset.action === chosen.action));
}

async function choose(name) {
  const chosen = setup.cases[name];
  noteCase(name);
  if (!chosen) return;
  history.replaceState(null, "", "#" + name);
  await turn({ ...atStart(), ...chosen.switches });
}

function showState() {
  for (const input of document.querySelectorAll("#switches input")) input.checked = state.positions[input.name] === input.value;
  byId("stock").textContent = state.stock;
  const list = byId("seen");
  list.replaceChildren();
  for (const each of [...state.seen].reverse().slice(0, MOST_RESULTS)) {
    const item = element("li", undefined, each.preflight ? "" : "good");
    item.value = each.number;
    const what = each.preflight ? word("preflight") : each.done ? word("done") : word("answered");
    item.append(element("b", each.method + " " + each.target), document.createTextNode(" → " + each.status + "  " + what));
    for (const [header, value] of Object.entries(each.headers)) item.append(document.createTextNode("\n  " + header + ": " + value));
    list.append(item);
  }
}

function showActions() {
  const actions = byId("actions");
  actions.replaceChildren();
  for (const [name, action] of Object.entries(ACTIONS)) {
    const button = element("button", word("action." + name));
    button.type = "button";
    button.id = "do-" + name;
    button.dataset.action = name;
    button.append(element("small", action.method + (action.credentials ? " credentials: include" : "") + (action.mode ? " mode: no-cors" : "")));
    button.addEventListener("click", () => ask(name));
    actions.append(button);
  }
}

function showSwitches() {
  const board = byId("switches");
  board.replaceChildren();
  for (const [name, positions] of Object.entries(setup.switches)) {
    const row = element("fieldset"), places = element("div", undefined, "places");
    row.setAttribute("aria-label", word("switch." + name));
    row.append(element("div", word("switch." + name), "name"), places);
    for (const position of positions) {
      const label = element("label"), input = element("input");
      Object.assign(input, { type: "radio", name, value: position });
      input.addEventListener("change", () => turn({ [name]: position }));
      label.append(input, document.createTextNode(setup.words["position." + position] ? word("position." + position) : position));
      places.append(label);
    }
    board.append(row);
  }
}

function showCases() {
  const cases = byId("cases"), chosen = location.hash.slice(1);
  cases.replaceChildren();
  cases.append(new Option(word("choose"), ""));
  for (const name of Object.keys(setup.cases)) cases.append(new Option(word("case." + name), name, false, name === chosen));
}

function showAll() {
  document.documentElement.lang = language;
  for (const each of document.querySelectorAll("[data-word]")) each.textContent = word(each.dataset.word);
  byId("own").textContent = location.origin;
  byId("other").textContent = tea();
  byId("language").textContent = language === "ko" ? "English" : "한국어";
  showActions();
  showSwitches();
  showCases();
  showState();
  noteCase(location.hash.slice(1));
}

async function begin() {
  setup = await (await fetch("/setup")).json();
  language = setup.language;
  showAll();
  byId("language").addEventListener("click", () => { language = language === "ko" ? "en" : "ko"; showAll(); });
  byId("reset").addEventListener("click", () => turn(atStart()));
  byId("cases").addEventListener("change", (event) => choose(event.target.value));
  window.addEventListener("hashchange", () => { showCases(); choose(location.hash.slice(1)); });
  await refresh();
  await choose(location.hash.slice(1));
  document.body.dataset.ready = "yes";
}

window.ready = begin();
