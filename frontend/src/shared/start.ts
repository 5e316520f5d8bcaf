/** What every signed-in page runs. */

import { startComboboxes } from "./combobox.ts";
import { scan } from "./dom.ts";
import { startDrafts } from "./drafts.ts";
import { startKeys } from "./keys.ts";
import { startLeaving } from "./leaving.ts";
import { startLive } from "./live.ts";
import { startLiveLists } from "./live-list.ts";
import { startMenus } from "./menu.ts";
import { startOverlays } from "./overlays.ts";
import { startRequests } from "./requests.ts";
import { startReturned } from "./returned.ts";
import { startTheme } from "./theme.ts";
import { startTicking } from "./tick.ts";
import { startToasts } from "./toasts.ts";

export function start(): void {
  startReturned();
  startRequests();
  startToasts();
  startOverlays();
  startMenus();
  startKeys();
  startTheme();
  startComboboxes();
  startDrafts();
  startLeaving();
  startLiveLists();
  startTicking();
  document.addEventListener("htmx:after:process", (event) => {
    if (event.target instanceof HTMLElement) scan(event.target);
  });
  scan(document);
  startLive();
}
