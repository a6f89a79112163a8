/**
 * Forms with drafts: keeps what was typed some seconds after each change, on the server and sealed;
 * nothing is kept in the browser, which may be shared. The buttons for help (preview, people to name)
 * bring their answer into the page without leaving it. Without this script they open it anew, and a
 * draft is kept by its button.
 */
const WAIT = 4000;

/** The fields that the form's own list names, with its token: no files, no passwords. */
function typed(form, tools) {
  const all = new FormData(form);
  const listed = JSON.parse(all.get("kept_fields") ?? "[]").map(([name]) => name);
  const sent = new URLSearchParams({ draft_key: tools.dataset.draftKey });
  for (const name of ["csrf_token", "kept_fields", ...listed]) {
    for (const value of all.getAll(name)) if (typeof value === "string") sent.append(name, value);
  }
  return sent;
}

function keepDrafts(form, tools) {
  const said = tools.querySelector("[data-draft-said]");
  let timer = 0;
  let asking = null;
  const stop = () => {
    clearTimeout(timer);
    timer = 0;
    asking?.abort();
  };
  const keep = async () => {
    stop();
    asking = new AbortController();
    const { signal } = asking;
    try {
      const answer = await fetch(tools.dataset.draftAddress, {
        method: "POST",
        body: typed(form, tools),
        headers: { Accept: "text/plain" },
        keepalive: true,
        signal,
      });
      said.textContent = answer.ok ? said.dataset.done : said.dataset.failed;
    } catch {
      if (!signal.aborted) said.textContent = said.dataset.failed;
    }
  };
  form.addEventListener("input", () => {
    said.textContent = "";
    timer ||= setTimeout(keep, WAIT);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && timer) keep();
  });
  form.addEventListener("submit", stop);
}

/** Put the parts of `page` that answer a button for help into this one. */
function bringIn(page, form, tools) {
  const key = CSS.escape(tools.dataset.draftKey);
  const other = page.querySelector(`[data-draft-key="${key}"]`);
  const help = page.querySelector(`[data-writing-help="${key}"]`);
  if (!other || !help) return false;
  for (const field of other.closest("form").querySelectorAll("textarea[name]")) {
    const own = form.elements.namedItem(field.name);
    if (own.value !== field.value) own.value = field.value;
  }
  const shown = document.querySelector(`[data-writing-help="${key}"]`);
  shown.replaceChildren(...help.childNodes);
  const [people, theirs] = [tools, other].map((part) => part.querySelector("[data-people]"));
  if (people) {
    people.replaceWith(theirs);
    theirs.querySelector(".writing-people button, [aria-invalid]")?.focus();
  }
  if (shown.querySelector("section")) shown.scrollIntoView({ block: "start" });
  return true;
}

function helpInPlace(form, tools) {
  form.addEventListener("submit", async (event) => {
    const button = event.submitter;
    const isHelp = button?.name === "writing" && button.value !== "draft";
    if (!isHelp || "plain" in button.dataset) return;
    event.preventDefault();
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body: new FormData(form, button),
        headers: { Accept: "text/html" },
      });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (answer.ok && bringIn(page, form, tools)) return;
    } catch {
      // The browser shows what is wrong, when it goes there.
    }
    button.dataset.plain = "";
    form.requestSubmit(button);
  });
}

for (const tools of document.querySelectorAll("[data-draft-key]")) {
  const form = tools.closest("form");
  keepDrafts(form, tools);
  helpInPlace(form, tools);
}
