/** Which cards of the pile are chosen together: one press, with Ctrl one more, with Shift a row. */

export interface Chosen {
  ids: ReadonlySet<string>;
  /** Where a row that Shift makes begins. */
  from: string;
}

export const NONE: Chosen = { ids: new Set(), from: "" };

export function toggled(chosen: Chosen, id: string): Chosen {
  const ids = new Set(chosen.ids);
  if (!ids.delete(id)) ids.add(id);
  return { ids, from: id };
}

/** All from where the choice began to `id`, in the order shown; those chosen before stay. */
export function upTo(chosen: Chosen, id: string, shown: string[]): Chosen {
  const begin = shown.indexOf(chosen.from);
  const end = shown.indexOf(id);
  if (begin < 0 || end < 0) return { ids: new Set([...chosen.ids, id]), from: id };
  const [low, high] = begin < end ? [begin, end] : [end, begin];
  return { ids: new Set([...chosen.ids, ...shown.slice(low, high + 1)]), from: chosen.from };
}
