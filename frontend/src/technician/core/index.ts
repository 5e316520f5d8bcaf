/** The phone's core, for the screens. No framework in it; words are the screens' own, by codes.
 *
 *     const circumstances = browser(build);
 *     const phone = (await phoneNow(circumstances)) ?? (await signIn(byFetch, circumstances));
 *     const sender = new Sender(phone, byFetch);
 *     const stop = attend(sender);               // sends and fetches by itself from here on
 *     phone.subscribe(draw);                     // after every change, of other tabs too
 *     await phone.tap(visit, "depart");          // resolves when the disk has it: show it then
 *     void sender.wake();
 */

import type { Circumstances } from "./phone.ts";

export type { Entry } from "./entries.ts";
export { PhoneError, StorageFull } from "./errors.ts";
export { anyFile, type PreparedPhoto, photo, sha256 } from "./files.ts";
export { AT_FIRST, actionsOf, type Standing } from "./fold.ts";
export { expectedEnd } from "./overlay.ts";
export { type Circumstances, Phone, type Prepared } from "./phone.ts";
export { positionKeep, type Watching, watchPosition } from "./positions.ts";
export { type Facts, factsOf, type Seal, type Shown, seal } from "./seal.ts";
export { Sender, type SenderState } from "./sender.ts";
export { trueNow } from "./skew.ts";
export { phoneNow, signIn, signOut, signOutOwed } from "./session.ts";
export type { SignedIn } from "./store.ts";
export { type Load, loadByFetch, thumbsFetch } from "./thumbs.ts";
export { minutesOf, type Span, spans, stepsOf } from "./times.ts";
export { byFetch, Refused, type Transport } from "./transport.ts";
export type * from "./types.ts";
export type { Unsent } from "./unsent.ts";
export { attend } from "./waking.ts";

/** What the browser gives: its clock and its ids. */
export function browser(app: string): Circumstances {
  return { now: Date.now, uuid: () => crypto.randomUUID(), app };
}
