// Notes beside the text if the window is wide, else on a card near the call. The notes of the list themselves
// are placed in the margin, so that each exists once. Without this script the list stands at the end.
(() => {
  "use strict";
  const wide = matchMedia("(min-width: 60em)");
  const GRACE = 250; // Time to move the pointer from a call to its card.

  const noteOf = call => document.getElementById(decodeURIComponent(new URL(call.href).hash.slice(1)));
  const calls = () => [...document.querySelectorAll("article .note-call a[role=doc-noteref]")];

  function place() {
    const list = document.querySelector("article section.notes");
    if (!list) return;
    const notes = [...list.querySelectorAll(":scope > ol > li.note")];
    for (const note of notes) {
      note.classList.remove("side", "cut");
      note.style.removeProperty("top");
    }
    list.classList.toggle("beside", wide.matches);
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
      if (note && !first.has(note)) first.set(note, inBroad || call.closest("section.notes") ? null : at.top);
    }
    const side = notes.filter(note => first.get(note) != null);
    side.sort((a, b) => first.get(a) - first.get(b));
    side.forEach(note => note.classList.add("side"));
    list.classList.toggle("emptied", side.length === notes.length);
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
  let held = false; // Lit by a click: stays so until the next one.
  let timer = 0;

  function inSight(note) {
    if (!note.classList.contains("side")) return false;
    const at = note.getBoundingClientRect();
    return at.top >= 0 && at.bottom <= innerHeight;
  }

  // What each note of a source is cited for: loaded when needed, as a script, which also works from disk.
  const statements = new URL("cited-for.js", document.currentScript.src);
  let asked = null;
  function explain(content) {
    asked ??= new Promise(resolve => {
      const src = statements.href;
      document.head.append(Object.assign(document.createElement("script"), { src, onload: resolve, onerror: resolve }));
    });
    asked.then(() => {
      for (const entry of content.querySelectorAll(".to-entry")) {
        const statement = window.citedFor?.[decodeURIComponent(entry.firstElementChild.hash).slice(5)];
        if (!statement || entry.nextElementSibling?.matches(".cited-for")) continue;
        entry.after(Object.assign(document.createElement("span"), { className: "more cited-for", textContent: `Cited for ${statement}` }));
      }
      if (card && !card.matches(".sheet")) beside(call.getBoundingClientRect());
    });
  }

  // Only the first note of a source has its reference in full; a note that is looked at gets a copy.
  function complete(note, content = note) {
    if (note.classList.contains("own")) return;
    explain(content);
    for (const reference of content.querySelectorAll(".reference[data-key]")) {
      if (reference.querySelector(".whole")) continue;
      const whole = document.querySelector(`li.note .reference[data-key="${CSS.escape(reference.dataset.key)}"] .whole`);
      if (whole) reference.append(whole.cloneNode(true));
    }
  }

  function show(target, sheet = false) {
    clearTimeout(timer);
    if (target === call) return;
    hide();
    const note = noteOf(target);
    if (!note) return;
    call = target;
    call.classList.add("shown");
    if (inSight(note)) {
      complete(note);
      note.classList.add("lit");
      return;
    }
    card = document.createElement("div");
    card.className = sheet ? "note-card sheet" : "note-card";
    card.id = "note-card";
    card.popover = "manual"; // On top of everything, cut off by nothing.
    card.setAttribute("role", "note");
    card.setAttribute("aria-label", call.getAttribute("aria-label") || "Note");
    const content = note.cloneNode(true);
    content.querySelectorAll(".backrefs").forEach(each => each.remove());
    content.querySelectorAll("[id]").forEach(each => each.removeAttribute("id"));
    const body = document.createElement("div");
    const head = document.createElement("p");
    head.className = "card-head";
    head.append(Object.assign(document.createElement("a"), { href: call.hash, textContent: call.getAttribute("aria-label") }));
    if (navigator.clipboard) head.append(button("Copy", event => copy(body, event.target)));
    if (sheet) head.append(button("Next note", next), button("Close", hide));
    body.className = note.className;
    body.append(...content.childNodes);
    complete(note, body);
    card.append(head, body);
    call.closest("sup").after(card); // Here, so that Tab goes from the call to the links of its note.
    call.setAttribute("aria-describedby", card.id);
    card.showPopover();
    if (!sheet) beside(call.getBoundingClientRect());
    else if (call.getBoundingClientRect().bottom > innerHeight - card.offsetHeight) call.scrollIntoView({ block: "center" });

    function copy(from, control) {
      const text = [...from.querySelectorAll(".reference")].map(reference => {
        const link = reference.querySelector("a.passage") ?? reference.parentElement.querySelector("a.passage");
        const whole = reference.querySelector(".whole")?.textContent.replace(/^\. |\.$/g, "");
        return [whole, reference.querySelector("a.passage")?.textContent, link?.href].filter(Boolean).join(", ");
      });
      navigator.clipboard.writeText(text.join("\n")).then(() => (control.textContent = "Copied"));
    }
  }

  function button(words, action) {
    const made = Object.assign(document.createElement("button"), { type: "button", textContent: words });
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
  }

  function beside(at) {
    const { offsetWidth: width, offsetHeight: height } = card;
    const below = at.bottom + 6 + height <= innerHeight || at.top < height + 6;
    card.style.left = `${Math.max(8, Math.min(at.left - 16, document.documentElement.clientWidth - width - 8))}px`;
    card.style.top = `${below ? at.bottom + 6 : at.top - height - 6}px`;
  }

  function hide() {
    clearTimeout(timer);
    if (call) {
      call.classList.remove("shown");
      call.removeAttribute("aria-describedby");
      noteOf(call)?.classList.remove("lit");
    }
    card?.remove();
    card = call = null;
    held = false;
  }

  const soon = () => {
    clearTimeout(timer);
    if (!held) timer = setTimeout(hide, GRACE);
  };
  const reached = node => node instanceof Element && node.closest(".note-call a[role=doc-noteref]");
  const onCard = node => node instanceof Element && card?.contains(node);

  // One listener of each kind for the whole document: notes may come and go.
  document.addEventListener("pointerover", event => {
    if (event.pointerType === "touch") return;
    const target = reached(event.target);
    const note = event.target.closest?.("li.side");
    if (note) complete(note);
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
    if (note) complete(note);
    if (target && target.matches(":focus-visible")) show(target);
    else if (!onCard(event.target) && !held) hide();
  });
  document.addEventListener("keydown", event => {
    if (event.key !== "Escape" || !call) return;
    if (onCard(document.activeElement)) call.focus();
    hide();
  });
  let touched = false;
  document.addEventListener("pointerdown", event => (touched = event.pointerType === "touch"), true);
  document.addEventListener("click", event => {
    const target = reached(event.target);
    if (!target || event.ctrlKey || event.metaKey || event.shiftKey) return onCard(event.target) ? undefined : hide();
    if (inSight(noteOf(target) ?? target)) {
      event.preventDefault(); // Nothing moves: the note stands beside its call.
      if (target !== call) show(target);
      held = true;
      history.pushState(null, "", target.hash);
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
      complete(target);
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
