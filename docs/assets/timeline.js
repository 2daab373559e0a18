// Filters the timeline by year, country, kind and grade of evidence, and turns its order.
// The choice stands in the address. Without this script all events are shown, the oldest first.
(() => {
  const timeline = document.querySelector(".timeline");
  if (!timeline) return;
  const events = [...timeline.querySelectorAll(".event")];
  const lists = [...timeline.querySelectorAll("ul.events")];
  for (const list of lists) {
    for (const event of list.children) event.dataset.year = list.previousElementSibling.id.slice(5);
  }
  const choices = { year: "Year", country: "Country", kind: "Kind", grade: "Evidence" };
  const values = (event, name) => (event.dataset[name] ?? "").split("; ").filter(Boolean);
  const every = name => [...new Set(events.flatMap(event => values(event, name)))].sort();

  function make(name, properties = {}, ...children) {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  }

  const form = make("form", { className: "timeline-filter", ariaLabel: "Filter the timeline" });
  const selects = Object.entries(choices).map(([name, words]) => {
    const options = every(name).map(value => new Option(value, value));
    const select = make("select", { name }, new Option("All", ""), ...options);
    form.append(make("label", {}, `${words} `, select), " ");
    return select;
  });
  const chosen = Object.fromEntries(selects.map(select => [select.name, select]));
  const newest = make("input", { type: "checkbox", name: "order", value: "newest" });
  const reset = make("button", { type: "reset", textContent: "Show all" });
  const status = make("p", { role: "status" });
  form.append(make("label", {}, newest, " Newest first"), " ", reset, status);

  // The strip: kinds by years, in each cell the number of events as a button.
  const cells = []; // Each button with what it chooses.
  function button(label, choice) {
    const made = make("button", { type: "button", textContent: label });
    cells.push([made, choice]);
    made.addEventListener("click", () => {
      const pressed = made.ariaPressed === "true";
      for (const name of ["year", "kind"]) chosen[name].value = pressed ? "" : choice[name] ?? "";
      changed();
    });
    return made;
  }
  const years = every("year");
  function head(label, choice, scope) {
    return make("th", { scope }, button(label, choice));
  }
  const rows = every("kind").map(kind => make("tr", {}, head(kind, { kind }, "row"), ...years.map(year => {
    const count = events.filter(event => values(event, "kind").includes(kind) && event.dataset.year === year).length;
    if (!count) return make("td");
    const made = button(String(count), { year, kind });
    made.ariaLabel = `${kind}, ${year}: ${count}`;
    made.className = `share-${Math.min(4, Math.ceil(count / 3))}`;
    return make("td", {}, made);
  })));
  const shown = { className: "timeline-strip", tabIndex: 0, role: "region", ariaLabel: "All events at a glance" };
  const strip = make("div", shown, make("table", { className: "years" },
    make("caption", { textContent: "Events by kind and year; each number is a filter" }),
    make("thead", {}, make("tr", {}, make("td"), ...years.map(year => head(year, { year }, "col")))),
    make("tbody", {}, ...rows)));

  let turned = false;
  function order() {
    if (turned === newest.checked) return;
    turned = newest.checked;
    for (const list of [...timeline.querySelectorAll("ul.events")].reverse()) {
      list.append(...[...list.children].reverse());
      timeline.append(list.previousElementSibling, list);
    }
  }

  function show() {
    order();
    let count = 0;
    for (const event of events) {
      event.hidden = !selects.every(({ name, value }) => !value || values(event, name).includes(value));
      count += !event.hidden;
    }
    for (const list of lists) {
      const empty = !list.querySelector(".event:not([hidden])");
      list.hidden = empty;
      list.previousElementSibling.hidden = empty;
      const entry = document.querySelector(`.on-this-page a[href="#${list.previousElementSibling.id}"]`);
      if (entry) entry.parentElement.hidden = empty;
    }
    for (const [made, choice] of cells) {
      const pressed = ["year", "kind"].every(name => chosen[name].value === (choice[name] ?? ""));
      made.ariaPressed = String(pressed);
    }
    reset.hidden = selects.every(select => !select.value) && !newest.checked;
    status.textContent = `${count} of ${events.length} events shown`;
  }

  // Other parts of the address stay.
  function changed() {
    show();
    const address = new URL(location.href);
    for (const { name, value } of selects) value ? address.searchParams.set(name, value) : address.searchParams.delete(name);
    newest.checked ? address.searchParams.set("order", "newest") : address.searchParams.delete("order");
    history.replaceState(history.state, "", address);
  }
  function fromAddress() {
    const asked = new URLSearchParams(location.search);
    for (const select of selects) {
      const wanted = (asked.get(select.name) || "").toLowerCase();
      select.value = [...select.options].find(option => option.value.toLowerCase() === wanted)?.value ?? "";
    }
    newest.checked = asked.get("order") === "newest";
  }

  // A link to an event that is filtered out shows it all the same.
  function arrive() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target || !timeline.contains(target) || !target.closest("[hidden]")) return;
    for (const select of selects) select.value = "";
    changed();
    target.scrollIntoView();
  }

  form.addEventListener("change", changed);
  form.addEventListener("reset", () => setTimeout(changed));
  form.addEventListener("submit", event => event.preventDefault());
  addEventListener("hashchange", arrive);
  timeline.before(strip, form);
  addEventListener("popstate", () => {
    fromAddress();
    show();
  });
  fromAddress();
  show();
  arrive();
})();
