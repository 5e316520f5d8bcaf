/** The event stream: opens it, opens it again when it breaks, says what it heard. */

export type Heard =
  | { type: "hint"; kind: string; id: string }
  | { type: "resync" }
  | { type: "state"; on: boolean };

type Listener = (heard: Heard) => void;
type Open = (address: string) => EventSource;

const HINT_EVENTS = ["message", "hint", "change"];
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;

/** A hint names the kind and the id of what changed; anything else is not one. */
export function parseHint(data: string): Heard | null {
  try {
    const hint = JSON.parse(data) as { kind?: unknown; id?: unknown };
    const { kind, id } = hint;
    return typeof kind === "string" && typeof id === "string" ? { type: "hint", kind, id } : null;
  } catch {
    return null; // a comment or a future format
  }
}

export class LiveSource {
  on = false;
  private source: EventSource | null = null;
  private wait = FIRST_WAIT_MS;
  private missed = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly address: string,
    private readonly tell: Listener,
    private readonly open: Open = (address) => new EventSource(address),
  ) {}

  start(): void {
    const source = this.open(this.address);
    this.source = source;
    source.onopen = () => this.opened();
    source.onerror = () => this.broken(source);
    for (const name of HINT_EVENTS) {
      source.addEventListener(name, (event) => {
        const heard = parseHint((event as MessageEvent<string>).data);
        if (heard) this.tell(heard);
      });
    }
    source.addEventListener("resync", () => this.tell({ type: "resync" }));
  }

  stop(): void {
    clearTimeout(this.timer);
    this.source?.close();
    this.source = null;
  }

  private opened(): void {
    this.wait = FIRST_WAIT_MS;
    this.state(true);
    // A stream opened anew has no Last-Event-ID: what was missed is not known.
    if (this.missed) this.tell({ type: "resync" });
    this.missed = false;
  }

  /** The browser tries again by itself unless it was refused; then we do, ever more slowly. */
  private broken(source: EventSource): void {
    this.state(false);
    if (source.readyState !== 2 || this.source !== source) return;
    this.missed = true;
    this.timer = setTimeout(() => this.start(), this.wait);
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT_MS);
  }

  private state(on: boolean): void {
    this.on = on;
    this.tell({ type: "state", on });
  }
}
