// Filters the timeline by country, kind and grade of evidence. Without this script all events are shown.
(() => {
  const timeline = document.querySelector(".timeline");
  if (!timeline) return;
  const events = [...timeline.querySelectorAll(".event")];
  const years = [...timeline.querySelectorAll("ul.events")];
  const choices = { country: "Country", kind: "Kind", grade: "Evidence" };

  const values = (event, name) => (event.dataset[name] ?? "").split("; ").filter(Boolean);

  const form = document.createElement("form");
  form.className = "timeline-filter";
  form.setAttribute("aria-label", "Filter the timeline");
  const selects = Object.entries(choices).map(([name, words]) => {
    const label = document.createElement("label");
    const select = document.createElement("select");
    select.name = name;
    const all = [...new Set(events.flatMap((event) => values(event, name)))].sort();
    select.append(new Option("All", ""), ...all.map((value) => new Option(value, value)));
    label.append(`${words} `, select);
    form.append(label, " ");
    return select;
  });
  const reset = document.createElement("button");
  reset.type = "reset";
  reset.textContent = "Show all";
  const status = document.createElement("p");
  status.setAttribute("role", "status");
  form.append(reset, status);

  const show = () => {
    let count = 0;
    for (const event of events) {
      event.hidden = !selects.every((s) => !s.value || values(event, s.name).includes(s.value));
      count += !event.hidden;
    }
    for (const list of years) {
      const empty = !list.querySelector(".event:not([hidden])");
      list.hidden = empty;
      list.previousElementSibling.hidden = empty;
    }
    reset.hidden = selects.every((select) => !select.value);
    status.textContent = `${count} of ${events.length} events shown`;
  };

  // A link to an event that is filtered out shows it all the same.
  const arrive = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target || !timeline.contains(target) || !target.closest("[hidden]")) return;
    form.reset();
    show();
    target.scrollIntoView();
  };

  form.addEventListener("change", show);
  form.addEventListener("reset", () => setTimeout(show));
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", arrive);
  timeline.before(form);
  show();
})();
