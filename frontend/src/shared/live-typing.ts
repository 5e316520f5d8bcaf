/** Nobody's words are taken by what others do: what is to be fetched while somebody types in it is
 *  owed, and fetched once he has left the field. */

import { setAside } from "./drafts.ts";
import { contextOf, isSending } from "./requests.ts";

/** Who leaves a field mostly presses something beside it: that comes first. */
const LEFT_MS = 300;

const owed = new Set<HTMLElement>();

/** Whether a field says something else than what came with the page. */
function isTouched(field: Element): boolean {
  if (field instanceof HTMLSelectElement) {
    const given = [...field.options].findIndex((option) => option.defaultSelected);
    return field.selectedIndex !== Math.max(given, 0);
  }
  if (field instanceof HTMLTextAreaElement) return field.value !== field.defaultValue;
  if (!(field instanceof HTMLInputElement)) return false;
  return field.value !== field.defaultValue || field.checked !== field.defaultChecked;
}

/** Whether somebody is in the middle of typing in there, or sends it. What is kept as a draft is
 *  not in the way once its field is left: it is put into what comes. */
export function isBeingEdited(element: Element): boolean {
  if ([...element.querySelectorAll("form")].some(isSending)) return true;
  const forms = element.querySelectorAll<HTMLFormElement>("form:not([data-draft])");
  if ([...forms].some((form) => [...form.elements].some(isTouched))) return true;
  const active = document.activeElement;
  return active !== null && element.contains(active) && active.matches("input, textarea, select");
}

/** Whether it may be fetched now; else it is owed. */
export function isFree(element: HTMLElement): boolean {
  if (!isBeingEdited(element)) return true;
  owed.add(element);
  return false;
}

/** The answer to a refresh may arrive under somebody's hands. */
function arrives(event: Event): void {
  const element = contextOf(event)?.sourceElement;
  if (!element?.hasAttribute("data-live")) return;
  if (isFree(element)) setAside(element);
  else event.preventDefault();
}

export function startTyping(fetchAgain: (element: Element) => void): void {
  const pay = () => {
    for (const element of [...owed]) {
      if (element.isConnected && isBeingEdited(element)) continue;
      owed.delete(element);
      if (element.isConnected) fetchAgain(element);
    }
  };
  const soon = () => owed.size && setTimeout(pay, LEFT_MS);
  document.addEventListener("htmx:before:swap", arrives);
  for (const name of ["focusout", "co:discarded", "htmx:finally:request"]) {
    document.addEventListener(name, soon);
  }
}
