// Search over search/search_index.json, which is fetched when the dialog opens for the first time.
// The whole of it is read for every search: a site of this kind is small, and nothing is ever missed.
(() => {
  "use strict";
  const dialog = document.getElementById("search");
  const input = dialog.querySelector("input");
  const status = document.getElementById("search-status");
  const results = document.getElementById("search-results");
  const WEIGHT = { page: 4, section: 2.5, term: 3, entry: 1.5, note: 1 };
  const KIND = { note: "Note on", entry: "Bibliography", term: "Term in" };
  const SHOWN = 30;
  const site = new URL("..", new URL(dialog.dataset.index, location.href));

  // Letters without their marks, so that “Da'esh” and “Daʿesh” are one: the same length in, the same out.
  const fold = text =>
    [...text].map(sign => sign.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase()[0] ?? " ")
      .join("").replace(/[’‘ʿʾ]/g, "'").replace(/[‐‑–]/g, "-");

  const ready = load().then(index => {
    for (const doc of index.docs) {
      doc.foldedTitle = fold(doc.title);
      doc.foldedText = fold(doc.text);
    }
    return { docs: index.docs, names: (index.names || []).map(group => group.map(fold)) };
  });
  ready.catch(() => (status.textContent = "The index could not be fetched. Try again later."));

  // A page that is opened from disk may not fetch; the copy for reading offline has the index as a script.
  async function load() {
    if (location.protocol !== "file:") return (await fetch(dialog.dataset.index)).json();
    await new Promise((resolve, reject) => {
      const src = dialog.dataset.index.replace(/\.json$/, ".js");
      document.head.append(Object.assign(document.createElement("script"), { src, onload: resolve, onerror: reject }));
    });
    return window.__index;
  }

  const escaped = text => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  // What is written in quotes stays together; each part may be any of the names that mean the same.
  function terms(query, names) {
    const parts = fold(query).match(/"[^"]+"|[^\s"]+/g) || [];
    const whole = fold(query).replace(/"/g, "").trim();
    const same = names.find(group => group.includes(whole));
    const wanted = same ? [same] : parts.map(part => {
      const word = part.replace(/"/g, "");
      return names.find(group => group.includes(word)) || [word];
    });
    return wanted.map(words => new RegExp(`(?<![\\p{L}\\p{N}])(?:${words.map(escaped).join("|")})`, "gu"));
  }

  function score(doc, wanted) {
    let sum = 0;
    for (const term of wanted) {
      const inTitle = (doc.foldedTitle.match(term) || []).length;
      const inText = (doc.foldedText.match(term) || []).length;
      if (!inTitle && !inText) return 0;
      sum += inTitle * 6 + Math.log2(1 + inText);
    }
    return sum * WEIGHT[doc.kind];
  }

  function find({ docs, names }) {
    const wanted = terms(input.value, names);
    const found = wanted.length && input.value.trim().length > 1
      ? docs.map(doc => [score(doc, wanted), doc]).filter(([points]) => points).sort(([a], [b]) => b - a)
      : [];
    results.replaceChildren(...found.slice(0, SHOWN).map(([, doc]) => row(doc, wanted)));
    const more = found.length > SHOWN ? `, the first ${SHOWN} shown` : "";
    status.textContent = !input.value.trim() ? "" : found.length
      ? `${found.length} ${found.length === 1 ? "place" : "places"} found${more}.`
      : "Nothing found. Try fewer or shorter words.";
  }

  function row(doc, wanted) {
    const link = Object.assign(document.createElement("a"), { href: new URL(doc.location, site) });
    const [start, end] = excerpt(doc, wanted);
    const passage = span("passage", (start ? "…" : "") + doc.text.slice(start, end) + (end < doc.text.length ? "…" : ""));
    mark(passage, wanted);
    const where = doc.kind === "entry" ? KIND.entry : `${KIND[doc.kind] ? `${KIND[doc.kind]} ` : ""}${doc.page}`;
    if (doc.title) link.append(mark(span("title", doc.title), wanted));
    if (doc.kind !== "page") link.append(span("where", where));
    link.append(passage);
    const item = document.createElement("li");
    item.append(link);
    return item;
  }

  // About thirty words around the first place where a word was found.
  function excerpt(doc, wanted) {
    const first = Math.min(...wanted.map(term => doc.foldedText.search(new RegExp(term.source, "u"))).filter(at => at >= 0), Infinity);
    const from = first === Infinity ? 0 : Math.max(0, first - 70);
    const start = from ? doc.text.indexOf(" ", from) + 1 : 0;
    const end = start + 190;
    return [start, end >= doc.text.length ? doc.text.length : doc.text.lastIndexOf(" ", end)];
  }

  function span(name, text) {
    return Object.assign(document.createElement("span"), { className: name, textContent: text });
  }

  function mark(node, wanted) {
    const text = node.textContent;
    const places = wanted.flatMap(term => [...fold(text).matchAll(term)].map(m => [m.index, m.index + m[0].length]));
    places.sort(([a], [b]) => a - b);
    node.textContent = "";
    let at = 0;
    for (const [start, end] of places) {
      if (start < at) continue;
      node.append(text.slice(at, start), Object.assign(document.createElement("mark"), { textContent: text.slice(start, end) }));
      at = end;
    }
    node.append(text.slice(at));
    return node;
  }

  const refresh = () => ready.then(find);
  input.addEventListener("input", refresh);
  input.addEventListener("keydown", event => {
    if (event.key !== "Enter") return;
    event.preventDefault(); // Else the browser presses the button that closes.
    ready.then(() => results.querySelector("a")?.click());
  });
  dialog.addEventListener("keydown", event => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const stops = [input, ...results.querySelectorAll("a")];
    const next = stops.indexOf(document.activeElement) + step;
    stops[Math.max(0, Math.min(stops.length - 1, next))].focus();
  });
  results.addEventListener("click", event => {
    if (event.target.closest("a")) dialog.close(); // The place may be on this very page.
  });
  refresh();
})();
