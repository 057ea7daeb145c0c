// A file dropped anywhere on the page is checked at once.
import { one } from "./page";

for (const type of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(type, (event) => {
    const drag = event as DragEvent;
    drag.preventDefault();
    one("[data-drop]")?.classList.toggle("over", type === "dragover");
    if (type === "drop" && drag.dataTransfer?.files.length) check(drag.dataTransfer.files);
  });
}

function check(files: FileList): void {
  const form = one<HTMLFormElement>("[data-drop]");
  const input = form && one<HTMLInputElement>('input[type="file"]', form);
  if (!form || !input) return;
  input.files = files;
  form.requestSubmit();
}
