// pdf.js, and the only file that knows it: scripts off, no code from strings, everything from our own server.
import { AnnotationMode, getDocument, GlobalWorkerOptions, TextLayer, VerbosityLevel, type PDFDocumentProxy } from "pdfjs-dist";

const MOST_POINTS = 16_000_000;

export interface Paper {
  /** Draws a page over its picture, at so many device pixels a CSS pixel. */
  draw(place: HTMLElement, number: number, sharpness: number): Promise<void>;
}

export async function open(url: string, from: { worker: string; assets: string }): Promise<Paper> {
  GlobalWorkerOptions.workerSrc = from.worker;
  const pdf = await getDocument({
    url: new URL(url, location.href).href,
    cMapUrl: `${from.assets}cmaps/`,
    cMapPacked: true,
    standardFontDataUrl: `${from.assets}standard_fonts/`,
    wasmUrl: `${from.assets}wasm/`,
    isEvalSupported: false,
    verbosity: VerbosityLevel.ERRORS,
    enableXfa: false,
    disableAutoFetch: true,
    disableStream: true,
  }).promise;
  return { draw: (place, number, sharpness) => draw(pdf, place, number, sharpness) };
}

async function draw(pdf: PDFDocumentProxy, place: HTMLElement, number: number, sharpness: number): Promise<void> {
  const page = await pdf.getPage(number);
  const width = place.clientWidth;
  const { width: points, height: tall } = page.getViewport({ scale: 1 });
  const most = Math.sqrt(MOST_POINTS / (points * tall));
  const scale = Math.min((width / points) * sharpness, most);
  if (place.dataset["drawn"] === scale.toFixed(3)) return;
  const viewport = page.getViewport({ scale });
  const canvas = document.createElement("canvas");
  canvas.width = Math.floor(viewport.width);
  canvas.height = Math.floor(viewport.height);
  canvas.setAttribute("aria-hidden", "true");
  await page.render({ canvas, viewport, annotationMode: AnnotationMode.ENABLE }).promise;
  place.querySelector("canvas")?.remove();
  place.querySelector("img")?.after(canvas);
  place.dataset["drawn"] = scale.toFixed(3);
  await layText(page, place, width / points);
}

async function layText(page: Awaited<ReturnType<PDFDocumentProxy["getPage"]>>, place: HTMLElement, scale: number) {
  const container = document.createElement("div");
  container.className = "textLayer";
  container.style.setProperty("--total-scale-factor", `${scale}`);
  const textContentSource = page.streamTextContent({ includeMarkedContent: true });
  await new TextLayer({ textContentSource, container, viewport: page.getViewport({ scale }) }).render();
  place.querySelector(".textLayer")?.remove();
  place.querySelector(".marks")?.before(container);
}
