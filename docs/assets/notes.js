// Notes beside the text if the window is wide, else on a card near the call. The notes of the list themselves
// are placed in the margin, so that each exists once. Without this script the list stands at the end.
// Terms have their definition on such a card, and each card of a note copies the sentence that it stands for.
(() => {
  "use strict";
  const wide = matchMedia("(min-width: 60em)");
  const GRACE = 250; // Time to move the pointer from a call to its card.

  const CALL = ".note-call a[role=doc-noteref]";
  const TERM = "a.term";
  const noteOf = call => document.getElementById(decodeURIComponent(new URL(call.href).hash.slice(1)));
  const calls = () => [...document.querySelectorAll(`article ${CALL}`)].filter(call => !call.parentElement.matches(".repeated"));

  function place() {
    const list = document.querySelector("article section.notes");
    if (!list) return;
    const notes = [...list.querySelectorAll(":scope > ol > li.note")];
    for (const note of notes) {
      note.classList.remove("side", "cut", "uncalled");
      note.style.removeProperty("top");
    }
    list.classList.remove("beside");
    if (!wide.matches) return;

    const article = list.closest("article");
    const frame = article.getBoundingClientRect();
    const blocks = [...article.children].map(block => block.getBoundingClientRect());
    const broad = blocks.filter(block => block.right > frame.right + 2);
    const first = new Map();
    for (const call of calls()) {
      const note = noteOf(call);
      if (!call.checkVisibility()) continue; // In what is closed or filtered away.
      // In a table all notes of a row stand level with it: else they would follow the lines of its cells.
      const at = (call.closest("tr") ?? call).getBoundingClientRect();
      const inBroad = broad.some(block => at.top >= block.top && at.bottom <= block.bottom);
      if (!note || first.has(note)) continue;
      if (inBroad) return; // A page has its notes in one place: at its end, if a table takes the room of one.
      first.set(note, call.closest("section.notes") ? null : at.top);
    }
    list.classList.add("beside");
    const side = [...first.keys()].filter(note => first.get(note) != null); // As they are read.
    side.forEach(note => note.classList.add("side"));
    const uncalled = notes.filter(note => !first.has(note));
    uncalled.forEach(note => note.classList.add("uncalled"));
    list.classList.toggle("emptied", side.length + uncalled.length === notes.length);
    // Fewer lines of each where there are many, so that notes stay near their calls.
    for (const lines of [5, 3, 2]) {
      list.style.setProperty("--lines", lines);
      if (stack(side, first, broad, frame.top) < innerHeight / 3) break;
    }
    for (const note of side) note.classList.toggle("cut", note.scrollHeight > note.clientHeight + 2);
  }

  // Puts each note as high as it may stand; returns how far one was pushed down at most.
  function stack(side, first, broad, origin) {
    const heights = side.map(note => note.offsetHeight);
    let free = -Infinity;
    let pushed = 0;
    side.forEach((note, i) => {
      let top = Math.max(first.get(note) - 4, free);
      for (const block of broad) {
        if (top < block.bottom && top + heights[i] > block.top) top = block.bottom + 12;
      }
      free = top + heights[i] + 8;
      pushed = Math.max(pushed, top - first.get(note));
      note.style.top = `${top - origin}px`;
    });
    return pushed;
  }

  // ---- Cards (WCAG 1.4.13): Escape closes, the pointer may rest on it, and it stays until left. ----
  // A finger gets a sheet at the lower edge instead, which a button closes.
  let card = null;
  let call = null;
  let watcher = null; // Of the gesture or the key that goes back: it closes a sheet, and leaves the page open.
  let held = false; // Lit by a click: stays so until the next one.
  let timer = 0;

  function inSight(note) {
    if (!note.classList.contains("side")) return false;
    const at = note.getBoundingClientRect();
    return at.top >= 0 && at.bottom <= innerHeight;
  }

  // What is said on cards alone is loaded when the first one needs it; as a script, which also works from disk.
  const here = document.currentScript.src;
  const loaded = {};
  async function load(file) {
    loaded[file] ??= new Promise(resolve => {
      document.head.append(make("script", { src: new URL(file, here), onload: resolve, onerror: resolve }));
    });
    await loaded[file];
  }
  const named = link => decodeURIComponent(link.hash);
  function settled() {
    if (card && !card.matches(".sheet")) beside(call.getBoundingClientRect());
  }

  // What each note of a source is cited for.
  async function explain(content) {
    await load("cited-for.js");
    for (const entry of content.querySelectorAll(".to-entry")) {
      const statement = window.citedFor?.[named(entry.firstElementChild).slice("#ref:".length)];
      if (!statement || entry.nextElementSibling?.matches(".cited-for")) continue;
      entry.after(make("span", { className: "more cited-for", textContent: `Cited for ${statement}` }));
    }
    settled();
  }
  async function define(content, term) {
    await load("definitions.js");
    content.textContent = window.definitions?.[named(term).slice("#term-".length)] ?? "";
    settled();
  }

  // Only the first note of a source has its reference in full; a note that is looked at gets a copy, once.
  function complete(note, content = note, given = new Set()) {
    if (note.classList.contains("own")) return content;
    for (const reference of content.querySelectorAll(".reference[data-key]")) {
      const { key } = reference.dataset;
      const whole = document.querySelector(`li.note .reference[data-key="${CSS.escape(key)}"] .whole`);
      if (whole && !given.has(key) && !reference.querySelector(".whole")) reference.append(whole.cloneNode(true));
      given.add(key);
    }
    return content;
  }
  function unfold(note, content = note) {
    complete(note, content);
    if (!note.classList.contains("own")) explain(content);
  }

  function show(target, sheet = false) {
    clearTimeout(timer);
    if (target === call) return;
    hide();
    const term = target.matches(TERM);
    const note = term ? null : noteOf(target);
    if (!note && !term) return;
    call = target;
    call.classList.add("shown");
    card = make("div", { className: sheet ? "note-card sheet" : "note-card", id: "note-card", popover: "manual" }); // On top of everything.
    card.setAttribute("role", "note");
    card.setAttribute("aria-label", term ? "Definition" : call.getAttribute("aria-label") || "Note");
    const head = make("p", { className: "card-head" });
    const body = make("div", { className: note?.className ?? "note" });
    card.append(head);
    if (term) head.append(make("b", { textContent: call.textContent }));
    head.append(make("a", { href: call.href, textContent: term ? "In the glossary" : `Note ${call.textContent}` }));
    if (note && navigator.clipboard) head.append(copier("Copy", "c"), copier("Markdown", "m"));
    if (sheet && note) head.append(Object.assign(button("Next note", next), { className: "next" }));
    if (sheet) head.append(button("Close", hide));
    if (note && inSight(note)) {
      unfold(note);
      note.classList.add("lit");
      card.classList.add("small");
      for (const stop of head.children) stop.tabIndex = -1; // By keys: c and m; Tab goes on in the text.
    } else {
      const content = note ? note.cloneNode(true) : make("p");
      content.querySelectorAll(".backrefs").forEach(each => each.remove());
      content.querySelectorAll("[id]").forEach(each => each.removeAttribute("id"));
      body.append(...(note ? content.childNodes : [content]));
      if (note) unfold(note, body);
      else define(content, call);
      card.append(body);
      call.setAttribute("aria-describedby", card.id);
    }
    (call.closest("sup") ?? call).after(card); // Here, so that Tab goes from the call to the links of its note.
    card.showPopover();
    if (sheet && window.CloseWatcher) (watcher = new CloseWatcher()).onclose = hide;
    if (!sheet) beside(call.getBoundingClientRect());
    else if (call.getBoundingClientRect().bottom > innerHeight - card.offsetHeight) call.scrollIntoView({ block: "center" });
  }

  // ---- A sentence with its notes and its address, for the clipboard: as text, or as Markdown with footnotes. ----
  // In a page each sentence is a line of its own, for its source has them so; of a table the row is taken.
  function written(node, markdown) {
    if (node.nodeType === Node.TEXT_NODE) return markdown ? node.data.replace(/[\\\x60*_[\]<>]/g, "\\$&") : node.data;
    if (!(node instanceof Element) || node.matches(".note-card, .backrefs, .to-entry, .more, .headerlink")) return "";
    if (node.matches(".note-call")) return `\0${node.id}\0`;
    const inner = [...node.childNodes].map(child => written(child, markdown)).join("");
    if (markdown && node.matches("em")) return `*${inner}*`;
    return markdown && node.matches("a[href^=http]") ? `[${inner}](${node.href})` : inner;
  }
  const CALLED = /\s*\0([^\0]+)\0/g;
  function sentence(markdown) {
    const block = call.closest("tr, p, li, dd, figcaption");
    const own = call.parentElement.id;
    const lines = block.cells ? [[...block.cells].map(cell => written(cell, markdown).trim()).filter(Boolean).join("; ")] : written(block, markdown).split("\n");
    const line = lines.find(each => each.includes(`\0${own}\0`)).trim();
    const notes = [...line.matchAll(CALLED)].map(([, id]) => document.getElementById(id).firstElementChild);
    const number = each => markdown ? `[^${each.textContent}]` : `[${each.textContent}]`;
    const given = new Set();
    const last = notes.map(each => {
      const note = complete(noteOf(each), noteOf(each).cloneNode(true), given);
      const links = markdown ? [] : [...new Set([...note.querySelectorAll("a.passage")].map(link => link.href))];
      return [`${number(each)}${markdown ? ":" : ""} ${written(note, markdown).replace(/\s+/g, " ").replaceAll(".;", ";").trim()}`, ...links].join(" ");
    });
    const page = document.querySelector("link[rel=canonical]")?.href ?? location.href.replace(/#.*/, "");
    const address = `${page}#${encodeURI(own)}`;
    const said = line.replace(CALLED, (_, id) => `${markdown ? "" : " "}${number(document.getElementById(id).firstElementChild)}`);
    return [said, last.join("\n"), markdown ? `[${document.title}](${address})` : `${document.title}: ${address}`].join("\n\n");
  }
  function copier(words, key) {
    const made = button(words, () => navigator.clipboard.writeText(sentence(key === "m")).then(() => (made.textContent = "Copied")));
    made.title = `Copy this sentence with its notes and its address (${key})`;
    made.setAttribute("aria-keyshortcuts", key);
    if (key === "m") made.ariaLabel = "Copy as Markdown";
    return made;
  }

  const make = (name, properties = {}) => Object.assign(document.createElement(name), properties);
  function button(words, action) {
    const made = make("button", { type: "button", textContent: words });
    made.addEventListener("click", event => (event.stopPropagation(), action(event)));
    return made;
  }

  // The next call that leads to another note.
  function next() {
    const all = calls().filter(each => !each.closest("section.notes"));
    const following = all.slice(all.indexOf(call) + 1).find(each => each.hash !== call.hash);
    if (!following) return hide();
    following.scrollIntoView({ block: "center" });
    show(following, true);
    card.querySelector(".next").focus({ preventScroll: true });
  }

  function beside(at) {
    const { offsetWidth: width, offsetHeight: height } = card;
    const below = at.bottom + 6 + height <= innerHeight || at.top < height + 6;
    const right = card.matches(".small") ? call.closest("article").getBoundingClientRect().right : document.documentElement.clientWidth - 8;
    card.style.left = `${Math.max(8, Math.min(at.left - 16, right - width))}px`;
    card.style.top = `${below ? at.bottom + 6 : at.top - height - 6}px`;
  }

  function hide() {
    clearTimeout(timer);
    if (onCard(document.activeElement)) call.focus({ preventScroll: true });
    if (call) {
      call.classList.remove("shown");
      call.removeAttribute("aria-describedby");
      document.querySelector("li.note.lit")?.classList.remove("lit");
    }
    watcher?.destroy();
    card?.remove();
    watcher = card = call = null;
    held = false;
  }

  const soon = () => {
    clearTimeout(timer);
    if (!held) timer = setTimeout(hide, GRACE);
  };
  const reached = node => node instanceof Element && node.closest(`${CALL}, ${TERM}`);
  const onCard = node => node instanceof Element && card?.contains(node);

  // One listener of each kind for the whole document: notes may come and go.
  document.addEventListener("pointerover", event => {
    if (event.pointerType === "touch") return;
    const target = reached(event.target);
    const note = event.target.closest?.("li.side");
    if (note) unfold(note);
    if (target && !held) {
      clearTimeout(timer);
      timer = setTimeout(show, call ? 60 : 120, target);
    } else if (onCard(event.target)) clearTimeout(timer);
  });
  document.addEventListener("pointerout", event => {
    if (event.pointerType !== "touch" && (reached(event.target) || onCard(event.target))) soon();
  });
  document.addEventListener("focusin", event => {
    const target = reached(event.target);
    const note = event.target.closest?.("li.side");
    if (note) unfold(note);
    if (target && target.matches(":focus-visible")) show(target);
    else if (!onCard(event.target) && !held) hide();
  });
  document.addEventListener("keydown", event => {
    if (reached(event.target) && /^[cm]$/.test(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey) {
      card?.querySelector(`[aria-keyshortcuts=${event.key}]`)?.click();
    }
    if (event.key !== "Escape" || !call) return;
    hide();
  });
  let touched = false;
  document.addEventListener("pointerdown", event => (touched = event.pointerType === "touch"), true);
  document.addEventListener("click", event => {
    const target = reached(event.target);
    if (!target || event.ctrlKey || event.metaKey || event.shiftKey) return onCard(event.target) ? undefined : hide();
    if (!target.matches(TERM) && inSight(noteOf(target) ?? target)) {
      event.preventDefault(); // Nothing moves: the note stands beside its call.
      if (target !== call) show(target);
      held = true;
      history.replaceState(history.state, "", target.hash); // And Back leads to where the reader was before.
    } else if (touched && target !== call) {
      event.preventDefault(); // The first tap shows the note, which links to the list; a second one follows.
      show(target, true);
    } else hide();
  });
  addEventListener("pagehide", hide); // A page that comes back has no card open.
  addEventListener("scroll", () => card && !card.matches(".sheet") && beside(call.getBoundingClientRect()), { passive: true });

  // ---- Again whenever the page is set anew. ----
  let width = 0;
  const settle = () => {
    if (width === document.documentElement.clientWidth) return;
    width = document.documentElement.clientWidth;
    place();
  };
  const again = () => {
    width = 0;
    settle();
  };
  again();
  document.fonts?.ready.then(again);
  addEventListener("load", () => {
    again();
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target?.classList.contains("side")) {
      unfold(target);
      target.scrollIntoView({ block: "center" });
    }
  });
  addEventListener("resize", settle);
  // A block that opens, or a list that is filtered, moves what is below it.
  const article = document.querySelector("article");
  let height = article?.offsetHeight;
  const observer = new ResizeObserver(() => {
    if (article.offsetHeight === height) return;
    again();
    height = article.offsetHeight;
  });
  if (article) observer.observe(article);
})();
