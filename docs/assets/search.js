// Search over search/search_index.json, and the light on the words of a result when its page is opened.
// The whole index is read for every search: a site of this kind is small.
(() => {
  "use strict";
  const dialog = document.getElementById("search");
  const input = dialog.querySelector("input");
  const status = document.getElementById("search-status");
  const results = document.getElementById("search-results");
  const store = `${document.documentElement.dataset.store}.searches`;
  const site = new URL("..", new URL(dialog.dataset.index, location.href));
  const GROUPS = {
    page: "Pages", section: "Pages", event: "Events", row: "Rows of tables", person: "People",
    place: "Places", term: "Glossary", entry: "Bibliography", note: "Notes",
  };
  const WEIGHT = { page: 1.5, section: 1.1, person: 1.5, place: 1.3, term: 1.4, entry: 0.7, note: 0.6 };
  const BEST = 6, SHOWN = 30;
  const COMMON = new Set("a an and are as at by for from in is of on or that the to was were who with".split(" "));

  // Letters that have no decomposition (UTS 39 and CLDR, transforms to ASCII), and two forms of Arabic ones.
  const BASES = { ł: "l", đ: "d", ø: "o", ß: "ss", æ: "ae", œ: "oe", ı: "i", þ: "th", ð: "d", ک: "ك", ی: "ي", ى: "ي" };
  // A letter with its marks becomes its base in small letters (NFKD without marks); signs that are not seen,
  // and those that stand for hamza and ayn or an apostrophe, are dropped. `at` takes the place of each sign.
  const LETTER = /\p{M}*[^\p{M}]\p{M}*/gu;
  function fold(text, at) {
    let folded = "";
    for (const { 0: letter, index } of text.matchAll(LETTER)) {
      const base = letter.normalize("NFKD").toLowerCase()
        .replace(/[\p{M}\u00ad\u0640\u200b-\u200f\u2060\ufeff'\x60’‘ʼʿʾ]/gu, "")
        .replace(/[łđøßæœıþðکیى]/g, sign => BASES[sign]);
      for (let i = 0; at && i < base.length; i++) at.push([index, index + letter.length]);
      folded += base;
    }
    return folded;
  }
  const WORD = /[\p{L}\p{N}]+/gu;
  const words = text => fold(text).match(WORD) || [];
  // Scripts that write words without spaces, or join small words to the next.
  const RUN = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Arabic}]/u;

  // One stem for the forms of a word, for British and American spelling, and for the cases of Russian names.
  const stem = word => word.length < 4 ? word : word
    .replace(/[аеиоуыэюяйьъ]+$|ом$|ами$/, "")
    .replace(/is(?=(e|ed|es|er|ers|ing|ations?|ational)$)/, "iz")
    .replace(/([^aeiou])our(?=(s|ed|ing|ers?|able)?$)/, "$1or")
    .replace(/ence$/, "ense").replace(/amme(?=s?$)/, "am").replace(/ies$/, "y")
    .replace(/(?<=...)(ations?|ational|ings?|ed|ers?|es|e|s)$/, "").replace(/(.)\1$/, "$1");

  // Changes of one letter, two neighbours exchanged among them, that lead from one word to the other.
  function distance(a, b, most) {
    if (Math.abs(a.length - b.length) > most) return most + 1;
    let [before, last] = [[], Array.from({ length: b.length + 1 }, (_, j) => j)];
    for (let i = 1; i <= a.length; i++) {
      const row = [i];
      for (let j = 1; j <= b.length; j++) {
        row[j] = Math.min(row[j - 1] + 1, last[j] + 1, last[j - 1] + (a[i - 1] !== b[j - 1]));
        if (a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1);
      }
      if (Math.min(...row) > most) return most + 1;
      [before, last] = [last, row];
    }
    return last[b.length];
  }

  // The places in a text where one of these phrases stands, as [start, end].
  function places(text, phrases) {
    const at = [], folded = fold(text, at), found = [];
    const tokens = [...folded.matchAll(WORD)].map(token => [token[0], token.index]);
    for (const phrase of phrases) {
      const parts = phrase.split(" ");
      if (RUN.test(phrase)) {
        for (let i = folded.indexOf(phrase); i >= 0; i = folded.indexOf(phrase, i + 1)) found.push([i, i + phrase.length]);
      }
      tokens.forEach(([, start], i) => {
        if (!parts.every((part, j) => tokens[i + j]?.[0] === part)) return;
        const [end, from] = tokens[i + parts.length - 1];
        found.push([start, from + end.length]);
      });
    }
    return found.map(([start, end]) => [at[start][0], at[end - 1][1]]).sort((a, b) => a[0] - b[0] || b[1] - a[1]);
  }

  // On a page that a result led to: the words are lit below its place, and the first comes into view.
  function light(wanted) {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const scope = target ? [target] : [document.querySelector("article")];
    const ends = target?.matches("dt") ? "dt" : target?.matches("h2") ? "h2" : target?.matches("h3, h4") ? "h2, h3, h4" : "*";
    for (let next = target?.nextElementSibling; next && !next.matches(ends); next = next.nextElementSibling) scope.push(next);
    const ranges = [];
    for (const part of scope) {
      const texts = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
      while (texts.nextNode()) {
        const node = texts.currentNode;
        if (node.parentElement.closest(".note-call, .headerlink, .occurs")) continue;
        for (const [start, end] of places(node.data, wanted)) {
          const range = new Range();
          range.setStart(node, start);
          range.setEnd(node, end);
          ranges.push(range);
        }
      }
    }
    const seen = ranges.find(range => range.startContainer.parentElement.checkVisibility?.() ?? true);
    if (seen) {
      globalThis.CSS?.highlights?.set("found", new Highlight(...ranges));
      seen.startContainer.parentElement.scrollIntoView({ block: "center" });
    }
  }
  const here = new URL(location.href);
  const marked = here.searchParams.get("mark");
  if (marked) {
    light(marked.split(","));
    here.searchParams.delete("mark");
    history.replaceState(history.state, "", here);
  }
  if (!dialog.open) return delete dialog.dataset.asked;

  const ready = load().then(prepare);
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

  // `flat` has the words of a place with single spaces; `vocabulary` each word, and pairs joined by a hyphen.
  function prepare(index) {
    const vocabulary = new Map();
    const add = (word, phrase) => vocabulary.set(word, (vocabulary.get(word) || new Set()).add(phrase));
    for (const doc of index.docs) {
      for (const name of ["title", "text"]) {
        const folded = fold(doc[name]);
        doc[`${name}Flat`] = ` ${(folded.match(WORD) || []).join(" ")} `;
        for (const [pair, one, two] of folded.matchAll(/(?<![\p{L}\p{N}])([\p{L}\p{N}]+)[-‐‑](?=([\p{L}\p{N}]+))/gu)) {
          if (pair) add(one + two, `${one} ${two}`);
        }
      }
      doc.name = words(doc.title.replace(/ \(.*/, "")).join(" "); // A term without its other names.
      for (const word of new Set(`${doc.titleFlat}${doc.textFlat}`.trim().split(/ +/))) add(word, word);
    }
    const stems = new Map();
    for (const word of vocabulary.keys()) stems.set(stem(word), [...(stems.get(stem(word)) || []), word]);
    const names = (index.names || []).map(group => group.map(name => words(name).join(" ")));
    return { ...index, vocabulary, stems, names };
  }

  const key = phrase => phrase.split(" ").map(stem).join(" ");

  // Phrases for one word of a search, each with its worth: the word, its forms, its beginnings; else near words.
  function expand(word, { vocabulary, stems }) {
    const found = new Map();
    const take = (other, worth) => {
      for (const phrase of vocabulary.get(other) || []) if (!found.has(phrase)) found.set(phrase, worth);
    };
    take(word, 1);
    for (const other of stems.get(stem(word)) || []) take(other, 0.8);
    if (RUN.test(word)) found.set(word, 1);
    const letters = /^\p{L}+$/u.test(word);
    if (letters && word.length > 1 && !RUN.test(word)) {
      for (const other of vocabulary.keys()) if (other.startsWith(word)) take(other, 0.4);
    }
    if (found.size || !letters || word.length < 4) return { found };
    // Too many short words are alike: of these, only letters may have changed places.
    const likely = other => word.length > 5 || [...other].sort().join() === [...word].sort().join();
    for (let most = 1; most <= (word.length < 8 ? 1 : 2) && !found.size; most++) {
      for (const other of vocabulary.keys()) if (likely(other) && distance(word, other, most) <= most) take(other, 0.5);
    }
    return { found, near: [...found.keys()] };
  }

  // The parts of a search: what is in quotes, a name of `names` with all that mean the same, or a word.
  function terms(query, index) {
    const runs = index.names.flat().filter(name => RUN.test(name)).sort((a, b) => b.length - a.length);
    if (RUN.test(query) && runs.length) query = fold(query).replace(new RegExp(runs.join("|"), "gu"), " $& ");
    const parts = query.match(/"[^"]+"|[^\s"]+/g) || [];
    const wanted = [];
    for (let i = 0; i < parts.length; i++) {
      const quoted = parts[i].startsWith('"') && parts[i].length > 2;
      if (quoted) wanted.push({ label: parts[i], found: new Map([[words(parts[i]).join(" "), 1]]) });
      for (let n = Math.min(5, parts.length - i); n && !quoted; n--) {
        const phrase = parts.slice(i, i + n).flatMap(words).join(" ");
        const group = phrase && index.names.find(names => names.some(name => key(name) === key(phrase)));
        if (!group && n > 1) continue;
        const label = parts.slice(i, i + n).join(" ");
        if (group) wanted.push({ label, found: new Map([...group.map(name => [name, 0.9]), [phrase, 1]]) });
        else if (phrase) {
          const { found, near } = expand(phrase.replaceAll(" ", ""), index);
          const many = phrase.includes(" ");
          wanted.push({ label, found: many ? new Map([[phrase, 1], ...found]) : found, near });
        }
        i += n - 1;
        break;
      }
    }
    const rare = wanted.filter(term => !COMMON.has(fold(term.label)));
    return rare.length ? rare : wanted;
  }

  const count = (flat, phrase) => flat.split(RUN.test(phrase) ? phrase : ` ${phrase} `).length - 1;

  function search(query, index) {
    const wanted = terms(query, index);
    const whole = words(query).join(" ");
    const hits = new Map();
    wanted.forEach((term, i) => {
      const scored = [];
      for (const doc of index.docs) {
        let named = 0, often = 0;
        for (const [phrase, worth] of term.found) {
          if (count(doc.titleFlat, phrase)) named = Math.max(named, worth * (doc.name === phrase ? 6 : 3));
          often += worth * count(doc.textFlat, phrase);
        }
        const score = named + often / (often + 0.5 + doc.textFlat.length / 800);
        if (score) scored.push([doc, score]);
      }
      term.places = scored.length;
      for (const [doc, score] of scored) {
        const hit = hits.get(doc) || { doc, score: 0, has: new Set() };
        hit.score += score * Math.log(1 + index.docs.length / scored.length);
        hit.has.add(i);
        hits.set(doc, hit);
      }
    });
    for (const hit of hits.values()) {
      hit.score *= WEIGHT[hit.doc.kind] || 1;
      if (count(hit.doc.titleFlat + hit.doc.textFlat, whole)) hit.score *= 1.3;
      hit.missing = wanted.filter((_, i) => !hit.has.has(i)).map(term => term.label);
    }
    const found = [...hits.values()].sort((a, b) => b.has.size - a.has.size || b.score - a.score);
    return { wanted, found: found.filter(hit => hit.has.size === found[0].has.size) };
  }

  const list = labels => labels.map(label => `“${label.replaceAll('"', "")}”`).join(", ");

  function message(wanted, found) {
    const said = wanted.filter(term => term.near?.length && term.places)
      .map(term => `No place has ${list([term.label])}; these have ${list(term.near.slice(0, 3))}.`);
    if (!found.length) return "Nothing found. Try fewer or shorter words.";
    const missing = [...new Set(found.slice(0, SHOWN).flatMap(hit => hit.missing))];
    if (found[0].missing.length) said.push(`No place has all words. ${missing.length > 1 ? "Each says which it lacks." : `Missing: ${list(missing)}.`}`);
    return [`${found.length} ${found.length === 1 ? "place" : "places"} found.`, ...said].join(" ");
  }

  let latest = 0;
  async function find() {
    const turn = ++latest;
    const index = await ready;
    const query = input.value.trim();
    remember(query);
    input.lang = language(query);
    if (query.length < 2 && !RUN.test(query)) return begin(index);
    const { wanted, found } = search(query, index);
    if (turn !== latest) return;
    const phrases = [...new Set(wanted.flatMap(term => [...term.found.keys()]))];
    const rows = found.map((hit, i) => () => row(hit, phrases, i));
    const groups = Map.groupBy ? Map.groupBy(found.slice(BEST), hit => GROUPS[hit.doc.kind]) : new Map([["More", found.slice(BEST)]]);
    const best = element("ol", { className: "results" }, ...rows.slice(0, BEST).map(make => make()));
    results.replaceChildren(best, ...[...groups].map(([name, hits]) => element("details", {},
      element("summary", { textContent: `${name} (${hits.length})` }),
      element("ol", { className: "results" }, ...hits.slice(0, SHOWN).map(hit => row(hit, phrases))))));
    status.textContent = message(wanted, found);
    results.dataset.query = input.value; // What is shown now, for tests and for other scripts.
  }

  function element(name, properties, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  }

  function row({ doc, missing }, phrases) {
    const spots = places(doc.text, phrases);
    const hit = [...new Set([...spots.map(([a, b]) => fold(doc.text.slice(a, b))),
      ...places(doc.title, phrases).map(([a, b]) => fold(doc.title.slice(a, b)))].map(text => (text.match(WORD) || []).join(" ")))];
    const href = new URL(doc.location, site);
    if (hit.length) href.searchParams.set("mark", hit.slice(0, 6).join(","));
    const link = element("a", { href });
    if (doc.title) link.append(mark("title", doc.title, phrases));
    if (doc.kind !== "page") link.append(element("span", { className: "where", textContent: `${kind(doc)} · ${doc.page}` }));
    const start = spots[0]?.[0] > 70 ? doc.text.indexOf(" ", spots[0][0] - 70) + 1 : 0;
    const end = start + 190 >= doc.text.length ? doc.text.length : Math.max(doc.text.lastIndexOf(" ", start + 190), start + 120);
    link.append(mark("passage", (start ? "…" : "") + doc.text.slice(start, end) + (end < doc.text.length ? "…" : ""), phrases));
    if (missing.length) link.append(element("span", { className: "missing", textContent: `without ${list(missing)}` }));
    return element("li", {}, link);
  }
  const kind = doc => ({ section: "Section", event: "Event", row: "Row of a table", person: "Person",
    place: "Place", term: "Term", entry: "Reference", note: "Note" })[doc.kind];

  function mark(className, text, phrases) {
    const node = element("span", { className });
    let at = 0;
    for (const [start, end] of places(text, phrases)) {
      if (start < at) continue;
      node.append(text.slice(at, start), element("mark", { textContent: text.slice(start, end) }));
      at = end;
    }
    node.append(text.slice(at));
    return node;
  }

  // Before anything is typed: the last searches of this browser, and examples.
  function recent() {
    try {
      return JSON.parse(localStorage.getItem(store)) || [];
    } catch {
      return [];
    }
  }
  function begin(index) {
    const lists = [["Recent searches", recent()], ["Examples", index.examples || []]].filter(([, each]) => each.length);
    status.textContent = "";
    results.replaceChildren(...lists.map(([name, each]) => element("p", { className: "suggestions" },
      element("span", { textContent: `${name}: ` }),
      ...each.map(text => element("button", { type: "button", className: "suggestion", lang: language(text), textContent: text })))));
  }
  // What is written in another script is read out, and set, in the language of the names in mkdocs.yml.
  function language(text) {
    return /\p{Script=Han}/u.test(text) ? "zh" : /\p{Script=Cyrillic}/u.test(text) ? "ru" : /\p{Script=Arabic}/u.test(text) ? "ar" : "en";
  }
  // The address in the bar is that of this search, until the box is closed.
  function remember(query) {
    const address = new URL(location.href);
    if (query) address.searchParams.set("q", query);
    else address.searchParams.delete("q");
    if (address.href !== location.href) history.replaceState(history.state, "", address);
  }

  input.addEventListener("input", find);
  dialog.addEventListener("close", () => remember(""));
  input.addEventListener("keydown", event => {
    if (event.key !== "Enter") return;
    event.preventDefault(); // Else the browser presses the button that closes.
    ready.then(find).then(() => results.querySelector("a")?.click());
  });
  dialog.addEventListener("keydown", event => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const stops = [input, ...results.querySelectorAll("a, summary, button")].filter(stop => stop.checkVisibility?.() ?? true);
    const next = stops.indexOf(document.activeElement) + step;
    stops[Math.max(0, Math.min(stops.length - 1, next))].focus();
  });
  results.addEventListener("click", event => {
    const suggestion = event.target.closest(".suggestion");
    if (suggestion) {
      input.value = suggestion.textContent;
      input.focus();
      find();
    }
    const link = event.target.closest("a");
    if (!link) return;
    const query = input.value.trim();
    try {
      localStorage.setItem(store, JSON.stringify([query, ...recent().filter(other => other !== query)].slice(0, 5)));
    } catch {
      // A browser that stores nothing has no recent searches.
    }
    // The place may be on this very page. On another, Back leads to the results.
    if (link.pathname === location.pathname) dialog.close();
  });
  find();
})();
