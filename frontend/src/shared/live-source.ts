/** The event stream: opens it, opens it again when it breaks, says what it heard. */

export type Heard =
  | { type: "hint"; kind: string; id: string }
  | { type: "resync" }
  | { type: "state"; on: boolean };

type Listener = (heard: Heard) => void;
type Open = (address: string) => EventSource;

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;
/** The server says every 15 s that it is still there. A connection may be lost without a word: the
 *  laptop slept, the network is another one. */
const SILENT_MS = 50_000;
const LOOK_MS = 5000;
/** Every page of the browser says that there is a network again. */
const JUST_OPENED_MS = 1000;

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

/** Whether the stream goes on from the cursor that was asked for. */
export function parseReady(data: string): boolean {
  return (JSON.parse(data) as { resumed?: boolean }).resumed === true;
}

export class LiveSource {
  on = false;
  private source: EventSource | null = null;
  private wait = FIRST_WAIT_MS;
  /** The cursor of the last event: a stream opened anew goes on from there (`?after=`). */
  private cursor = "";
  private timer: ReturnType<typeof setTimeout> | undefined;
  private watch: ReturnType<typeof setInterval> | undefined;
  private heardAt = 0;
  private openedAt = 0;

  constructor(
    private readonly address: string,
    private readonly tell: Listener,
    private readonly open: Open = (address) => new EventSource(address),
  ) {}

  start(): void {
    clearTimeout(this.timer);
    this.openedAt = Date.now();
    this.heardAt = this.openedAt;
    this.watch ??= setInterval(() => this.look(), LOOK_MS);
    const address = this.withCursor();
    const source = this.open(address);
    const resuming = new URL(address).searchParams.has("after");
    this.source = source;
    source.onopen = () => this.opened();
    source.onerror = () => this.broken(source);
    source.onmessage = (event) => this.heard(event);
    source.addEventListener("still", (event) => this.remember(event));
    source.addEventListener("resync", (event) => {
      this.remember(event);
      this.tell({ type: "resync" });
    });
    source.addEventListener("ready", (event) => {
      this.remember(event);
      // The server could not go on from where we were: what was missed is not known.
      if (resuming && !parseReady(event.data as string)) this.tell({ type: "resync" });
    });
  }

  stop(): void {
    clearTimeout(this.timer);
    clearInterval(this.watch);
    this.watch = undefined;
    this.source?.close();
    this.source = null;
  }

  /** There is a network again: not to wait for what was begun in the one before. */
  again(): void {
    if (!this.source) return;
    if (Date.now() - this.openedAt < JUST_OPENED_MS) {
      this.tell({ type: "state", on: this.on }); // a page that has just come to itself asks
      return;
    }
    this.source.close();
    this.state(false);
    this.wait = FIRST_WAIT_MS;
    this.start();
  }

  private look(): void {
    if (this.on && Date.now() - this.heardAt >= SILENT_MS) this.again();
  }

  private opened(): void {
    this.heardAt = Date.now();
    this.wait = FIRST_WAIT_MS;
    this.state(true);
  }

  private heard(event: MessageEvent<string>): void {
    this.remember(event);
    const hint = parseHint(event.data);
    if (hint) this.tell(hint);
  }

  private remember(event: MessageEvent): void {
    this.heardAt = Date.now();
    if (event.lastEventId) this.cursor = event.lastEventId;
  }

  private withCursor(): string {
    if (!this.cursor) return this.address;
    const address = new URL(this.address);
    address.searchParams.set("after", this.cursor);
    return address.href;
  }

  /** The browser tries again by itself unless it was refused; then we do, ever more slowly. */
  private broken(source: EventSource): void {
    this.state(false);
    if (source.readyState !== 2 || this.source !== source) return;
    this.timer = setTimeout(() => this.start(), this.wait);
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT_MS);
  }

  private state(on: boolean): void {
    this.on = on;
    this.tell({ type: "state", on });
  }
}
