// Light and dark, the place in the contents, the next page ahead of its click, keys, and the door to search.
(() => {
  "use strict";
  const root = document.documentElement;

  // What this browser remembers. One that stores nothing forgets the choice, and that is all.
  function stored(name) {
    try {
      return localStorage.getItem(name) || "";
    } catch {
      return "";
    }
  }
  function store(name, value) {
    try {
      localStorage.setItem(name, value);
    } catch {
      // As above.
    }
  }

  // Light, dark, or as the system has it: a button for each state, of which the style sheet shows one.
  document.addEventListener("click", event => {
    const button = event.target.closest?.("[data-theme-switch]");
    if (!button) return;
    root.dataset.theme = button.dataset.themeSwitch;
    store(root.dataset.store, root.dataset.theme);
    [...button.parentElement.children].find(other => other.dataset.themeOf === root.dataset.theme)?.focus();
  });

  // A page that comes back as it was left takes the colours that were chosen meanwhile.
  addEventListener("pageshow", event => event.persisted && (root.dataset.theme = stored(root.dataset.store)));

  // A page that is opened from disk says that it is a copy.
  if (location.protocol === "file:") document.querySelector(".from-disk")?.removeAttribute("hidden");

  // A page of this site is fetched when its link is about to be followed; the browser keeps it for the click.
  // Not from disk, where nothing may be fetched and nothing is slow, and not for who saves data.
  const site = new URL(document.body.dataset.base.replace(/\/?$/, "/"), location.href);
  const fetched = new Set([location.pathname]);
  let ahead = 0;
  function fetchAhead(link) {
    const { origin, pathname, href } = link;
    if (origin !== site.origin || !pathname.startsWith(site.pathname) || !pathname.endsWith("/")) return;
    if (fetched.has(pathname)) return;
    fetched.add(pathname);
    fetch(href, { keepalive: true }).catch(() => fetched.delete(pathname));
  }
  if (site.protocol.startsWith("http") && !navigator.connection?.saveData) {
    const approach = event => {
      clearTimeout(ahead); // Whoever only passes a link does not mean it.
      const link = event.target.closest?.("a[href]");
      if (link) ahead = setTimeout(fetchAhead, event.pointerType === "touch" ? 0 : 80, link);
    };
    document.addEventListener("pointerover", approach, { passive: true });
    document.addEventListener("focusin", approach);
    document.addEventListener("click", () => clearTimeout(ahead)); // From here on the browser sees to it.
  }

  // The heading being read is marked in the menu.
  const links = new Map();
  for (const link of document.querySelectorAll(".on-this-page a[href^='#']")) {
    const heading = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (heading) links.set(heading, link);
  }
  const headings = [...links.keys()];
  let queued = false;
  let last = 0;
  const bar = document.querySelector(".top");
  const now = bar.querySelector(".now");
  function follow() {
    queued = false;
    const reading = headings.findLast(heading => heading.getBoundingClientRect().top < innerHeight / 4);
    for (const [heading, link] of links) {
      if (heading !== reading) link.removeAttribute("aria-current");
      else if (!link.hasAttribute("aria-current")) {
        link.setAttribute("aria-current", "true");
        link.scrollIntoViewIfNeeded?.(false); // The menu follows; other browsers leave it where it is.
      }
    }
    // The bar comes back when the reader scrolls up, with the heading that is being read.
    const down = scrollY > last && scrollY > 120;
    if (Math.abs(scrollY - last) > 6) bar.classList.toggle("away", down);
    bar.classList.toggle("back", scrollY > 120);
    last = scrollY;
    now.textContent = reading ? reading.firstChild.textContent : "";
  }
  requestAnimationFrame(follow); // Not before the page is laid out, or that would be done twice.
  addEventListener("scroll", () => queued || (queued = Boolean(requestAnimationFrame(follow))), { passive: true });

  // Whoever chooses a place in the open menu wants to see it.
  const menu = document.getElementById("menu");
  menu?.addEventListener("click", event => {
    if (event.target.closest("a") && menu.matches(":popover-open")) menu.hidePopover();
  });

  // A citation to the clipboard; where that is not allowed, it is selected.
  document.addEventListener("click", event => {
    const button = event.target.closest?.("[data-copies]");
    const text = button?.parentElement.nextElementSibling;
    if (!text) return;
    const select = () => getSelection().selectAllChildren(text);
    const written = navigator.clipboard?.writeText(text.textContent) ?? Promise.reject();
    written.then(() => (button.textContent = "Copied"), select);
  });

  // Search: script and index are fetched when it is opened for the first time.
  const dialog = document.getElementById("search");
  function search(words) {
    if (!dialog.open) dialog.showModal();
    const input = dialog.querySelector("input");
    if (words) input.value = words;
    input.select();
    if (dialog.dataset.asked) input.dispatchEvent(new Event("input"));
    else load();
  }
  function load() {
    dialog.dataset.asked = "yes";
    document.head.append(Object.assign(document.createElement("script"), { src: dialog.dataset.script }));
  }
  document.addEventListener("click", event => {
    if (event.target.closest?.("[data-opens=search]")) search();
    if (event.target.closest?.("[data-opens=keys]")) keys();
    if (event.target.matches?.("dialog")) event.target.close(); // Beside the box.
  });
  document.addEventListener("keydown", event => {
    const single = !event.target.closest?.("input:not([type=checkbox]), select, textarea, [contenteditable]") && !stored(noKeys);
    const action = event.key === "k" && (event.ctrlKey || event.metaKey) ? search : single && { "/": () => search(), "?": keys }[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });

  // The keys, listed. Single ones can be switched off, for whoever speaks to the computer (WCAG 2.1.4).
  const noKeys = `${root.dataset.store}.no-keys`;
  const make = (name, properties, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };
  const KEYS = {
    "/": "Search; also Ctrl+K or ⌘K",
    "?": "This list",
    "Tab": "From the number of a note, or a term, into its card",
    "c or m": "On the number of a note: copy the sentence, as text or Markdown",
    "↑ ↓": "Through the results of a search",
    "Esc": "Close a card, a box or the menu",
  };
  function keys() {
    if (document.querySelector("dialog[open]")) return;
    const rows = Object.entries(KEYS).flatMap(([key, words]) => [make("dt", {}, make("kbd", { textContent: key })), make("dd", { textContent: words })]);
    const choice = make("input", { type: "checkbox", checked: !stored(noKeys) });
    choice.addEventListener("change", () => store(noKeys, choice.checked ? "" : "yes"));
    const box = make("dialog", { className: "keys", ariaLabel: "Keys" },
      make("form", { method: "dialog" }, make("h2", { textContent: "Keys" }), make("button", { className: "tool", textContent: "Close" })),
      make("dl", {}, ...rows), make("label", {}, choice, " Keys / and ? are on"));
    box.addEventListener("close", () => box.remove());
    document.body.append(box);
    box.showModal();
  }
  const query = new URLSearchParams(location.search);
  if (query.has("q")) search(query.get("q"));
  else if (query.has("mark")) load(); // A result of the search led here: its words are lit.
  else if (document.querySelector("[data-search-address]")) {
    const words = decodeURIComponent(location.pathname.slice(site.pathname.length)).replace(/\.\w+$|index/g, "");
    if (words !== "404") search(words.replace(/[^\p{L}\p{N}]+/gu, " ").trim());
  }
})();
