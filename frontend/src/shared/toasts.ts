/** Toasts: what I did (with Undo, 6 s), or words of a refusal. Parts: parts/toast.html. */

import htmx from "htmx.org";
import { enhance, icon, make, onEach } from "./dom.ts";
import { STATUS_ICONS } from "./statuses.ts";
import { text } from "./texts.ts";
import { shownMs } from "./toast-time.ts";

const MOST = 3;

export interface Toast {
  text: string;
  status?: string;
  tone?: "error" | "warning" | "info" | "success";
  /** An address to post to, or what to do. */
  undo?: string | (() => void);
  url?: string;
  url_label?: string;
}

const TONES = {
  error: ["alert-circle", "danger"],
  warning: ["alert-triangle", "warn"],
  info: ["info-circle", "plain"],
  success: ["circle-check", "plain"],
} as const;

function region(): HTMLElement {
  return document.getElementById("co-toasts") ?? document.body;
}

function disc(status: string): HTMLElement {
  const open = status === "new" || status === "cancelled" ? " co-disc-open" : "";
  return make(
    "span",
    { class: `co-disc${open} co-k-${status}` },
    icon(STATUS_ICONS[status] ?? "point"),
  );
}

function tone(name: keyof typeof TONES): HTMLElement {
  const [glyph, colour] = TONES[name];
  return make("span", { class: `co-tone-${colour}` }, icon(glyph));
}

export function showToast(toast: Toast): void {
  const mark = toast.status ? disc(toast.status) : tone(toast.tone ?? "info");
  const element = make("div", { class: "co-toast", "data-toast": "" }, mark);
  element.append(make("span", {}, toast.text));
  if (toast.tone === "error") element.dataset.toastStay = "";
  if (toast.undo) element.append(undoButton(toast.undo));
  if (toast.url) {
    const link = make("a", { class: "co-btn co-btn-sm", href: toast.url }, toast.url_label ?? "");
    element.append(link);
  }
  element.append(closeButton());
  region().append(element);
  htmx.process(element);
}

function undoButton(undo: string | (() => void)): HTMLElement {
  const post = { "hx-post": String(undo), "hx-swap": "none", "data-toast-undo": "" };
  const attributes = { class: "co-btn co-btn-sm", type: "button" };
  if (typeof undo === "string") {
    return make("button", { ...attributes, ...post }, text("toast.undo"));
  }
  const button = make("button", attributes, text("toast.undo"));
  button.addEventListener("click", () => {
    button.closest("[data-toast]")?.remove();
    undo();
  });
  return button;
}

function closeButton(): HTMLElement {
  const attributes = {
    class: "co-btn co-btn-quiet co-btn-sm co-btn-icon",
    type: "button",
    "data-toast-close": "",
    "aria-label": text("toast.close"),
  };
  return make("button", attributes, icon("x"));
}

/** Goes by itself after 6 s, not while somebody points at it or stands on its button. */
function letGo(element: HTMLElement): void {
  // Only those in the region live.
  if (element.parentElement?.id !== "co-toasts") return;
  for (const old of [...region().querySelectorAll("[data-toast]")].slice(0, -MOST)) old.remove();
  const wait = shownMs(element.hasAttribute("data-toast-stay"));
  const leave = () => {
    const isWatched = element.matches(":hover") || element.contains(document.activeElement);
    if (isWatched) timer = setTimeout(leave, 1500);
    else element.remove();
  };
  let timer = setTimeout(leave, wait);
  element.addEventListener("pointerenter", () => clearTimeout(timer));
  element.addEventListener("pointerleave", () => {
    clearTimeout(timer);
    timer = setTimeout(leave, 2000);
  });
}

export function startToasts(): void {
  enhance("[data-toast]", letGo);
  onEach("click", "[data-toast-close]", (button) => button.closest("[data-toast]")?.remove());
  document.addEventListener("htmx:finally:request", (event) => {
    const source = event.target instanceof Element ? event.target : null;
    if (source?.matches("[data-toast-undo]")) source.closest("[data-toast]")?.remove();
  });
  document.addEventListener("co:toast", (event) => showToast((event as CustomEvent<Toast>).detail));
}
