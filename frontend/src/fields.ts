// The signer's fields: what is filled shows on the page, and each step leads to the next one.
import { lookOf, readyInk } from "./ink";
import { all, announce, isNarrow, one } from "./page";
import { openPanel } from "./panel";

const INKED: Record<string, string> = { signature: "mark", initials: "initials" };

export function readyFields(): void {
  const form = signingForm();
  if (!form || "ready" in form.dataset) return;
  form.dataset["ready"] = "";
  readyInk();
  form.addEventListener("input", () => show(form));
  form.addEventListener("change", () => show(form));
  form.addEventListener("focusin", (event) => {
    const item = (event.target as Element).closest<HTMLElement>("[data-item]");
    if (item) activate(form, item, { focus: false });
  });
  form.addEventListener("submit", (event) => refuseGaps(event, form), { capture: true });
  one('[data-step="next"]', form)?.addEventListener("click", () => step(form, 1));
  one('[data-step="back"]', form)?.addEventListener("click", () => step(form, -1));
  prepareLocation(form);
  const wrong = one<HTMLElement>('[aria-invalid="true"], .ink:has(.error)', form)?.closest<HTMLElement>("[data-item]");
  const first = wrong ?? items(form)[0];
  if (first) mark(form, first);
  show(form);
}

/** For the bar on a phone: to the first thing that is missing, or to the end. */
export function leadOn(): void {
  const form = signingForm();
  openPanel();
  if (!form) return;
  const next = items(form).find((item) => !complete(form, item)) ?? items(form).at(-1);
  if (next) activate(form, next, { focus: !isNarrow() });
}

/** A field on the page was pressed. */
export function goToField(place: HTMLElement): boolean {
  const form = signingForm();
  const item = form && itemOf(form, place);
  if (!form || !item) return false;
  openPanel();
  activate(form, item, { focus: true, scroll: false });
  return true;
}

function step(form: HTMLFormElement, way: 1 | -1): void {
  const list = items(form);
  const at = list.findIndex((item) => "current" in item.dataset);
  const here = list[at];
  if (way === 1 && here && !complete(form, here)) return complain(form, here);
  const to = list[at + way];
  if (to) activate(form, to, { focus: true });
}

function activate(form: HTMLFormElement, item: HTMLElement, how: { focus: boolean; scroll?: boolean }): void {
  const known = "current" in item.dataset;
  mark(form, item);
  const place = marksOf(item)[0];
  // once the sheet has its new height, and the desk the room to scroll clear of it
  if (place && how.scroll !== false && !known) setTimeout(() => bring(place), 60);
  if (how.focus) focusable(item)?.focus({ preventScroll: isNarrow() });
  if (how.focus && !isNarrow()) item.scrollIntoView({ block: "nearest", behavior: pace() });
}

function mark(form: HTMLFormElement, item: HTMLElement): void {
  for (const other of items(form)) delete other.dataset["current"];
  for (const place of marks()) delete place.dataset["current"];
  item.dataset["current"] = "";
  for (const place of marksOf(item)) place.dataset["current"] = "";
  const back = one<HTMLElement>('[data-step="back"]', form);
  if (back) back.style.visibility = item === items(form)[0] ? "hidden" : "visible";
}

function bring(place: HTMLElement): void {
  place.scrollIntoView({ block: isNarrow() ? "start" : "center", inline: "center", behavior: pace() });
}

function show(form: HTMLFormElement): void {
  for (const item of items(form)) if (item.dataset["for"] && complete(form, item)) one(".error", item)?.remove();
  for (const place of marks()) fill(form, place);
  const needed = marks().filter((place) => "required" in place.dataset);
  const done = needed.filter((place) => "filled" in place.dataset).length;
  const said = (form.dataset["progressWords"] ?? "").replace("{done}", `${done}`);
  if (needed.length) for (const progress of all("[data-progress]")) progress.textContent = said;
  const ready = items(form).every((item) => "finish" in item.dataset || complete(form, item));
  const label = one("[data-next] span");
  if (label) label.textContent = (ready ? form.dataset["signWord"] : form.dataset["nextWord"]) ?? "";
}

