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
  use.setAttribute("href", `${spriteAddress()}#${name}`);
  svg.append(use);
  return svg;
}

export function spriteAddress(): string {
  const used = document.querySelector("svg.i use")?.getAttribute("href") ?? "";
  return used.split("#")[0] ?? "";
}

/** True where a letter typed belongs to a field and is no shortcut. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true;
  if (target instanceof HTMLSelectElement) return true;
  const silent = ["checkbox", "radio", "button", "submit", "reset", "range", "color"];
  return target instanceof HTMLInputElement && !silent.includes(target.type);
}
