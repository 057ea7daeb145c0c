// What every page does: forms that swap, dialogs, menus, and what only makes sense with a script.
import { all, one, reveal } from "./page";
import { swapForms } from "./swap";

document.documentElement.classList.add("scripted");
reveal();
swapForms();

document.addEventListener("click", (event) => {
  const target = event.target as Element;
  const opener = target.closest<HTMLElement>("[data-opens]");
  if (opener) open(event, opener);
  for (const menu of all<HTMLDetailsElement>(".menu[open]")) {
    if (!menu.contains(target) || target.closest("a, button")) menu.open = false;
  }
});

// the mark by which the server knows a form that comes twice: below this is seen to, and forms that stay may come again
document.addEventListener("submit", (event) => one("input[name=once]", event.target as Element)?.remove(), true);

// what leads to another page is sent once, however often the button is pressed: each sending would do it anew
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.method !== "post" || event.defaultPrevented) return;
  if (form.getAttribute("aria-busy") === "true") event.preventDefault();
  form.setAttribute("aria-busy", "true");
  event.submitter?.setAttribute("aria-busy", "true");
});

function free(): void {
  for (const busy of all<HTMLElement>("form[method=post], form[method=post] [aria-busy]")) {
    busy.removeAttribute("aria-busy");
  }
}

// an answer with errors begins at the first of them
one<HTMLElement>("main :is(.wrong :is(input, select, textarea), [aria-invalid=true])")?.focus();

// a page that the browser kept is shown again as it was before
window.addEventListener("pageshow", free);

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  // it stops the browser, too, and then the form is to be sent after all
  free();
  for (const menu of all<HTMLDetailsElement>(".menu[open]")) {
    // what lies below it stays open
    event.preventDefault();
    menu.open = false;
    one<HTMLElement>("summary", menu)?.focus();
  }
});

// an answer that came back with an error inside a dialog is shown where it belongs
for (const dialog of all<HTMLDialogElement>("dialog:has([aria-invalid])")) dialog.showModal();

function open(event: Event, opener: HTMLElement): void {
  const dialog = document.getElementById(opener.dataset["opens"] ?? "");
  if (!(dialog instanceof HTMLDialogElement)) return;
  event.preventDefault();
  dialog.showModal();
  dialog.addEventListener("close", () => comeBack(opener), { once: true });
}

/** What opened it may lie in a menu that closed in the meantime: then the menu has the focus. */
function comeBack(opener: HTMLElement): void {
  const menu = opener.closest<HTMLDetailsElement>(".menu");
  if (menu && !menu.open) one<HTMLElement>("summary", menu)?.focus();
}
