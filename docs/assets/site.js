// Light and dark, the place in the contents, the next page ahead of its click, and the door to search.
(() => {
  "use strict";
  const root = document.documentElement;

  document.querySelector("[data-theme-switch]")?.addEventListener("click", () => {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    try {
      localStorage.setItem(root.dataset.store, root.dataset.theme);
    } catch {
      // A browser that stores nothing forgets the choice, and that is all.
    }
  });

  // A page that comes back as it was left takes the colours that were chosen meanwhile.
  addEventListener("pageshow", event => {
    if (!event.persisted) return;
    try {
      root.dataset.theme = localStorage.getItem(root.dataset.store) || "";
    } catch {
      // As above.
    }
  });

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
  follow();
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
    if (event.target === dialog) dialog.close(); // Beside the box.
  });
  document.addEventListener("keydown", event => {
    const typing = event.target.closest?.("input, select, textarea, [contenteditable]");
    if ((event.key === "k" && (event.ctrlKey || event.metaKey)) || (event.key === "/" && !typing)) {
      event.preventDefault();
      search();
    }
  });
  const query = new URLSearchParams(location.search);
  if (query.has("q")) search(query.get("q"));
  else if (query.has("mark")) load(); // A result of the search led here: its words are lit.
  else if (document.querySelector("[data-search-address]")) {
    const words = decodeURIComponent(location.pathname.slice(site.pathname.length)).replace(/\.\w+$|index/g, "");
    if (words !== "404") search(words.replace(/[^\p{L}\p{N}]+/gu, " ").trim());
  }
})();
