/** Pictures as addresses that a page can show: own ones from the phone, others' small, kept for
 * when there is no signal. */

import { SvelteMap } from "svelte/reactivity";
import type { FileDoc, Phone } from "./core/index.ts";

export class Pictures {
  private readonly shown = new SvelteMap<string, string>();
  private readonly asked = new Set<string>();

  constructor(private readonly phone: Phone) {}

  /** "" until it is read, and for what the phone does not have. */
  thumb(file: FileDoc): string {
    const key = file.sha256 || file.thumb;
    if (key && !this.asked.has(key)) {
      this.asked.add(key);
      void this.read(file, key);
    }
    return this.shown.get(key) ?? "";
  }

  private async read(file: FileDoc, key: string): Promise<void> {
    const own = file.sha256 ? await this.phone.file(file.sha256) : null;
    const blob = own ?? (file.thumb ? await this.phone.thumb(file.thumb) : null);
    if (blob) this.shown.set(key, URL.createObjectURL(blob));
    else this.asked.delete(key);
  }
}
