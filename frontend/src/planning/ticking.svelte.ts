/** The present, for what counts down: one clock for the page, so that all of it ticks together. */

const EVERY_MS = 15_000;

class Ticking {
  now = $state(Date.now());

  constructor() {
    setInterval(() => {
      this.now = Date.now();
    }, EVERY_MS);
  }
}

export const ticking = new Ticking();
