// Notes where the eye is: beside the text if the window is wide, else on a card near the call.
// Nothing is copied into the margin: the notes of the list are placed there, so that each exists once
// and keeps its id, its links and its turn in reading order. Without this script the list stands at the end.
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
      if (!call.getClientRects().length) continue; // In what is closed or filtered away.
      // In a table all notes of a row stand level with it: else they would follow the lines of its cells.
      const at = (call.closest("tr") ?? call).getBoundingClientRect();
      const inBroad = broad.some(block => at.top >= block.top && at.bottom <= block.bottom);
      if (note && !first.has(note)) first.set(note, inBroad || call.closest("section.notes") ? null : at.top);
    }
    const side = notes.filter(note => first.get(note) != null);
    side.sort((a, b) => first.get(a) - first.get(b));
    side.forEach(note => note.classList.add("side"));
    list.classList.toggle("emptied", side.length === notes.length);
    // Fewer lines of each where there are many, so that a note is never far from its call.
    for (const lines of [5, 3, 2]) {
      list.style.setProperty("--lines", lines);
      if (stack(side, first, broad, frame.top) < innerHeight / 3) break;
    }
    for (const note of side) note.classList.toggle("cut", note.scrollHeight > note.clientHeight + 2);
  }

  // Puts each note as high as it may stand; returns how far the last one was pushed down at most.
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
  let card = null;
  let call = null;
  let timer = 0;

  function inSight(note) {
    if (!note.classList.contains("side")) return false;
    const at = note.getBoundingClientRect();
    return at.top >= 0 && at.bottom <= innerHeight;
  }

  function show(target) {
    clearTimeout(timer);
    if (target === call) return;
    hide();
    const note = noteOf(target);
    if (!note) return;
    call = target;
    call.classList.add("shown");
    if (inSight(note)) {
      note.classList.add("lit");
      return;
    }
    card = document.createElement("div");
    card.className = "note-card";
    card.id = "note-card";
    card.popover = "manual"; // On top of everything, cut off by nothing.
    card.setAttribute("role", "note");
    card.setAttribute("aria-label", call.getAttribute("aria-label") || "Note");
    const content = note.cloneNode(true);
    content.querySelectorAll(".backrefs").forEach(each => each.remove());
    content.querySelectorAll("[id]").forEach(each => each.removeAttribute("id"));
    const number = document.createElement("p");
    number.className = "card-number";
    number.append(Object.assign(document.createElement("a"), { href: call.hash, textContent: call.getAttribute("aria-label") }));
    for (const link of content.querySelectorAll("a[href^=http]:not(.entry-link)")) {
      if (new URL(link.href).host === location.host) continue;
      const copies = document.createElement("a");
      copies.href = `https://web.archive.org/web/*/${link.href}`;
      copies.rel = "noopener";
      copies.textContent = "Look up an archived copy";
      const place = document.createElement("p");
      place.className = "card-archive";
      place.append(copies);
      content.append(place);
    }
    card.append(number, ...content.childNodes);
    call.closest("sup").after(card); // Here, so that Tab goes from the call to the links of its note.
    call.setAttribute("aria-describedby", card.id);
    card.showPopover();
    beside(call.getBoundingClientRect());
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
  }

  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(hide, GRACE);
  };
  const reached = node => node instanceof Element && node.closest(".note-call a[role=doc-noteref]");
  const onCard = node => node instanceof Element && card?.contains(node);

  // One listener of each kind for the whole document: notes may come and go.
  document.addEventListener("pointerover", event => {
    if (event.pointerType === "touch") return;
    const target = reached(event.target);
    if (target) {
      clearTimeout(timer);
      timer = setTimeout(show, call ? 60 : 120, target);
    } else if (onCard(event.target)) clearTimeout(timer);
  });
  document.addEventListener("pointerout", event => {
    if (event.pointerType !== "touch" && (reached(event.target) || onCard(event.target))) soon();
  });
  document.addEventListener("focusin", event => {
    const target = reached(event.target);
    if (target && target.matches(":focus-visible")) show(target);
    else if (!onCard(event.target)) hide();
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
    if (target && touched && target !== call) {
      event.preventDefault(); // The first tap shows the card, which links to the note; a second one follows.
      show(target);
    } else if (!onCard(event.target)) hide();
  });
  addEventListener("pagehide", hide); // A page that comes back has no card open.
  addEventListener("scroll", () => card && beside(call.getBoundingClientRect()), { passive: true });

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
    if (target?.classList.contains("side")) target.scrollIntoView({ block: "center" });
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
