// The token lab's page: gets a token, keeps it in a variable, sends it. What comes is shown as text, never as markup.
"use strict";

let token = null;

function show(line, answer, body) {
  const item = document.createElement("li");
  item.className = answer.ok ? "good" : "bad";
  item.textContent = line + " → " + answer.status + "\n" + body;
  document.getElementById("results").prepend(item);
}

async function send(method, path, options) {
  const answer = await fetch(path, { method, credentials: "omit", ...options });
  const body = await answer.text();
  show(method + " " + path + (token && path === "/me" ? "  Authorization: Bearer " + token.slice(0, 12) + "…" : ""), answer, body);
  return answer.ok ? JSON.parse(body) : {};
}

async function logIn(remember) {
  const body = JSON.stringify({ user: "mina", password: "green-tea", remember });
  token = (await send("POST", "/login", { headers: { "Content-Type": "application/json" }, body })).token || null;
}

document.getElementById("login-long").addEventListener("click", () => logIn(true));
document.getElementById("login-short").addEventListener("click", () => logIn(false));
document.getElementById("me").addEventListener("click", () => send("GET", "/me", token ? { headers: { Authorization: "Bearer " + token } } : {}));
document.getElementById("forget").addEventListener("click", () => { token = null; });
