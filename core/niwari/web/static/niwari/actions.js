/**
 * Buttons that only a script can serve: they are hidden in the page and shown here.
 * data-print prints the page. data-copy="ID" copies the text of that element and says so in the
 * <output> after the button.
 */
async function copy(source) {
  const text = source.value ?? source.innerText;
  if (window.isSecureContext) return navigator.clipboard.writeText(text);
  // An office network may serve plain HTTP, where only the old way is allowed.
  const selection = window.getSelection();
  const range = document.createRange();
  if (source.select) source.select();
  else {
    range.selectNodeContents(source);
    selection.removeAllRanges();
    selection.addRange(range);
  }
  if (!document.execCommand("copy")) throw new Error("the browser refused to copy");
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-print], [data-copy]");
  if (!button) return;
  if ("print" in button.dataset) return window.print();
  const said = button.nextElementSibling;
  try {
    await copy(document.getElementById(button.dataset.copy));
    said.textContent = said.dataset.done;
  } catch {
    said.textContent = said.dataset.failed;
  }
});

for (const button of document.querySelectorAll("[data-print], [data-copy]")) button.hidden = false;
