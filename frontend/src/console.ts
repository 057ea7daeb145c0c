// The console: copies, keys, lists that follow what happens, and dialogs that an address opens.
import { all, one, reveal, toast, whenever } from "./page";

// ── what was just done ──

const SECONDS = 8;
const said = one<HTMLElement>("[data-said]");
if (said && !said.classList.contains("bad")) float(said);

/** Over the page, and gone after a while; not while somebody is about to undo it. */
function float(note: HTMLElement): void {
  note.classList.add("floating");
  const leave = () => (note.matches(":hover, :focus-within") ? wait() : note.remove());
  const wait = () => setTimeout(leave, SECONDS * 1000);
  wait();
}

// ── copying ──

document.addEventListener("click", (event) => {
  const button = (event.target as Element).closest<HTMLElement>("[data-copy]");
  if (button) void copy(button);
});

async function copy(button: HTMLElement): Promise<void> {
  try {
    await navigator.clipboard.writeText(button.dataset["copy"] ?? "");
    toast(button.dataset["copied"] ?? "", 3);
  } catch {
    const box = one<HTMLInputElement>("input[data-select]", button.parentElement ?? document);
    box?.select();
  }
}

document.addEventListener("focusin", (event) => {
  if (event.target instanceof HTMLInputElement && "select" in event.target.dataset) event.target.select();
});

document.addEventListener("change", (event) => {
  const target = event.target as HTMLInputElement | HTMLSelectElement;
  if (target.matches("[data-submits]")) target.form?.requestSubmit();
});

// ── dialogs that an address names ──

function openNamed(): void {
  const named = document.getElementById(location.hash.slice(1));
  if (!(named instanceof HTMLDialogElement) || named.open) return;
  named.showModal();
  named.addEventListener("close", () => history.replaceState(null, "", location.pathname + location.search), {
    once: true,
  });
}

openNamed();
addEventListener("hashchange", openNamed);

// ── events of one dialect at a time ──

function showTypes(): void {
  const chosen = one<HTMLInputElement>("input[name=dialect]:checked")?.value ?? "";
  for (const group of all<HTMLElement>("[data-dialect]")) {
    group.hidden = !(group.dataset["dialect"] ?? "").split(" ").includes(chosen);
  }
}

if (one("input[name=dialect]")) {
  showTypes();
  document.addEventListener("change", showTypes);
}

// ── what belongs to one choice is shown with it ──

function showChosen(): void {
  for (const group of all<HTMLElement>("[data-when]")) {
    const [name, value] = (group.dataset["when"] ?? "").split("=");
    group.hidden = one<HTMLSelectElement>(`select[name="${name}"]`)?.value !== value;
  }
}

if (one("[data-when]")) {
  showChosen();
  document.addEventListener("change", showChosen);
}

// ── people who sign: as many lines as it takes ──

const people = one<HTMLElement>("[data-people]");

document.addEventListener("click", (event) => {
  const target = event.target as Element;
  if (!people) return;
  if (target.closest("[data-add-person]")) addPerson(people);
  if (target.closest("[data-remove-person]") && people.children.length > 1) removePerson(people, target);
  all("[data-number]", people).forEach((number, place) => (number.textContent = String(place + 1)));
});

/** Whoever goes on by keyboard is at the next person, or at the last one. */
function removePerson(list: HTMLElement, within: Element): void {
  const line = within.closest<HTMLElement>("[data-person]");
  const next = line?.nextElementSibling ?? line?.previousElementSibling;
  line?.remove();
  one<HTMLElement>("[data-remove-person]", next ?? list)?.focus();
}

function addPerson(list: HTMLElement): void {
  const line = list.lastElementChild?.cloneNode(true) as HTMLElement | undefined;
  if (!line) return;
  for (const error of all(".error", line)) error.remove();
  for (const wrong of [line, ...all(".wrong", line)]) wrong.classList.remove("wrong");
  for (const input of all<HTMLInputElement>("input", line)) {
    input.value = "";
    input.removeAttribute("aria-invalid");
    input.removeAttribute("aria-describedby");
  }
  list.append(line);
  one<HTMLInputElement>("input", line)?.focus();
}

// ── keys: j and k go through the list, Enter opens, / searches ──

document.addEventListener("keydown", (event) => {
  const target = event.target as HTMLElement;
  if (event.ctrlKey || event.metaKey || event.altKey || one("dialog[open]")) return;
  if (target.matches("input, textarea, select")) {
    if (event.key === "Escape" && "search" in target.dataset) target.blur();
    return;
  }
  if (event.key === "/") {
    const search = one<HTMLInputElement>("[data-search]");
    if (search) event.preventDefault();
    search?.select();
    search?.focus();
  } else if (event.key === "j" || event.key === "k") {
    go(event.key === "j" ? 1 : -1);
  }
});

