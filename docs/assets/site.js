// Light and dark, the place in the contents, and the door to search.
(() => {
  "use strict";
  const root = document.documentElement;

  document.querySelector("[data-theme-switch]")?.addEventListener("click", () => {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    try {
      localStorage.setItem("warning-lights.theme", root.dataset.theme);
    } catch {
      // A browser that stores nothing forgets the choice, and that is all.
    }
  });

  // The heading being read is marked in the menu.
  const links = new Map();
  for (const link of document.querySelectorAll(".on-this-page a[href^='#']")) {
    const heading = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (heading) links.set(heading, link);
  }
  const headings = [...links.keys()];
  let queued = false;
  function follow() {
    queued = false;
    const reading = headings.findLast(heading => heading.getBoundingClientRect().top < innerHeight / 4);
    for (const [heading, link] of links) {
      if (heading === reading) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }
  if (headings.length) {
    follow();
    addEventListener("scroll", () => queued || (queued = Boolean(requestAnimationFrame(follow))), { passive: true });
  }

  // Whoever chooses a place in the open menu wants to see it.
  const menu = document.getElementById("menu");
  menu?.addEventListener("click", event => {
    if (event.target.closest("a") && menu.matches(":popover-open")) menu.hidePopover();
  });

  // Search: script and index are fetched when it is opened for the first time.
  const dialog = document.getElementById("search");
  function search(words) {
    if (!dialog.open) dialog.showModal();
    const input = dialog.querySelector("input");
    if (words) input.value = words;
    input.select();
    if (dialog.dataset.asked) input.dispatchEvent(new Event("input"));
    else {
      dialog.dataset.asked = "yes";
      document.head.append(Object.assign(document.createElement("script"), { src: dialog.dataset.script }));
    }
  }
  document.addEventListener("click", event => {
    if (event.target.closest?.("[data-opens=search]")) search();
    if (event.target === dialog) dialog.close(); // Beside the box.
  });
  document.addEventListener("keydown", event => {
    if (event.key === "k" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      search();
    }
  });
  const asked = new URLSearchParams(location.search).get("q");
  if (asked) search(asked);
  else if (document.querySelector("[data-search-address]")) {
    const base = new URL(document.body.dataset.base.replace(/\/?$/, "/"), location.href).pathname;
    const words = decodeURIComponent(location.pathname.slice(base.length)).replace(/\.\w+$|index/g, "");
    if (words !== "404") search(words.replace(/[^\p{L}\p{N}]+/gu, " ").trim());
  }
})();
