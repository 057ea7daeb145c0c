// Pages sharpen when they come near: pdf.js draws over the server's picture, with text to select and read aloud.
import { all, isNarrow, one, whenever } from "./page";
import type { Paper } from "./pdf";

const papers = new Map<HTMLElement, Promise<Paper | null>>();
const near = new Set<HTMLElement>();
let drawing = Promise.resolve();

export function sharpenPages(): void {
  const desk = one<HTMLElement>("[data-desk]");
  if (!desk || savesData()) return;
  const watcher = new IntersectionObserver(noticed, { root: isNarrow() ? null : desk, rootMargin: "60% 0px" });
  whenever(() => {
    for (const page of near) if (!page.isConnected) near.delete(page);
    for (const page of all<HTMLElement>(".document .page")) watcher.observe(page);
  });
  const again = later(() => near.forEach(redraw), 250);
  new ResizeObserver(again).observe(desk);
  visualViewport?.addEventListener("resize", again);
  document.addEventListener("lacre:zoomed", again);
}

function noticed(entries: IntersectionObserverEntry[]): void {
  for (const { target, isIntersecting } of entries) {
    const page = target as HTMLElement;
    if (isIntersecting) {
      near.add(page);
      redraw(page);
    } else {
      near.delete(page);
      clear(page);
    }
  }
}

/** One page at a time, so that the one in sight is not held up by many. */
function redraw(page: HTMLElement): void {
  drawing = drawing.then(() => draw(page)).catch(() => undefined);
}

async function draw(page: HTMLElement): Promise<void> {
  const document_ = page.closest<HTMLElement>(".document");
  if (!near.has(page) || !document_) return;
  await pictured(page);
  if (!document_.dataset["pdf"]) return enlarge(page);
  const paper = await paperOf(document_);
  if (paper && near.has(page)) await paper.draw(page, Number(page.dataset["page"]), sharpness());
}

/** The server's picture first: it is what people see at once. */
async function pictured(page: HTMLElement): Promise<void> {
  const image = one<HTMLImageElement>("img", page);
  if (image && !image.complete) await new Promise((done) => image.addEventListener("load", done, { once: true }));
}

/** Where signers may not have the file itself, the server draws a larger picture. */
function enlarge(page: HTMLElement): void {
  const image = one<HTMLImageElement>("img", page);
  if (image) image.sizes = `${Math.round(page.clientWidth * (visualViewport?.scale ?? 1))}px`;
}

function paperOf(document_: HTMLElement): Promise<Paper | null> {
  const known = papers.get(document_);
  if (known) return known;
  const { pdfWorker = "", pdfAssets = "" } = document.body.dataset;
  const opened = import("./pdf")
    .then(({ open }) => open(document_.dataset["pdf"] ?? "", { worker: pdfWorker, assets: pdfAssets }))
    .catch(() => null);
  papers.set(document_, opened);
  return opened;
}

function clear(page: HTMLElement): void {
  one("canvas", page)?.remove();
  one(".textLayer", page)?.remove();
  delete page.dataset["drawn"];
}

function sharpness(): number {
  return devicePixelRatio * (visualViewport?.scale ?? 1);
}

function savesData(): boolean {
  const { connection } = navigator as Navigator & { connection?: { saveData?: boolean } };
  return connection?.saveData === true;
}

function later(work: () => void, wait: number): () => void {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = window.setTimeout(work, wait);
  };
}
