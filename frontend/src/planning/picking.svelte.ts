/** What is in the hand, and what the rows answer to it. */

import { read } from "./api.ts";
import { Pages } from "./pages.svelte.ts";
import type { Subject } from "./subjects.ts";
import type { Answers, RowAnswer, StartAnswer } from "./types.ts";

export class Picking extends Pages {
  /** Picked up, by pointer or keys; the rows answer. */
  picked = $state.raw<Subject[]>([]);
  answers = $state.raw<Map<string, RowAnswer>>(new Map());

  private spans = new Map<string, Promise<StartAnswer[]>>();
  private asking: AbortController | null = null;

  pick(subjects: Subject[]): void {
    this.picked = subjects;
    this.answers = new Map();
    this.spans.clear();
    const first = subjects[0];
    if (!first) return;
    this.asking?.abort();
    this.asking = new AbortController();
    void this.loadAnswers(first, this.asking.signal);
  }

  letGo(): void {
    this.asking?.abort();
    this.picked = [];
    this.answers = new Map();
    this.spans.clear();
  }

  private async loadAnswers(subject: Subject, signal: AbortSignal): Promise<void> {
    const found = await this.told(read<Answers>("planning/answers", this.about(subject), signal));
    if (found && !signal.aborted) {
      this.answers = new Map(found.rows.map((row) => [row.technician_id, row]));
    }
  }

  /** Every start of a row in the range, with its answer; asked once for each row and pick-up. */
  startsOf(technicianId: string): Promise<StartAnswer[]> {
    const subject = this.picked[0];
    if (!subject) return Promise.resolve([]);
    let found = this.spans.get(technicianId);
    if (!found) {
      found = this.told(
        read<{ spans: StartAnswer[] }>(`planning/answers/${technicianId}`, this.about(subject)),
      ).then((answer) => answer?.spans ?? []);
      this.spans.set(technicianId, found);
    }
    return found;
  }

  private about(subject: Subject) {
    return {
      service_order_id: subject.order_id,
      visit_id: subject.visit_id,
      duration_minutes: subject.minutes,
      first: this.first,
      days: this.days,
    };
  }
}
