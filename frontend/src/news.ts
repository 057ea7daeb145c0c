// What happens elsewhere: a page that waits asks now and then, and tells the page around it.
import { one } from "./page";
import { refresh } from "./swap";

const told = new Set<string>();

/** One of the strings that the page around a framed room expects; each once. */
export function tell(what: "Loaded" | "Signed" | "FileReady"): void {
  const words = document.body.dataset[`message${what}`];
  if (!words || told.has(what)) return;
  told.add(what);
  if (window.parent !== window) window.parent.postMessage(words, "*");
}

export function tellWhatIs(): void {
  const panel = one<HTMLElement>("[data-region=panel]");
  if (panel && "justSigned" in panel.dataset) tell("Signed");
  if (panel?.dataset["state"]?.startsWith("done.") && panel.dataset["state"].endsWith(".1")) tell("FileReady");
}

let waits = 0;
let timer = 0;

export function askForNews(): void {
  clearTimeout(timer);
  const state = one<HTMLElement>("[data-region=panel]")?.dataset["state"] ?? "";
  if (!/^(done|wait|watch|identify-locked)\.pending|^done\..*\.0$|^closed\.pending/.test(state)) return;
  waits = 0;
  schedule();
}

function schedule(): void {
  const seconds = Math.min(1.5 * 1.25 ** waits++, 20);
  timer = window.setTimeout(() => void ask(), seconds * 1000);
}

async function ask(): Promise<void> {
  const { stateUrl = "", roomUrl = "" } = document.body.dataset;
  const shown = one<HTMLElement>("[data-region=panel]")?.dataset["state"];
  try {
    const { state } = (await (await fetch(stateUrl)).json()) as { state: string };
    if (state !== shown) await refresh(roomUrl);
    else schedule();
  } catch {
    schedule();
  }
}
