// Forms that change only their part of the page: the answer is a full page, of which the regions are taken.
import { all, announce, one, reveal, toast } from "./page";

export function swapForms(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !(form instanceof HTMLFormElement) || !("swap" in form.dataset)) return;
    event.preventDefault();
    void send(form, event.submitter);
  });
}

/** Asks for the page again and takes over what is new. */
export async function refresh(url: string): Promise<void> {
  await take(await fetch(url, { headers: { accept: "text/html" } }));
}

async function send(form: HTMLFormElement, submitter: HTMLElement | null): Promise<void> {
  if (form.getAttribute("aria-busy") === "true") return;
  form.setAttribute("aria-busy", "true");
  submitter?.setAttribute("aria-busy", "true");
  try {
    await take(await fetch(form.action, { method: "POST", body: new FormData(form) }));
  } catch {
    toast(one<HTMLElement>("[data-toasts]")?.dataset["offline"] ?? "");
  } finally {
    form.removeAttribute("aria-busy");
    submitter?.removeAttribute("aria-busy");
  }
}

async function take(answer: Response): Promise<void> {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const regions = all<HTMLElement>("[data-region]", page);
  const met = regions.filter((region) => replace(region));
  if (!met.length) document.body.replaceWith(document.adoptNode(page.body));
  document.body.className = page.body.className || document.body.className;
  document.title = page.title || document.title;
  reveal();
  document.dispatchEvent(new CustomEvent("lacre:swapped"));
  attend();
}

function replace(region: HTMLElement): boolean {
  const here = one<HTMLElement>(`[data-region="${region.dataset["region"]}"]`);
  if (!here) return false;
  if (here.dataset["version"] !== undefined && here.dataset["version"] === region.dataset["version"]) return true;
  const place = here.scrollTop;
  for (const name of here.getAttributeNames()) {
    if (name !== "data-open" && !region.hasAttribute(name)) here.removeAttribute(name);
  }
  for (const name of region.getAttributeNames()) here.setAttribute(name, region.getAttribute(name) ?? "");
  here.replaceChildren(...[...region.childNodes].map((node) => document.adoptNode(node)));
  here.scrollTop = place;
  return true;
}

/** What is wrong first, else the new heading: for the eye, the keyboard and the ear. */
function attend(): void {
  const wrong = one<HTMLElement>('[aria-invalid="true"], .wrong input');
  const heading = one<HTMLElement>("[data-heading]");
  (wrong ?? heading)?.focus({ preventScroll: !wrong });
  announce((wrong ? one(".error")?.textContent : heading?.textContent) ?? "");
}
