/** The browser's offer to put the app on the home screen. */

interface Offer extends Event {
  prompt(): Promise<void>;
}

const KEY = "callout-install-declined";

class Install {
  offered = $state.raw<Offer | null>(null);
  standing = $state(
    matchMedia("(display-mode: standalone)").matches ||
      ("standalone" in navigator && navigator.standalone === true),
  );
  declined = $state(localStorage.getItem(KEY) !== null);

  constructor() {
    addEventListener("beforeinstallprompt", (event) => {
      event.preventDefault();
      this.offered = event as Offer;
    });
    addEventListener("appinstalled", () => {
      this.standing = true;
    });
  }

  async ask(): Promise<void> {
    const offer = this.offered;
    this.offered = null; // an offer can be used once
    await offer?.prompt();
  }

  decline(): void {
    this.declined = true;
    localStorage.setItem(KEY, "1");
  }
}

export const install = new Install();
