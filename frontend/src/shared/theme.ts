/** Theme: as the device, light or dark; a cookie, so that the server paints the next page so. */

import { enhance } from "./dom.ts";

const COOKIE = "callout_theme";
const YEAR = 365 * 24 * 3600;

export function chosenTheme(cookies: string): string {
  const found = cookies.match(/(?:^|;\s*)callout_theme=(\w+)/)?.[1];
  return found ?? document.documentElement.dataset.bsTheme ?? "system";
}

export function chooseTheme(theme: string): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not everywhere yet
  document.cookie = `${COOKIE}=${theme}; path=/; max-age=${YEAR}; samesite=lax`;
  if (theme === "system") delete document.documentElement.dataset.bsTheme;
  else document.documentElement.dataset.bsTheme = theme;
}

export function startTheme(): void {
  enhance("[data-theme-choice]", (group) => {
    const now = chosenTheme(document.cookie);
    for (const radio of group.querySelectorAll("input")) radio.checked = radio.value === now;
    group.addEventListener("change", (event) => {
      if (event.target instanceof HTMLInputElement) chooseTheme(event.target.value);
    });
  });
}
