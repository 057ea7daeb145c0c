// A signature or initials: drawn on a pad, typed, or a chosen picture.
import SignaturePad from "signature_pad";
import { all, one } from "./page";

const PEN = "#16335f";

/** What the mark looks like now: a picture, a text, or nothing yet. */
export interface Look {
  picture?: string;
  text?: string;
}

export function readyInk(): void {
  for (const place of all<HTMLElement>("[data-ink]:not([data-ready])")) prepare(place);
}

export function lookOf(name: string, form: ParentNode): Look | null {
  const place = one<HTMLElement>(`[data-ink="${name}"]`, form);
  if (!place) {
    const text = name === "mark" ? one<HTMLInputElement>("[data-plain-mark]", form)?.value : "";
    return text ? { text } : null;
  }
  return looks[chosenWay(place)]?.(place) ?? null;
}

const looks: Record<string, (place: HTMLElement) => Look | null> = {
  drawn: (place) => picture(drawing(place).value),
  typed: (place) => words(textInput(place).value),
  uploaded: (place) => picture(preview(place).hidden ? "" : preview(place).src),
};

function prepare(place: HTMLElement): void {
  place.dataset["ready"] = "";
  if ("fresh" in place.dataset) choose(place, "drawn");
  showWay(place);
  place.addEventListener("change", (event) => {
    if ((event.target as HTMLInputElement).type === "radio") showWay(place);
  });
  preparePad(place);
  textInput(place).addEventListener("input", () => showHandwriting(place));
  prepareUpload(place);
}

function preparePad(place: HTMLElement): void {
  const canvas = one<HTMLCanvasElement>("[data-pad]", place);
  if (!canvas) return;
  const pad = new SignaturePad(canvas, { penColor: PEN, minWidth: 0.8, maxWidth: 2.8, throttle: 8 });
  const keep = () => {
    drawing(place).value = pad.isEmpty() ? "" : trimmed(canvas);
    place.dispatchEvent(new Event("input", { bubbles: true }));
  };
  pad.addEventListener("endStroke", keep);
  new ResizeObserver(() => fit(pad, canvas, drawing(place).value)).observe(canvas);
  one("[data-undo]", place)?.addEventListener("click", () => {
    const strokes = pad.toData().slice(0, -1);
    pad.clear();
    pad.fromData(strokes);
    keep();
  });
  one("[data-clear]", place)?.addEventListener("click", () => {
    pad.clear();
    keep();
  });
}

/** A canvas forgets its strokes when its size changes: they are drawn again, or else the picture that came back. */
function fit(pad: SignaturePad, canvas: HTMLCanvasElement, kept: string): void {
  const { width, height } = canvas.getBoundingClientRect();
  const ratio = Math.max(devicePixelRatio, 2);
  if (!width || canvas.width === Math.round(width * ratio)) return;
  const strokes = pad.toData();
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.getContext("2d")?.scale(ratio, ratio);
  pad.clear();
  if (strokes.length) pad.fromData(strokes);
  else if (kept) void showKept(canvas, kept, width, height);
}

async function showKept(canvas: HTMLCanvasElement, kept: string, width: number, height: number): Promise<void> {
  const image = new Image();
  image.src = kept;
  await image.decode();
  const scale = Math.min((width * 0.8) / image.width, (height * 0.7) / image.height);
  const [w, h] = [image.width * scale, image.height * scale];
  canvas.getContext("2d")?.drawImage(image, (width - w) / 2, (height - h) / 2, w, h);
}

function trimmed(canvas: HTMLCanvasElement): string {
  const box = inkedBox(canvas);
  if (!box) return "";
  const out = document.createElement("canvas");
  [out.width, out.height] = [box.width, box.height];
  out.getContext("2d")?.drawImage(canvas, box.x, box.y, box.width, box.height, 0, 0, box.width, box.height);
  return out.toDataURL("image/png");
}

function inkedBox(canvas: HTMLCanvasElement): DOMRect | null {
  const points = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data;
  if (!points) return null;
  let [left, top, right, bottom] = [canvas.width, canvas.height, -1, -1];
  for (let y = 0; y < canvas.height; y++) {
    for (let x = 0; x < canvas.width; x++) {
      if (!points[(y * canvas.width + x) * 4 + 3]) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  }
  return right < 0 ? null : new DOMRect(left, top, right - left + 1, bottom - top + 1);
}

function prepareUpload(place: HTMLElement): void {
  const input = one<HTMLInputElement>('input[type="file"]', place);
  input?.addEventListener("change", () => {
    const file = input.files?.[0];
    const shown = preview(place);
    shown.hidden = !file;
    if (file) shown.src = URL.createObjectURL(file);
    place.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

function showWay(place: HTMLElement): void {
  const chosen = chosenWay(place);
  for (const way of all<HTMLElement>("[data-way]", place)) way.hidden = way.dataset["way"] !== chosen;
  showHandwriting(place);
}

function showHandwriting(place: HTMLElement): void {
  const shown = one("[data-handwriting]", place);
  if (shown) shown.textContent = textInput(place).value;
}

function chosenWay(place: HTMLElement): string {
  return one<HTMLInputElement>('input[type="radio"]:checked', place)?.value ?? "typed";
}

function choose(place: HTMLElement, way: string): void {
  const radio = one<HTMLInputElement>(`input[type="radio"][value="${way}"]`, place);
  if (radio) radio.checked = true;
}

const drawing = (place: HTMLElement) => one<HTMLInputElement>('input[name$="_drawing"]', place)!;
const textInput = (place: HTMLElement) => one<HTMLInputElement>('input[name$="_text"]', place)!;
const preview = (place: HTMLElement) => one<HTMLImageElement>("[data-preview]", place)!;
const picture = (source: string): Look | null => (source ? { picture: source } : null);
const words = (text: string): Look | null => (text.trim() ? { text: text.trim() } : null);
