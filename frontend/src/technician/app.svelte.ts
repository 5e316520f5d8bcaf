/** What the screens share: what lies on the phone, drawn anew after every change, and what is asked.
 * Nothing here waits for the network before it answers. */

import { tick } from "svelte";
import { text } from "../shared/texts.ts";
import { Account } from "./account.ts";
import {
  type Entry,
  type Me,
  type Notice,
  type PartDoc,
  type Phone,
  type Sender,
  StorageFull,
  trueNow,
  watchPosition,
} from "./core/index.ts";
import { send } from "./door.ts";
import { Files } from "./files.ts";
import { platformOf } from "./links.ts";
import { Pictures } from "./pictures.svelte.ts";
import { Router } from "./route.svelte.ts";
import { Saying } from "./saying.svelte.ts";
import { hasPictures, type Shown, type Step, shownOf } from "./shown.ts";
import { Steps } from "./steps.ts";
import { When } from "./when.ts";

type Body = Record<string, unknown>;

/** The question that is open. */
export type Asked = { visit: string } & (
  | { kind: "menu" | "late" | "step" | "note" | "found" | "cannot_sign" | "hours" | "missing" }
  | { kind: "reason"; code: string }
  | { kind: "correct"; step: Step }
  | { kind: "part"; part?: PartDoc }
  | { kind: "elsewhere"; code: string; other: string; body: Body; at: number | null }
);

const SILENT = ["see", "notice_seen"];

export class App {
  readonly router = new Router();
  readonly platform = platformOf(navigator);
  readonly pictures: Pictures;
  readonly saying = new Saying();
  readonly steps: Steps;
  readonly files: Files;
  readonly account: Account;
  /** Null until the server has answered for the first time. */
  known = $state.raw<Me | null>(null);
  visits = $state.raw<Shown[]>([]);
  entries = $state.raw<Entry[]>([]);
  lastContact = $state<number | null>(null);
  /** Which of the others' small pictures are kept. */
  private thumbs = $state.raw<ReadonlySet<string>>(new Set());
  /** The true time, of this quarter of a minute. */
  now = $state(Date.now());
  online = $state(navigator.onLine);
  signedOut = $state(false);
  /** Not this phone any more: its account was ended, or it was reported lost. */
  ended = $state<"" | "deactivated" | "lost">("");
  storageFull = $state(false);
  newVersion = $state.raw<(() => void) | null>(null);
  asked = $state.raw<Asked | null>(null);
  sought = $state("");
  showMissing = $state(false);
  /** Whether the app itself lies on the phone. */
  shell = $state(!!navigator.serviceWorker?.controller);
  readonly unsent: Entry[] = $derived(
    this.entries.filter(({ mark, action }) => mark === "on_phone" && !SILENT.includes(action)),
  );
  readonly notices: Notice[] = $derived.by(() => {
    const seen = new Set(
      this.entries
        .filter(({ action }) => action === "notice_seen")
        .flatMap(({ body }) => body.ids as string[]),
    );
    return (this.known?.notices ?? []).filter(({ id }) => !seen.has(id));
  });
  readonly ready: boolean = $derived(
    this.lastContact !== null && this.shell && hasPictures(this.visits, this.thumbs),
  );
  readonly when: When = $derived.by(() => {
    const zone = this.known?.company.zone ?? this.phoneWhen.clock.zone;
    return zone === this.phoneWhen.clock.zone
      ? this.phoneWhen
      : new When(zone, this.phoneWhen.language);
  });
  /** A position is shared now. */
  sharing = $state(false);
  private skew = 0;

  constructor(
    readonly phone: Phone,
    readonly sender: Sender,
    /** Where one signs in, with the way back here; and where one's language is chosen. */
    readonly signInUrl = "",
    readonly profileUrl = "",
    /** By the phone's own zone, which is the company's for nearly everybody. */
    private readonly phoneWhen: When,
  ) {
    this.pictures = new Pictures(phone);
    this.steps = new Steps(this);
    this.files = new Files(this);
    this.account = new Account(this);
    phone.subscribe(() => phone.unattended(this.draw()));
    sender.onstate = () => this.stands();
  }

  /** What the server said of this user; only for screens that are drawn once it has. */
  get me(): Me {
    if (!this.known) throw new Error("nothing is known of the user yet");
    return this.known;
  }

  /** Starts the clock, and listens to the network. Gives back what stops it. */
  attend(): () => void {
    const over = new AbortController();
    const look = () => this.stands();
    addEventListener("online", look, { signal: over.signal });
    addEventListener("offline", look, { signal: over.signal });
    navigator.serviceWorker?.addEventListener(
      "controllerchange",
      () => {
        this.shell = true;
      },
      { signal: over.signal },
    );
    const timer = setInterval(() => {
      this.now = this.trueNow();
    }, 15_000);
    const unwatch = watchPosition(this.phone, (state) => {
      this.sharing = state === "on";
    });
    return () => {
      over.abort();
      clearInterval(timer);
      unwatch();
    };
  }

