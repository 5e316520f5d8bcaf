/** Files dropped on a form, or a picture pasted: as if they had been chosen in its file field. */

import { onEach } from "../shared/dom.ts";

function field(form: Element): HTMLInputElement | null {
  return form.querySelector<HTMLInputElement>("input[type=file]");
}

/** Hands files to the form's own field and says so, as a choice by hand does. */
export function give(form: Element, files: FileList | undefined): boolean {
  const input = field(form);
  if (!input || !files?.length) return false;
  input.files = files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
  return true;
}

function typing(): boolean {
  return document.activeElement?.matches("input:not([type=file]), textarea, select") ?? false;
}

export function startDrop(): void {
  onEach("dragover", "[data-drop]", (form, event) => {
    event.preventDefault();
    form.classList.add("is-over");
  });
  onEach("dragleave", "[data-drop]", (form) => form.classList.remove("is-over"));
  onEach("drop", "[data-drop]", (form, event) => {
    event.preventDefault();
    form.classList.remove("is-over");
    give(form, event.dataTransfer?.files);
  });
  document.addEventListener("paste", (event) => {
    const form = document.querySelector("[data-drop]");
    if (form && !typing() && give(form, event.clipboardData?.files)) event.preventDefault();
  });
}
