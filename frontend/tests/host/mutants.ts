/** Deliberately broken variants of the phone: the random test must catch each (MUTANT=name). */

import type { Plugin } from "vite";

interface Mutant {
  file: string;
  from: string;
  to: string;
}

export const MUTANTS: Record<string, Mutant> = {
  delete_before_answer: {
    file: "exchange.ts",
    from: "const asked = now();",
    to: "await phone.store.outbox.bulkDelete(going.rows.map(({ n }) => n)); const asked = now();",
  },
  delete_all_on_any_answer: {
    file: "exchange.ts",
    from: 'await store.write("epoch", answer.epoch);',
    to: 'await store.outbox.clear(); await store.write("epoch", answer.epoch);',
  },
  order_by_time: {
    file: "exchange.ts",
    from: 'const all = await store.outbox.orderBy("n").toArray();',
    to: 'const all = await store.outbox.toCollection().sortBy("made.at");',
  },
  order_by_id: {
    file: "exchange.ts",
    from: 'const all = await store.outbox.orderBy("n").toArray();',
    to: 'const all = await store.outbox.orderBy("id").toArray();',
  },
  gone_ignored: {
    file: "exchange.ts",
    from: "await store.docs.bulkDelete(answer.gone);",
    to: "",
  },
  epoch_ignored: {
    file: "exchange.ts",
    from: "await comeBack(store, answer.epoch);",
    to: "",
  },
};

/** Breaks the source as it is read; a mutant that no longer applies is an error. */
export function mutated(name: string): Plugin {
  const mutant = MUTANTS[name];
  if (name && !mutant) throw new Error(`There is no mutant ${name}`);
  return {
    name: "callout-mutant",
    enforce: "pre",
    transform(code, id) {
      if (!mutant || !id.endsWith(`/core/${mutant.file}`)) return null;
      if (code.split(mutant.from).length !== 2) throw new Error(`${name} does not apply any more`);
      return { code: code.replace(mutant.from, () => mutant.to), map: null };
    },
  };
}
