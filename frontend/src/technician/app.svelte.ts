/** What the screens share: what lies on the phone, drawn anew after every change, and what can be
 * done with it. Nothing here waits for the network before it answers. */

import { tick } from "svelte";
import { text } from "../shared/texts.ts";
import {
  anyFile,
  type Entry,
  type FileDoc,
  type Me,
  type Notice,
  type PartDoc,
  type Phone,
  PhoneError,
  photo as shrunk,
  Refused,
  type Sender,
  StorageFull,
  trueNow,
  byFetch,
  signIn,
  watchPosition,
} from "./core/index.ts";
import { send } from "./door.ts";
import { ASKS_REASON } from "./doing.ts";
import { platformOf } from "./links.ts";
import { Pictures } from "./pictures.svelte.ts";
import { Router } from "./route.svelte.ts";
import {
  actionsOf,
  elsewhere,
  happened,
  hasPictures,
  leadsTo,
  makesUnderWay,
  missingOf,
  type Shown,
  type Step,
  shownOf,
} from "./shown.ts";
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

export interface Toast {
  text: string;
  status?: string;
  grave?: boolean;
  undo?: () => void;
}

const TOAST_MS = 6000;
const SILENT = ["see", "notice_seen"];

export class App {
  readonly router = new Router();
  readonly platform = platformOf(navigator);
  readonly pictures: Pictures;
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
  private told = $state.raw<Toast | null>(null);
  private toldAt = 0;
  /** When an office session was last looked for without being asked. */
  private tookAt = Number.NEGATIVE_INFINITY;
  private toastTimer: ReturnType<typeof setTimeout> | undefined;
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
    if (this.signedOut) this.phone.unattended(this.takeSessionIfAny());
    this.ended = state === "deactivated" || state === "lost" ? state : "";
    if (state !== "lost") return;
    this.asked = null;
    this.toast = null;
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

  // --- saying ---

  get toast(): Toast | null {
    return this.told;
  }

  set toast(toast: Toast | null) {
    clearTimeout(this.toastTimer);
    this.told = toast;
    this.toldAt = Date.now();
    if (!toast) return;
    const wait = toast.grave ? 2 * TOAST_MS : TOAST_MS;
    const leave = () => {
      // Not while somebody stands on its button.
      if (document.querySelector(".co-toast:is(:hover, :focus-within)")) {
        this.toastTimer = setTimeout(leave, 1500);
      } else this.told = null;
    };
    this.toastTimer = setTimeout(leave, wait);
  }

  say(words: string): void {
    this.toast = { text: words };
  }

  /** What went wrong, in words; what was not foreseen goes on to whoever watches. */
  wordsOf(error: unknown): string {
    if (error instanceof PhoneError) return text(`phone.error.${error.code}`);
    if (error instanceof Refused) return error.message;
    throw error;
  }

