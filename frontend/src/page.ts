// Finding things on a page, and saying something to whoever sees or hears it.

export function all<T extends Element>(selector: string, within: ParentNode = document): T[] {
  return [...within.querySelectorAll<T>(selector)];
}

export function one<T extends Element>(selector: string, within: ParentNode = document): T | null {
  return within.querySelector<T>(selector);
}

/** Runs for what stands on the page now, and again for what a swap brings. */
export function whenever(ready: () => void): void {
  ready();
  document.addEventListener("lacre:swapped", ready);
}

/** Shows what makes sense only with a script; of the ways to sign, whoever chooses shows one. */
export function reveal(): void {
  for (const element of all<HTMLElement>("[data-scripted][hidden]:not([data-way])")) element.hidden = false;
}

export function announce(words: string): void {
  const place = one("[data-announcements]");
  if (place) place.textContent = words;
}

export function toast(words: string, seconds = 6): void {
  const place = one("[data-toasts]");
  if (!place || !words) return;
  const shown = document.createElement("p");
  shown.className = "toast";
  shown.textContent = words;
  place.append(shown);
  setTimeout(() => shown.remove(), seconds * 1000);
}

export function isNarrow(): boolean {
  return matchMedia("(max-width: 63.99rem)").matches;
}
