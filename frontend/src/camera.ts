// Photos of a face or a document: by the camera where there is one, else as a file.
import { all, one } from "./page";

const QUALITY = 0.9;
let wanted = false;
let stream: MediaStream | null = null;

export function readyCamera(): void {
  if (!one("[data-camera]")) stop();
  for (const form of all<HTMLFormElement>("[data-camera]:not([data-ready])")) prepare(form);
}

function prepare(form: HTMLFormElement): void {
  form.dataset["ready"] = "";
  part(form, "camera-start").addEventListener("click", () => void start(form));
  part(form, "camera-shoot").addEventListener("click", () => void shoot(form));
  part(form, "camera-again").addEventListener("click", () => void start(form));
  fileOf(form).addEventListener("change", () => show(form));
  part(form, "photo-send").hidden = true;
  // whoever used it for one photo wants it for the next
  if (wanted) void start(form);
}

async function start(form: HTMLFormElement): Promise<void> {
  stop();
  try {
    const facingMode = form.dataset["camera"] ?? "user";
    stream = await navigator.mediaDevices.getUserMedia({
      video: { facingMode, width: { ideal: 1600 }, height: { ideal: 1200 } },
    });
  } catch {
    wanted = false;
    part(form, "camera-denied").hidden = false;
    part(form, "camera-start").hidden = true;
    fileOf(form).focus();
    return;
  }
  wanted = true;
  part(form, "photo-file").hidden = false;
  const video = film(form);
  video.srcObject = stream;
  face(form, "looking");
  await video.play();
}

async function shoot(form: HTMLFormElement): Promise<void> {
  const video = film(form);
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
  canvas.getContext("2d")?.drawImage(video, 0, 0);
  const taken = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  if (!taken) return;
  const carried = new DataTransfer();
  carried.items.add(new File([taken], "photo.jpg", { type: "image/jpeg" }));
  fileOf(form).files = carried.files;
  stop();
  part(form, "photo-file").hidden = true;
  show(form);
}

function show(form: HTMLFormElement): void {
  const file = fileOf(form).files?.[0];
  if (!file) return;
  const preview = part<HTMLImageElement>(form, "preview");
  preview.src = URL.createObjectURL(file);
  face(form, "taken");
  one<HTMLButtonElement>("[data-photo-send] button", form)?.focus({ preventScroll: true });
}

/** Before, while the camera looks, and once there is a photo. */
function face(form: HTMLFormElement, now: "looking" | "taken"): void {
  part(form, "viewfinder").hidden = now !== "looking";
  part(form, "camera-shoot").hidden = now !== "looking";
  part(form, "camera-start").hidden = true;
  part(form, "preview").hidden = now !== "taken";
  part(form, "photo-send").hidden = now !== "taken";
  part(form, "camera-again").hidden = now !== "taken" || !wanted;
}

function stop(): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = null;
}

function part<T extends HTMLElement = HTMLElement>(form: HTMLFormElement, name: string): T {
  return one<T>(`[data-${name}]`, form) as T;
}

const film = (form: HTMLFormElement) => one<HTMLVideoElement>("video", form) as HTMLVideoElement;
const fileOf = (form: HTMLFormElement) => one<HTMLInputElement>('input[type="file"]', form) as HTMLInputElement;