  /** Reads what lies on the phone. */
  draw(): Promise<void> {
    // One that has not begun yet will see what is there by then: of many at once two are made.
    this.next ??= this.drawing.then(this.begin, this.begin);
    return this.next;
  }

  private drawing: Promise<void> = Promise.resolve();
  private next: Promise<void> | null = null;
  private readonly begin = (): Promise<void> => {
    this.next = null;
    this.drawing = this.read();
    return this.drawing;
  };

  private async read(): Promise<void> {
    const { me, visits, entries, lastContact, thumbs, skew } = await this.phone.lying();
    const clock = Date.now();
    this.setClock(trueNow(skew, clock) - clock);
    this.entries = entries;
    this.visits = visits.map((doc) => shownOf(doc, entries));
    this.known = me;
    this.lastContact = lastContact;
    this.thumbs = thumbs;
    if (this.unsent.length === 0) this.storageFull = false;
  }

  /** What the sender has found out about the network and this phone's account. */
  private stands(): void {
    const { state } = this.sender;
    if (state === "left") {
      location.reload(); // what follows is another person's, or nobody's
      return;
    }
    this.online = navigator.onLine && state !== "no_connection";
    this.signedOut = state === "sign_in";
    if (this.signedOut) this.phone.unattended(this.account.takeSessionIfAny());
    this.ended = state === "deactivated" || state === "lost" ? state : "";
    if (state !== "lost") return;
    this.asked = null;
    this.saying.toast = null;
  }

  trueNow(): number {
    return Date.now() + this.skew;
  }

  /** Only where the clock goes otherwise than was known: each change of `now` is drawn. */
  private setClock(skew: number): void {
    if (this.skew === skew) return;
    this.skew = skew;
    this.now = this.trueNow();
  }

  uuid(): string {
    return this.phone.circumstances.uuid();
  }

  visit(id: string): Shown | undefined {
    return this.visits.find((visit) => visit.id === id);
  }

  statusWords(status: string): string {
    return this.me.lifecycle.statuses.find(({ code }) => code === status)?.label ?? status;
  }

  // --- asking ---

  ask(asked: Asked): void {
    this.asked = asked;
  }

  /** Puts the question away, or this one alone: not what was asked while its answer was written
   * down. */
  close(asked = this.asked): void {
    if (this.asked === asked) this.asked = null;
  }

  // --- doing ---

  /** Keeps an entry. False where there was no room, which is said. */
  async tap(
    visit: string | null,
    action: string,
    body: Body = {},
    files: Parameters<Phone["tap"]>[3] = [],
  ): Promise<string | null> {
    try {
      const id = await this.phone.tap(visit, action, body, files);
      await (this.next ?? this.drawing); // asked for by the phone, once it had the entry
      await tick();
      // It can be read now: whoever ends the browser at this moment finds it kept.
      document.dispatchEvent(new CustomEvent("co:on-phone", { detail: id }));
      void this.sender.wake();
      return id;
    } catch (error) {
      if (!(error instanceof StorageFull)) throw error;
      this.storageFull = true;
      this.saying.toast = { text: text("phone.error.storage_full"), grave: true };
      return null;
    }
  }

  async see(visit: string): Promise<void> {
    const asked = this.entries.some(
      (one) => one.visit === visit && one.action === "see" && one.mark === "on_phone",
    );
    if (!asked) await this.tap(visit, "see");
  }

  async noticesSeen(ids: string[]): Promise<void> {
    await this.tap(null, "notice_seen", { ids });
  }

  /** The site's access code: each look is in the journal, so it needs a signal. */
  async code(visit: string): Promise<string> {
    const answer = await send<{ callout: 1; code: string }>("POST", `/technician/code/${visit}`);
    return answer.code;
  }

  /** Nothing is open or being written. */
  isFree(): boolean {
    const typed = document.querySelector<HTMLInputElement>(
      "textarea, input:not([type=radio], [type=checkbox], [type=file])",
    );
    return this.asked === null && !typed && this.router.now.part !== "sign";
  }

  takeNewVersion(): void {
    this.newVersion?.();
  }

  // --- drafts ---

  async draftRead(key: string): Promise<string> {
    return (await this.phone.draft<string>(key)) ?? "";
  }

  async draftKeep(key: string, value: string | undefined): Promise<void> {
    await this.phone.draftKeep(key, value || undefined);
  }

  // --- place ---

  /** Where this phone is, if its owner allows it; never waited for. */
  here(): Promise<GeolocationPosition | null> {
    return new Promise((found) => {
      if (!navigator.geolocation) return found(null);
      const how = { enableHighAccuracy: true, timeout: 8000, maximumAge: 60_000 };
      navigator.geolocation.getCurrentPosition(found, () => found(null), how);
    });
  }
}
