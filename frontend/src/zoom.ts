// Larger and smaller, by buttons and keys; what stood in the middle stays there.
import { all, one } from "./page";

const STEPS = [0.5, 0.75, 1, 1.25, 1.5, 2, 3, 4];
let at = STEPS.indexOf(1);

export function zooming(): void {
  for (const button of all<HTMLElement>("[data-zoom]")) {
    button.addEventListener("click", () => zoom(button.dataset["zoom"] === "in" ? 1 : -1));
  }
}

function zoom(way: 1 | -1): void {
  const desk = one<HTMLElement>("[data-desk]");
  const level = STEPS[at + way];
  if (!desk || level === undefined) return;
  at += way;
  const middle = (desk.scrollTop + desk.clientHeight / 2) / desk.scrollHeight;
  for (const paper of all<HTMLElement>(".document", desk)) paper.style.setProperty("--zoom", `${level}`);
  desk.scrollTop = middle * desk.scrollHeight - desk.clientHeight / 2;
  desk.scrollLeft = (desk.scrollWidth - desk.clientWidth) / 2;
  const shown = one("[data-zoom-level]");
  if (shown) shown.textContent = `${Math.round(level * 100)} %`;
  document.dispatchEvent(new CustomEvent("lacre:zoomed"));
}
