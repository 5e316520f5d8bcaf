/** A list of late orders knows beforehand what becomes late, and until when it knows: what is not on
 *  it yet cannot say so itself. */

/** An answer that names no order still brings what comes next. */
export const NONE = "";

/** What of it is to be asked for by now. */
export function comingBy(now: number): string[] {
  const { coming, until } = document.getElementById("co-coming")?.dataset ?? {};
  const each = (coming ?? "").split(" ").map((one) => one.split("="));
  const due = each.filter(([, since]) => Date.parse(since ?? "") <= now).map(([id]) => id ?? NONE);
  return Date.parse(until ?? "") <= now ? [...due, NONE] : due;
}