function fill(form: HTMLFormElement, place: HTMLElement): void {
  const value = one<HTMLElement>("[data-value]", place);
  if (!value) return;
  const inked = INKED[place.dataset["kind"] ?? ""];
  const look = inked ? lookOf(inked, form) : { text: shownValue(form, place) };
  place.toggleAttribute("data-filled", Boolean(look?.text || look?.picture));
  if (look?.picture) {
    const image = one<HTMLImageElement>("img", value) ?? document.createElement("img");
    // the label gives way to the picture, and the link must still have a name
    image.alt = one(".mark-label", place)?.textContent ?? "";
    if (image.src !== look.picture) image.src = look.picture;
    value.replaceChildren(image);
  } else {
    value.textContent = look?.text ?? "";
    value.style.setProperty("--signs", `${value.textContent.length}`);
  }
}

function shownValue(form: HTMLFormElement, place: HTMLElement): string {
  const input = form.elements.namedItem(place.dataset["field"] ?? "");
  if (!(input instanceof HTMLInputElement)) return "";
  if (input.type === "checkbox") return input.checked ? "✓" : "";
  if (input.type !== "date" || !input.value) return input.value.trim();
  return new Date(`${input.value}T12:00`).toLocaleDateString(document.documentElement.lang);
}

function complete(form: HTMLFormElement, item: HTMLElement): boolean {
  const inked = INKED[item.dataset["for"] ?? ""];
  if (inked) return lookOf(inked, form) !== null;
  return all<HTMLInputElement>("input", item).every((input) => input.validity.valid);
}

function refuseGaps(event: Event, form: HTMLFormElement): void {
  const gap = items(form).find((item) => !complete(form, item));
  if (!gap) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  openPanel();
  activate(form, gap, { focus: false });
  complain(form, gap);
}

/** The browser says what is missing, in its own words and at the field; of ink it knows nothing. */
function complain(form: HTMLFormElement, item: HTMLElement): void {
  const wrong = all<HTMLInputElement>("input", item).find((input) => !input.validity.valid);
  if (wrong) wrong.reportValidity();
  else askForInk(form, item);
}

function askForInk(form: HTMLFormElement, item: HTMLElement): void {
  const said = one<HTMLTemplateElement>("template[data-missing-ink]", form)?.content.cloneNode(true);
  if (said && !one(".error", item)) one(".ink", item)?.append(said);
  const error = one(".error", item);
  const choice = one<HTMLInputElement>('input[type="radio"]:checked', item);
  choice?.focus({ preventScroll: true });
  error?.scrollIntoView({ block: "nearest" });
  announce(error?.textContent?.trim() ?? "");
}

function prepareLocation(form: HTMLFormElement): void {
  const button = one<HTMLButtonElement>("[data-locate]", form);
  button?.addEventListener("click", () => {
    const say = (word: string | undefined) => {
      const label = one("span", button);
      if (label) label.textContent = word ?? "";
      button.disabled = true;
    };
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        write(form, "latitude", coords.latitude);
        write(form, "longitude", coords.longitude);
        say(button.dataset["kept"]);
      },
      () => say(button.dataset["denied"]),
      { enableHighAccuracy: true, timeout: 15_000 },
    );
  });
}

function write(form: HTMLFormElement, name: string, degrees: number): void {
  const input = form.elements.namedItem(name);
  if (input instanceof HTMLInputElement) input.value = degrees.toFixed(6);
}

function itemOf(form: HTMLFormElement, place: HTMLElement): HTMLElement | null {
  const kind = place.dataset["kind"] ?? "";
  const selector = INKED[kind] ? `[data-for="${kind}"]` : `[data-for-field="${place.dataset["field"]}"]`;
  return one<HTMLElement>(selector, form) ?? one<HTMLElement>("[data-finish]", form);
}

function marksOf(item: HTMLElement): HTMLElement[] {
  const { for: kind, forField: field } = item.dataset;
  return marks().filter((place) => place.dataset["kind"] === kind || (field && place.dataset["field"] === field));
}

const signingForm = () => one<HTMLFormElement>("form[data-signing]");
const items = (form: HTMLFormElement) => all<HTMLElement>("[data-item]", form);
const marks = () => all<HTMLElement>("[data-field]");
const focusable = (item: HTMLElement) =>
  one<HTMLElement>('input:not([type="hidden"], [readonly]):not([type="radio"]:not(:checked)), button', item);
const pace = (): ScrollBehavior => (matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth");
