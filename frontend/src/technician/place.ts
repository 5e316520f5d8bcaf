/** Where one stands when saying so: fills latitude and longitude of a form[data-place]. */

import { enhance } from "../shared/dom.ts";

const WAIT_MS = 8000;

function fill(form: HTMLElement, name: string, value: number): void {
  const input = form.querySelector<HTMLInputElement>(`input[name=${name}]`);
  if (input) input.value = value.toFixed(6);
}

export function startPlaces(): void {
  enhance("form[data-place]", (form) => {
    // No answer, no permission, no signal: the form is sent without a place, as it may be.
    navigator.geolocation?.getCurrentPosition(
      ({ coords }) => {
        fill(form, "latitude", coords.latitude);
        fill(form, "longitude", coords.longitude);
      },
      () => undefined,
      { enableHighAccuracy: true, timeout: WAIT_MS, maximumAge: 60_000 },
    );
  });
}
