/** A press that becomes a drag: mouse at once, a finger after it was held. Knows nothing of boards. */

export interface Point {
  x: number;
  y: number;
}

/** What follows the pointer. `move` comes at most once a frame. */
export interface Dragging {
  move: (point: Point) => void;
  /** Each frame while it lasts: scrolls at the edges, says whether it did. */
  frame?: (point: Point) => boolean;
  end: (point: Point) => void;
  cancel: () => void;
}

const MOVED = 4;
const HELD_MS = 260;
const HELD_MOVED = 9;

/** `begin` is asked when the press has become a drag. */
export function follow(event: PointerEvent, begin: (point: Point) => Dragging | null): void {
  if (event.button !== 0 || !event.isPrimary) return;
  new Press(event, begin);
}

class Press {
  private readonly from: Point;
  private at: Point;
  private dragging: Dragging | null = null;
  private moved = false;
  private frame = 0;
  private held: ReturnType<typeof setTimeout> | undefined;
  private readonly off = new AbortController();

  constructor(
    private readonly pressed: PointerEvent,
    private readonly begin: (point: Point) => Dragging | null,
  ) {
    this.from = this.at = pointOf(pressed);
    const { signal } = this.off;
    const listen = { signal, capture: true };
    window.addEventListener("pointermove", (event) => this.move(event), listen);
    window.addEventListener("pointerup", (event) => this.up(event), listen);
    window.addEventListener("pointercancel", () => this.stop(), listen);
    window.addEventListener("blur", () => this.stop(), { signal });
    window.addEventListener("keydown", (event) => this.key(event), listen);
    // A finger that holds something does not scroll; the browser must hear it from the start.
    const still = (event: TouchEvent) => this.dragging && event.preventDefault();
    document.addEventListener("touchmove", still, { signal, passive: false });
    document.addEventListener("contextmenu", (event) => this.isTouch && event.preventDefault(), {
      signal,
    });
    if (this.isTouch) this.held = setTimeout(() => this.start(), HELD_MS);
  }

  private get isTouch(): boolean {
    return this.pressed.pointerType === "touch";
  }

  private move(event: PointerEvent): void {
    if (event.pointerId !== this.pressed.pointerId) return;
    this.at = pointOf(event);
    this.moved = true;
    if (this.dragging) return;
    const way = Math.hypot(this.at.x - this.from.x, this.at.y - this.from.y);
    if (this.isTouch) {
      if (way > HELD_MOVED) this.stop(); // it scrolls
    } else if (way > MOVED) this.start();
  }

  private start(): void {
    this.dragging = this.begin(this.from);
    if (!this.dragging) {
      this.stop();
      return;
    }
    window.getSelection()?.removeAllRanges();
    document.documentElement.classList.add("co-is-dragging");
    this.moved = true;
    this.frame = requestAnimationFrame(() => this.tick());
  }

  private tick(): void {
    const scrolled = this.dragging?.frame?.(this.at) ?? false;
    if (this.moved || scrolled) this.dragging?.move(this.at);
    this.moved = false;
    this.frame = requestAnimationFrame(() => this.tick());
  }

  private up(event: PointerEvent): void {
    if (event.pointerId !== this.pressed.pointerId) return;
    const { dragging } = this;
    this.dragging = null;
    this.stop();
    if (!dragging) return;
    swallowClick();
    const point = pointOf(event);
    dragging.move(point);
    dragging.end(point);
  }

  private key(event: KeyboardEvent): void {
    if (event.key !== "Escape" || !this.dragging) return;
    event.preventDefault();
    event.stopPropagation();
    this.stop();
    swallowClick();
  }

  private stop(): void {
    clearTimeout(this.held);
    cancelAnimationFrame(this.frame);
    this.off.abort();
    document.documentElement.classList.remove("co-is-dragging");
    this.dragging?.cancel();
    this.dragging = null;
  }
}

/** The click that the browser makes of the same press is none. */
function swallowClick(): void {
  const off = new AbortController();
  const swallow = (event: Event) => {
    event.preventDefault();
    event.stopPropagation();
    off.abort();
  };
  window.addEventListener("click", swallow, { capture: true, signal: off.signal });
  // After Escape the button is still down, and its click comes later than any timer of ours.
  window.addEventListener("pointerdown", () => off.abort(), { capture: true, signal: off.signal });
  window.addEventListener("pointerup", () => setTimeout(() => off.abort()), {
    capture: true,
    signal: off.signal,
  });
  setTimeout(() => document.querySelector(":active") ?? off.abort());
}

function pointOf(event: PointerEvent): Point {
  return { x: event.clientX, y: event.clientY };
}

export const EDGE = 44;
const FASTEST = 18;

/** How far to scroll this frame when the pointer is at the edge of what is seen. */
export function pull(at: number, from: number, until: number): number {
  if (at < from - EDGE || at > until + EDGE) return 0;
  const near = at < from + EDGE ? at - from - EDGE : at > until - EDGE ? at - until + EDGE : 0;
  return Math.round(Math.max(-1, Math.min(1, near / EDGE)) * FASTEST);
}
