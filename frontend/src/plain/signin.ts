/** Sign-in, setup and error pages: small helps, all of which work without. */

import "../styles/signin.css";
import { onEach, scan } from "../shared/dom.ts";
import { startLeaving } from "../shared/leaving.ts";
import { startReturned, startSignedOut } from "../shared/returned.ts";
import { startTheme } from "../shared/theme.ts";

startSignedOut();
startTheme();
startLeaving();
scan(document);
startReturned(); // some of these pages have codes on them
// The codes of two-step sign-in are copied or saved by a press.
onEach("click", "[data-copy]", (button) => {
  const source = document.querySelector(button.dataset.copy ?? "");
  void navigator.clipboard.writeText(source?.textContent?.trim() ?? "").then(() => {
    button.textContent = button.dataset.done ?? button.textContent;
  });
});
// A second press before the answer does nothing.
document.addEventListener("submit", (event) => {
  const form = event.target as HTMLFormElement;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
  event.submitter?.classList.add("is-busy");
});
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});
