/** Words of the scripts: the server writes them, translated, into the page (#co-strings, and those
 * of a screen of its own beside it). */

let texts: Record<string, string> | undefined;

function load(): Record<string, string> {
  const found = document.querySelectorAll("script[id^=co-strings]");
  return Object.assign({}, ...[...found].map((one) => JSON.parse(one.textContent || "{}")));
}

/** The text of `key` with %(name)s filled in; the key itself where the page has no such text. */
export function text(key: string, values: Record<string, string | number> = {}): string {
  texts ??= load();
  return fill(texts[key] ?? key, values);
}

export function fill(template: string, values: Record<string, string | number>): string {
  return template.replace(/%\((\w+)\)[sd]/g, (all, name: string) => String(values[name] ?? all));
}
