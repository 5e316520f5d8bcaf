/** While the board is scrolled, and when it opens, rows come in plain and get their details after:
 * one row a frame, so that neither waits for the other. */

const REST_MS = 140;

export class Pace {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private frame = 0;
  private readonly waiting = new Set<() => void>();

  /** It moves: nothing is added to what is drawn until it rests. */
  moved(): void {
    clearTimeout(this.timer);
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    this.timer = setTimeout(() => this.rest(), REST_MS);
  }

  /** Calls back when there is time for it; what is given back says that it is too late. */
  later(then: () => void): () => void {
    this.waiting.add(then);
    if (this.timer === undefined && !this.frame) this.rest();
    return () => this.waiting.delete(then);
  }

  private rest(): void {
    this.timer = undefined;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      const [next] = this.waiting;
      if (!next) return;
      this.waiting.delete(next);
      next();
      if (this.waiting.size) this.rest();
    });
  }
}
