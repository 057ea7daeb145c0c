// The panel: beside the document on a wide screen, a sheet that comes up from below on a phone.
import { isNarrow, one } from "./page";

export function openPanel(): void {
  const panel = one<HTMLElement>("#panel");
  if (!panel || "open" in panel.dataset) return;
  panel.dataset["open"] = "";
  if (isNarrow()) one<HTMLElement>("[data-heading]", panel)?.focus({ preventScroll: true });
}

export function closePanel(): void {
  const panel = one<HTMLElement>("#panel");
  if (panel) delete panel.dataset["open"];
}

/** The last page can be scrolled clear of the sheet. */
export function panelLeavesRoom(): void {
  const panel = one<HTMLElement>("#panel");
  if (!panel) return;
  const tell = () => {
    const taken = isNarrow() && "open" in panel.dataset ? panel.offsetHeight : 0;
    document.documentElement.style.setProperty("--sheet-height", `${taken}px`);
  };
  new ResizeObserver(tell).observe(panel);
  new MutationObserver(tell).observe(panel, { attributeFilter: ["data-open"] });
}

export function panelCloses(): void {
  document.addEventListener("keydown", (event) => {
    // what lies above the sheet, or did until this key closed it
    if (event.key !== "Escape" || event.defaultPrevented || one("dialog[open], .menu[open]")) return;
    if (isNarrow()) closePanel();
  });
  document.addEventListener("click", (event) => {
    const target = event.target as Element;
    if (target.closest("[data-close-panel]")) closePanel();
    else if (target.closest(".page") && !target.closest(".mark")) closePanel();
  });
}
