// The signing room.
import { readyCamera } from "./camera";
import { goToField, leadOn, readyFields } from "./fields";
import { askForNews, tell, tellWhatIs } from "./news";
import { isNarrow, one, whenever } from "./page";
import { closePanel, openPanel, panelCloses, panelLeavesRoom } from "./panel";
import { sharpenPages } from "./pages";
import { zooming } from "./zoom";

whenever(() => {
  readyFields();
  readyCamera();
  tellWhatIs();
  askForNews();
});
panelCloses();
panelLeavesRoom();
zooming();
greet();
followSteps();
currentTab();
if (document.readyState === "complete") sharpenPages();
else addEventListener("load", sharpenPages, { once: true });

document.addEventListener("click", (event) => {
  const target = event.target as Element;
  const field = target.closest<HTMLElement>("[data-field]");
  if (field) {
    if (goToField(field)) event.preventDefault();
    else field.blur();
  } else if (target.closest("[data-next]")) {
    event.preventDefault();
    leadOn();
  } else if (target.closest("[data-open-panel]")) {
    event.preventDefault();
    openPanel();
  }
});

/** The document is there once its first page can be seen. */
function greet(): void {
  const first = one<HTMLImageElement>(".page img");
  if (!first || first.complete) tell("Loaded");
  else first.addEventListener("load", () => tell("Loaded"), { once: true });
}

/** On a phone each new step comes up by itself, except where the document is to be read. */
function followSteps(): void {
  const step = () => one<HTMLElement>("#panel")?.dataset["state"]?.split(".")[0];
  if (isNarrow() && ["identify", "done", "wait", "watch"].includes(step() ?? "")) openPanel();
  let before = step();
  document.addEventListener("lacre:swapped", () => {
    const now = step();
    if (now === before || !isNarrow()) return;
    before = now;
    if (now === "sign") leadOn();
    else if (now === "read") closePanel();
    else openPanel();
  });
}

function currentTab(): void {
  const tabs = [...document.querySelectorAll<HTMLAnchorElement>(".tabs a")];
  if (!tabs.length) return;
  const watcher = new IntersectionObserver(
    (entries) => {
      for (const entry of entries.filter((seen) => seen.isIntersecting)) {
        for (const tab of tabs) markCurrent(tab, tab.hash === `#${entry.target.id}`);
      }
    },
    { rootMargin: "-30% 0px -60% 0px" },
  );
  for (const tab of tabs) {
    const paper = one(tab.hash);
    if (paper) watcher.observe(paper);
  }
}

function markCurrent(tab: HTMLElement, current: boolean): void {
  if (current) tab.setAttribute("aria-current", "true");
  else tab.removeAttribute("aria-current");
}
