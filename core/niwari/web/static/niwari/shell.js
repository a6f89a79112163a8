/**
 * Makes the shell's <details> (drawer, my menu) behave like menus: Escape closes them and gives the
 * focus back, a click or the focus elsewhere closes them. Without this script they still open and
 * close. After a failed form it moves the focus to the error summary.
 */
const OPEN = ".shell-drawer[open], .menu[open]";

/** The parts that belong to an open menu: the drawer's panel is its sibling, not its child. */
function partsOf(menu) {
  const panel = menu.matches(".shell-drawer") ? document.getElementById("menu") : null;
  return panel ? [menu, panel] : [menu];
}

function close(menu, { refocus = false } = {}) {
  menu.open = false;
  if (refocus) menu.querySelector("summary").focus();
}

function closeAllWithout(target) {
  for (const menu of document.querySelectorAll(OPEN)) {
    if (!partsOf(menu).some((part) => part.contains(target))) close(menu);
  }
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelectorAll(OPEN);
  if (open.length) close(open[open.length - 1], { refocus: true });
});
document.addEventListener("click", (event) => closeAllWithout(event.target));
document.addEventListener("focusin", (event) => closeAllWithout(event.target));

document.querySelector(".error-summary")?.focus();
