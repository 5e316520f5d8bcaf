/** What a technician does with a visit: each press is written down before anything else, and says
 * what it has done. */

import { text } from "../shared/texts.ts";
import type { App, Asked } from "./app.svelte.ts";
import { ASKS_REASON } from "./doing.ts";
import {
  actionsOf,
  elsewhere,
  happened,
  leadsTo,
  makesUnderWay,
  missingOf,
  type Shown,
  type Step,
} from "./shown.ts";

type Body = Record<string, unknown>;

export class Steps {
  constructor(private readonly app: App) {}

  /** A press on one of the buttons: what asks first asks, everything else is done. */
  async act(visit: Shown, code: string): Promise<void> {
    if (ASKS_REASON.includes(code)) this.app.ask({ kind: "reason", code, visit: visit.id });
    else if (code === "extend") this.app.ask({ kind: "late", visit: visit.id });
    else if (code === "complete") await this.complete(visit);
    else await this.take(visit, code);
  }

  private async complete(visit: Shown): Promise<void> {
    const isSettled = visit.signature || visit.report.unsigned_because;
    if (isSettled || missingOf(visit).length) await this.take(visit, "complete");
    else {
      this.app.close();
      this.app.router.go(`#/visit/${visit.id}/sign`);
    }
  }

  /** Nobody could sign: the visit ends all the same, if it can. `asked` is where that was said. */
  async unsigned(visit: Shown, asked: Asked | null): Promise<void> {
    const now = this.app.visit(visit.id) ?? visit;
    if (actionsOf(this.app.me, now).some(({ code }) => code === "complete")) {
      if (!(await this.take(now, "complete", {}, null, false, asked))) return;
    }
    this.app.router.back(`#/visit/${visit.id}`);
  }

  /** One row of the table. `at` where it happened at another time than now; `settled` once it is
   * said what became of a visit that was under way elsewhere; `asked` is the question that it
   * answers and puts away. */
  async take(
    visit: Shown,
    code: string,
    body: Body = {},
    at: number | null = null,
    settled = false,
    asked = this.app.asked,
  ): Promise<boolean> {
    const action = this.app.me.lifecycle.actions.find((one) => one.code === code);
    if (!action) return false;
    if (code === "complete" && missingOf(visit).length) {
      this.app.ask({ kind: "missing", visit: visit.id });
      return false;
    }
    const other = elsewhere(this.app.me, this.app.visits, visit);
    if (!settled && other && makesUnderWay(this.app.me, visit, action)) {
      this.app.ask({ kind: "elsewhere", visit: visit.id, code, other: other.id, body, at });
      return false;
    }
    const id = await this.app.tap(visit.id, code, body);
    if (!id) return false;
    if (at !== null) {
      const moment = new Date(at).toISOString();
      if (!(await this.app.tap(visit.id, "correct", { entry: "", of: id, at: moment })))
        return false;
    }
    this.app.close(asked);
    const words = text("phone.done", {
      action: happened({ action: code }),
      number: visit.order.number,
    });
    this.app.saying.toast = {
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
    if (!(await this.take(other, become, {}, at))) return;
    await this.take(visit, asked.code, asked.body, asked.at, true, asked);
  }

  async undo(visit: Shown, step: Step): Promise<void> {
    this.app.close();
    await this.undoOf(visit, step.command);
  }

  private async undoOf(visit: Shown, of: string): Promise<void> {
    if (await this.app.tap(visit.id, "undo", { of })) this.app.saying.say(text("phone.undone"));
  }

  async correct(visit: Shown, step: Step, at: number): Promise<void> {
    const { asked } = this.app;
    const moment = new Date(at).toISOString();
    // The server's own id where it has one: a step of the office has no command.
    const entry = step.command ? "" : step.id;
    if (!(await this.app.tap(visit.id, "correct", { entry, of: step.command, at: moment }))) return;
    this.app.close(asked);
    this.app.saying.say(text("phone.corrected", { time: this.app.when.hour(at) }));
  }
}
