/** Small helpers that every island uses. */

type Enhancer = (element: HTMLElement) => void;

const enhancers: [string, Enhancer, WeakSet<HTMLElement>][] = [];

/** Runs `enhancer` once for each element that matches, now and whenever content arrives. */
export function enhance(selector: string, enhancer: Enhancer): void {
  enhancers.push([selector, enhancer, new WeakSet()]);
}

/** Looks through new content. htmx says when something came (`htmx:after:process`). */
export function scan(root: ParentNode): void {
  for (const [selector, enhancer, seen] of enhancers) {
    const found = [...root.querySelectorAll<HTMLElement>(selector)];
    if (root instanceof HTMLElement && root.matches(selector)) found.unshift(root);
    for (const element of found) {
      if (seen.has(element)) continue;
      seen.add(element);
      enhancer(element);
    }
  }
}

/** One listener on the document for all elements that match, whenever they came. */
export function onEach<K extends keyof DocumentEventMap>(
  type: K,
  selector: string,
  handler: (element: HTMLElement, event: DocumentEventMap[K]) => void,
): void {
  document.addEventListener(type, (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const element = target?.closest<HTMLElement>(selector);
    if (element) handler(element, event);
  });
}

/** Makes an element; children are text or elements, never markup. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** An icon of the sprite that the page already uses. */
export function icon(name: string, size = ""): SVGSVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", `i o ${size}`.trim());
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", iconAddress(name));
  svg.append(use);
  return svg;
}

const sprite = { address: "", isHere: false };

/** Asked for a thousand times by a board. */
export function iconAddress(name: string): string {
  return sprite.isHere ? `#i-${name}` : `${spriteAddress()}#${name}`;
}

function spriteAddress(): string {
  sprite.address ||= document.querySelector("svg.i use")?.getAttribute("href")?.split("#")[0] ?? "";
  return sprite.address;
}

/** Takes the icons into the page: each use of a foreign one is a request of its own, which a slow
 * phone feels at each tap. Those that are drawn already stay as they are, and so do all where
 * nothing comes or it is no sprite. */
export async function spriteTake(): Promise<void> {
  const answer = await fetch(spriteAddress()).catch(() => null);
  if (!answer) return; // without a signal, before the worker keeps the sprite
  const parsed = new DOMParser().parseFromString(await answer.text(), "image/svg+xml");
  const symbols = [...parsed.querySelectorAll("svg > symbol")];
  if (!symbols.length) return;
  // Not by the names of things on the page: there are notes, files and steps among them.
  for (const symbol of symbols) symbol.id = `i-${symbol.id}`;
  parsed.documentElement.setAttribute("hidden", "");
  document.body.append(parsed.documentElement);
  sprite.isHere = true;
}

/** True where a letter typed belongs to a field and is no shortcut. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true;
  if (target instanceof HTMLSelectElement) return true;
  const silent = ["checkbox", "radio", "button", "submit", "reset", "range", "color"];
  return target instanceof HTMLInputElement && !silent.includes(target.type);
}
