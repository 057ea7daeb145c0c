// What every page does: forms that swap, dialogs, menus, and what only makes sense with a script.
import { all, one, reveal } from "./page";
import { swapForms } from "./swap";

document.documentElement.classList.add("scripted");
reveal();
swapForms();

document.addEventListener("click", (event) => {
  const target = event.target as Element;
  const opener = target.closest<HTMLElement>("[data-opens]");
  if (opener) open(event, opener.dataset["opens"] ?? "");
  for (const menu of all<HTMLDetailsElement>(".menu[open]")) {
    if (!menu.contains(target) || target.closest("a, button")) menu.open = false;
  }
});

// what is made anew at each sending is sent once, however often the button is pressed
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !("once" in form.dataset)) return;
  if (form.getAttribute("aria-busy") === "true") event.preventDefault();
  form.setAttribute("aria-busy", "true");
  event.submitter?.setAttribute("aria-busy", "true");
});

// an answer with errors begins at the first of them
one<HTMLElement>("[data-once] .wrong :is(input, select, textarea)")?.focus();

// a page that the browser kept is shown again as it was before
window.addEventListener("pageshow", () => {
  for (const busy of all<HTMLElement>("[data-once], [data-once] [aria-busy]")) busy.removeAttribute("aria-busy");
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of all<HTMLDetailsElement>(".menu[open]")) {
    menu.open = false;
    one<HTMLElement>("summary", menu)?.focus();
  }
});

// an answer that came back with an error inside a dialog is shown where it belongs
for (const dialog of all<HTMLDialogElement>("dialog:has([aria-invalid])")) dialog.showModal();

function open(event: Event, id: string): void {
  const dialog = document.getElementById(id);
  if (!(dialog instanceof HTMLDialogElement)) return;
  event.preventDefault();
  dialog.showModal();
}