  /** Another screen came: what was said before it is over, but not what led to it. */
  left(): void {
    if (Date.now() - this.toldAt > 800) this.toast = null;
  }

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
      this.toast = { text: text("phone.error.storage_full"), grave: true };
      return null;
    }
  }

  /** A press on one of the buttons: what asks first asks, everything else is done. */
  async act(visit: Shown, code: string): Promise<void> {
    if (ASKS_REASON.includes(code)) this.ask({ kind: "reason", code, visit: visit.id });
    else if (code === "extend") this.ask({ kind: "late", visit: visit.id });
    else if (code === "complete") await this.complete(visit);
    else await this.step(visit, code);
  }

  private async complete(visit: Shown): Promise<void> {
    const isSettled = visit.signature || visit.report.unsigned_because;
    if (isSettled || missingOf(visit).length) await this.step(visit, "complete");
    else {
      this.close();
      this.router.go(`#/visit/${visit.id}/sign`);
    }
  }

  /** Nobody could sign: the visit ends all the same, if it can. `asked` is where that was said. */
  async unsigned(visit: Shown, asked: Asked | null): Promise<void> {
    const now = this.visit(visit.id) ?? visit;
    if (actionsOf(this.me, now).some(({ code }) => code === "complete")) {
      if (!(await this.step(now, "complete", {}, null, false, asked))) return;
    }
    this.router.back(`#/visit/${visit.id}`);
  }

  /** One row of the table. `at` where it happened at another time than now; `settled` once it is
   * said what became of a visit that was under way elsewhere; `asked` is the question that it
   * answers and puts away. */
  async step(
    visit: Shown,
    code: string,
    body: Body = {},
    at: number | null = null,
    settled = false,
    asked = this.asked,
  ): Promise<boolean> {
    const action = this.me.lifecycle.actions.find((one) => one.code === code);
    if (!action) return false;
    if (code === "complete" && missingOf(visit).length) {
      this.ask({ kind: "missing", visit: visit.id });
      return false;
    }
    const other = elsewhere(this.me, this.visits, visit);
    if (!settled && other && makesUnderWay(this.me, visit, action)) {
      this.ask({ kind: "elsewhere", visit: visit.id, code, other: other.id, body, at });
      return false;
    }
    const id = await this.tap(visit.id, code, body);
    if (!id) return false;
    if (at !== null) {
      const moment = new Date(at).toISOString();
      if (!(await this.tap(visit.id, "correct", { entry: "", of: id, at: moment }))) return false;
    }
    this.close(asked);
    const words = text("phone.done", {
      action: happened({ action: code }),
      number: visit.order.number,
    });
    this.toast = {
      text: words,
      status: leadsTo(action) || undefined,
      undo: action.to === "same" ? undefined : () => void this.undoOf(visit, id),
    };
    return true;
  }

  /** What became of the other visit, a step of its own; then the one that was asked for. */
  async moveOn(
    other: Shown,
    become: string,
    at: number | null,
    visit: Shown,
    asked: Extract<Asked, { kind: "elsewhere" }>,
  ): Promise<void> {
    if (!(await this.step(other, become, {}, at))) return;
    await this.step(visit, asked.code, asked.body, asked.at, true, asked);
  }

  async undo(visit: Shown, step: Step): Promise<void> {
    this.close();
    await this.undoOf(visit, step.command);
  }

  private async undoOf(visit: Shown, of: string): Promise<void> {
    if (await this.tap(visit.id, "undo", { of })) this.say(text("phone.undone"));
  }

  async correct(visit: Shown, step: Step, at: number): Promise<void> {
    const { asked } = this;
    const moment = new Date(at).toISOString();
    // The server's own id where it has one: a step of the office has no command.
    const entry = step.command ? "" : step.id;
    if (!(await this.tap(visit.id, "correct", { entry, of: step.command, at: moment }))) return;
    this.close(asked);
    this.say(text("phone.corrected", { time: this.when.hour(at) }));
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

  /** Takes the office's session of this browser, whosever it is. Throws as `signIn` of the core. */
  private async takeSession(): Promise<void> {
    const phone = await signIn(byFetch, this.phone.circumstances);
    const isSame = phone.who.user.id === this.phone.who.user.id;
    phone.close();
    if (!isSame) return location.reload(); // what follows is another person's
    await this.sender.signedIn();
    await this.draw();
  }

  /** The same without a word, where there is none: the banner asks for it then. */
  private async takeSessionIfAny(): Promise<void> {
    if (Date.now() - this.tookAt < 60_000) return;
    this.tookAt = Date.now();
    try {
      await this.takeSession();
    } catch (error) {
      if (!(error instanceof Refused || error instanceof PhoneError)) throw error;
    }
  }

  /** Signs in again: an office session is enough, else they are asked. */
  async signIn(): Promise<void> {
    try {
      await this.takeSession();
    } catch (error) {
      if (error instanceof Refused) location.assign(this.signInUrl);
      else this.toast = { text: this.wordsOf(error), grave: true };
    }
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

  // --- photos and files ---

  /** Keeps a photo or file: it is there, and shown, before anybody has a signal. */
  async photo(
    visit: string,
    file: File,
    { tag, item }: { tag: string; item: string },
  ): Promise<void> {
    const isPicture = file.type.startsWith("image/") || file.type === "";
    const picture = isPicture ? await shrunk(file) : null;
    const prepared = picture ?? (await anyFile(file));
    const size = picture ? { width: picture.width, height: picture.height } : {};
    const body = {
      id: this.uuid(),
      file: prepared.sha256,
      size: prepared.bytes.byteLength,
      name: prepared.name,
      type: prepared.type,
      tag,
      item: item || null,
      taken_at: new Date(this.trueNow()).toISOString(),
      ...size,
    };
    await this.tap(visit, "photo", body, [prepared]);
  }

  async removeFile(visit: string, file: FileDoc): Promise<void> {
    await this.tap(visit, "photo_remove", { id: file.id });
    this.say(text("phone.photo.removed"));
  }

  thumb(file: FileDoc): string {
    return this.pictures.thumb(file);
  }

  /** How much of an own file has been sent. */
  sending(sha256: string): { sent: number; total: number } | null {
    for (const { files } of this.entries) {
      const file = files.find((one) => one.sha256 === sha256 && one.state === "waiting");
      if (file) return { sent: file.sent * 262_144, total: file.size };
    }
    return null;
  }

  /** The whole picture, from this phone if it has it. */
  async openFile(file: FileDoc): Promise<void> {
    const own = await this.phone.file(file.sha256);
    if (own) open(URL.createObjectURL(own), "_blank", "noopener");
    else if (file.url && this.online) open(file.url, "_blank", "noopener");
    else this.say(text("phone.file.signal"));
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
