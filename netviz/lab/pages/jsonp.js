// The JSONP lab's page: the same address asked by a script element and by fetch(). Answers are shown as text.
"use strict";

const other = document.getElementById("asking").dataset.other;

function show(text, good) {
  const item = document.createElement("li");
  item.className = good ? "good" : "bad";
  item.textContent = text;
  document.getElementById("results").prepend(item);
}

window.pour = (tea) => show("✓ <script>: pour(" + JSON.stringify(tea) + ")", true);

document.getElementById("script").addEventListener("click", () => {
  const script = document.createElement("script");
  script.src = other + "/tea?callback=pour";
  script.addEventListener("load", () => script.remove());
  document.head.append(script);
});

document.getElementById("fetch").addEventListener("click", async () => {
  try {
    const answer = await fetch(other + "/tea");
    show("✓ fetch: " + await answer.text(), true);
  } catch (error) {
    show("✗ fetch: " + error.name + ": " + error.message, false);
  }
});