/** Focus moves to the link itself, so that Enter and everything else work as on any link. */
function go(step: number): void {
  const links = all<HTMLElement>("[data-row] .row-link");
  const at = links.findIndex((link) => link.closest("[data-row]")?.contains(document.activeElement));
  const next = links[at < 0 ? (step > 0 ? 0 : links.length - 1) : at + step];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

document.addEventListener("focusin", (event) => {
  for (const row of all(".at")) row.classList.remove("at");
  (event.target as Element).closest("[data-row]")?.classList.add("at");
});

// ── pages that follow what happens ──

let timer = 0;
let failures = 0;

function follow(): void {
  clearTimeout(timer);
  const region = one<HTMLElement>("[data-live]");
  if (!region) return;
  const seconds = Number(region.dataset["live"]) * Math.min(2 ** failures, 8);
  timer = window.setTimeout(() => void renew(region), seconds * 1000);
}

async function renew(region: HTMLElement): Promise<void> {
  if (document.hidden || isBusy(region)) return follow();
  try {
    const answer = await fetch(region.dataset["liveUrl"] ?? location.href, { headers: { accept: "text/html" } });
    if (answer.redirected || !answer.ok) throw new Error(answer.statusText);
    replace(region, new DOMParser().parseFromString(await answer.text(), "text/html"));
    failures = 0;
  } catch {
    failures += 1;
  }
  const lost = one<HTMLElement>("[data-lost]");
  if (lost) lost.hidden = failures < 2;
  follow();
}

/** Nothing moves under somebody's hands. */
function isBusy(region: HTMLElement): boolean {
  const typing = document.activeElement?.matches("input, textarea, select") && region.contains(document.activeElement);
  return Boolean(typing || one("dialog[open], .menu[open]") || getSelection()?.type === "Range");
}

function replace(region: HTMLElement, page: Document): void {
  const fresh = one<HTMLElement>(`[data-region="${region.dataset["region"]}"]`, page);
  if (!fresh || unlinked(fresh) === shown) return;
  shown = unlinked(fresh);
  const open = new Set(all<HTMLDetailsElement>("details[id]", region).map((each) => `${each.id}${each.open}`));
  const focused = nameOf(document.activeElement);
  for (const each of all<HTMLDetailsElement>("details[id]", fresh)) {
    if (open.has(`${each.id}true`)) each.open = true;
    if (open.has(`${each.id}false`)) each.open = false;
  }
  region.dataset["live"] = fresh.dataset["live"] ?? "15";
  const picked = new Set(all<HTMLInputElement>("input:checked", region).map((each) => each.value));
  region.replaceChildren(...[...fresh.childNodes].map((node) => document.adoptNode(node)));
  for (const each of all<HTMLInputElement>("input[type=checkbox]", region)) each.checked = picked.has(each.value);
  reveal();
  if (focused && document.activeElement === document.body) one<HTMLElement>(focused, region)?.focus();
}

/** By which the same element is found again on a fresh page. */
function nameOf(element: Element | null): string {
  const name = ["id", "href", "data-copy"].find((each) => element?.hasAttribute(each));
  return name ? `[${name}="${CSS.escape(element?.getAttribute(name) ?? "")}"]` : "";
}

/** What the server said, without what changes with every answer: temporary links and the form's token. */
function unlinked(region: HTMLElement): string {
  return region.outerHTML.replaceAll(/(\/files\/[^"?]*)\?[^"]*/g, "$1");
}

const first = one<HTMLElement>("[data-live]");
let shown = first ? unlinked(first) : "";

whenever(() => {
  failures = 0;
  follow();
});
addEventListener("visibilitychange", () => {
  if (!document.hidden) follow();
});

// ── files dropped anywhere on a page that reads them ──

const drop = one<HTMLFormElement>("[data-drop]");
if (drop) {
  for (const type of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(type, (event) => {
      const drag = event as DragEvent;
      drag.preventDefault();
      drop.classList.toggle("over", type === "dragover");
      if (type === "drop" && drag.dataTransfer?.files.length) take(drop, drag.dataTransfer.files);
    });
  }
}

function take(form: HTMLFormElement, files: FileList): void {
  const input = one<HTMLInputElement>('input[type="file"]', form);
  if (!input) return;
  input.files = files;
  form.requestSubmit();
}
